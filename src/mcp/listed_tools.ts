/**
 * What a server says of its tools beside their names: untrusted, and needed to judge their calls.
 * @module
 */

import { type JsonObject, type JsonValue, member } from "../base/json.ts";
import type { ItemList } from "./lists.ts";

/** One tool as its server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string | undefined;
  /** Undefined when there is none. */
  readonly inputSchema: JsonValue | undefined;
  /** About how much memory it holds, in UTF-16 units of its JSON text. */
  readonly size: number;
}

/**
 * The tools of a list by name. Of a name that is listed twice the first stands: who lists it twice
 * gains nothing by the second.
 */
export function listedTools({ method, items }: ItemList): ReadonlyMap<string, ListedTool> {
  const tools = new Map<string, ListedTool>();
  if (method !== "tools/list") return tools;
  for (const { name, value } of items) {
    if (!tools.has(name)) tools.set(name, listedTool(name, value));
  }
  return tools;
}

function listedTool(name: string, value: JsonObject): ListedTool {
  const description = member(value, "description");
  const inputSchema = member(value, "inputSchema");
  const text = typeof description === "string" ? description : undefined;
  const size = name.length + (text?.length ?? 0) +
    (inputSchema === undefined ? 0 : JSON.stringify(inputSchema).length);
  return { name, description: text, inputSchema, size };
}
