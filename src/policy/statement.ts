/**
 * Tools whose calls do what their argument says: a SQL statement or a command decides the action.
 * @module
 */

import type { SqlDialect } from "../access/inspection.ts";
import { isObject, type JsonObject, type JsonValue, member } from "../base/json.ts";
import { nameSkeletons } from "../grammar/name_skeleton.ts";
import { stepsOf, valueAt } from "./argument_key.ts";
import { ACTIONS, type GrantableAction, type Statement } from "./document.ts";

/**
 * The port through which a statement is asked what it does. Both answer at once; a statement that
 * cannot be read is `execute`, and so is one for which there is no reader.
 */
export interface ActionReaders {
  /** Reads SQL. */
  readonly sql?: (text: string, dialect: SqlDialect) => GrantableAction;
  /** Reads a shell command. */
  readonly command?: (text: string) => GrantableAction;
}

/** A statement and how it is to be read. */
export type ReadableStatement = Statement & { readonly dialect: SqlDialect };

/** True when calls can do different things: there is someone to read the statement. */
export function isReadable({ from }: Statement, readers: ActionReaders): boolean {
  return readers[from] !== undefined;
}

/** What one call does. Whatever is missing, no text, or cannot be read is `execute`. */
export function actionOfCall(
  { from, argument, dialect }: ReadableStatement,
  { args, readers }: { readonly args: JsonObject; readonly readers: ActionReaders },
): GrantableAction {
  const text = valueAt(args, argument);
  // A server that folds names may run another text than the one that is read here.
  if (typeof text !== "string" || hasTwin(args, argument)) return "execute";
  try {
    const action = from === "sql" ? readers.sql?.(text, dialect) : readers.command?.(text);
    // A reader is someone else's: what it answers is looked at.
    return ACTIONS.find((known) => known === action) ?? "execute";
  } catch {
    return "execute"; // a reader that fails has not read it
  }
}

/** Whether a name on the way to a value has a look-alike beside it. */
function hasTwin(args: JsonObject, pointer: string): boolean {
  let value: JsonValue | undefined = args;
  for (const name of stepsOf(pointer)) {
    if (!isObject(value)) return false;
    const skeletons = nameSkeletons(name);
    for (const other of Object.keys(value)) {
      if (other === name || other.length > MAX_NAME_LENGTH) continue;
      if (nameSkeletons(other).some((one) => skeletons.includes(one))) return true;
    }
    value = member(value, name);
  }
  return false;
}

/** In UTF-16 units, as long as a pointer may be. */
const MAX_NAME_LENGTH = 1024;
