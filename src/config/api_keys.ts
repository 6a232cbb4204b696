/**
 * A file with the hashes of API keys.
 * @module
 */

import { isObject, type JsonValue, stringMember } from "../base/json.ts";
import { err, ok, type Result } from "../base/result.ts";

/** One key of the file. */
export interface ApiKeyEntry {
  readonly id: string;
  readonly hash: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

const KEYS: ReadonlySet<string> = new Set(["id", "hash", "roles", "scopes"]);

/** Reads the file's text: a JSON array. What is wrong is told with its JSON pointer. */
export function parseApiKeys(text: string): Result<readonly ApiKeyEntry[], string> {
  let list: JsonValue;
  try {
    list = JSON.parse(text);
  } catch {
    return err("it is no JSON");
  }
  if (!Array.isArray(list) || list.length === 0) return err("it holds no array of keys");
  const keys: ApiKeyEntry[] = [];
  for (const [at, entry] of list.entries()) {
    const key = readKey(entry, `/${at}`);
    if (!key.ok) return key;
    keys.push(key.value);
  }
  return ok(keys);
}

function readKey(entry: JsonValue, pointer: string): Result<ApiKeyEntry, string> {
  if (!isObject(entry)) return err(`${pointer}: must be an object`);
  for (const name of Object.keys(entry)) {
    if (!KEYS.has(name)) {
      return err(`${pointer}/${name}: unknown; there are id, hash, roles, scopes`);
    }
  }
  const [id, hash] = [stringMember(entry, "id"), stringMember(entry, "hash")];
  if (id === undefined || id === "") return err(`${pointer}/id: must be a name`);
  if (hash === undefined || !/^sha256:[0-9a-f]{64}$/.test(hash)) {
    return err(`${pointer}/hash: must be sha256: and 64 lower-case hexadecimal digits`);
  }
  const [roles, scopes] = [texts(entry.roles), texts(entry.scopes)];
  if (roles === undefined) return err(`${pointer}/roles: must be a list of names`);
  if (scopes === undefined) return err(`${pointer}/scopes: must be a list of names`);
  return ok({ id, hash, roles, scopes });
}

function texts(value: JsonValue | undefined): readonly string[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) && value.every((each) => typeof each === "string")
    ? value
    : undefined;
}
