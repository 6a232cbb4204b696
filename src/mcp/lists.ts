/**
 * Results of the list methods: the items in them, and the same result with fewer items.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member, objectMember } from "../base/json.ts";
import { ok, type Result } from "../base/result.ts";
import { type Misshapen, misshapen } from "./misshapen.ts";
import { eraOf } from "./revision.ts";
import { lookalike } from "./spelling.ts";
import type { Target } from "./target.ts";

/** A method whose result is a list of things that can be called, got or read. */
export type ListMethod =
  | "tools/list"
  | "prompts/list"
  | "resources/list"
  | "resources/templates/list";

/** What a server says of its own tool: hints from the accused. */
export interface ToolHints {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
}

/** One item of a list. */
export interface ListItem extends Target {
  /** The item as it came. */
  readonly value: JsonObject;
}

/** A list result, read. */
export interface ItemList {
  readonly method: ListMethod;
  /** In their order; names that occur twice occur twice. */
  readonly items: readonly ListItem[];
  /** The result as it came. */
  readonly result: JsonObject;
}

interface ListShape {
  /** The member that holds the list. */
  readonly member: string;
  /** The member of an item that names it. */
  readonly name: string;
  readonly kind: Target["kind"];
  readonly template: boolean;
}

const SHAPES: Readonly<Record<ListMethod, ListShape>> = {
  "tools/list": { member: "tools", name: "name", kind: "tool", template: false },
  "prompts/list": { member: "prompts", name: "name", kind: "prompt", template: false },
  "resources/list": { member: "resources", name: "uri", kind: "resource", template: false },
  "resources/templates/list": {
    member: "resourceTemplates",
    name: "uriTemplate",
    kind: "resource",
    template: true,
  },
};

/** Tells whether a method's result is one that {@linkcode readList} reads. */
export function isListMethod(method: string): method is ListMethod {
  return Object.hasOwn(SHAPES, method);
}

/**
 * Reads the items of a list result.
 *
 * A list that is no array, an item without a name, and a second list or name under a look-alike
 * member (which a client that ignores case would read instead) are misshapen: such a result must
 * not be passed on.
 */
export function readList(method: ListMethod, result: JsonObject): Result<ItemList, Misshapen> {
  const shape = SHAPES[method];
  const list = member(result, shape.member);
  if (!Array.isArray(list)) return misshapen(`/${shape.member}`, "must be an array");
  const twin = lookalike(result, shape.member);
  if (twin !== undefined) return misshapen("", `holds a look-alike of "${shape.member}"`);
  const items: ListItem[] = [];
  for (const value of list as readonly JsonValue[]) {
    const pointer = `/${shape.member}/${items.length}`;
    if (!isObject(value)) return misshapen(pointer, "must be an object");
    const name = member(value, shape.name);
    if (typeof name !== "string") return misshapen(`${pointer}/${shape.name}`, "must be a string");
    if (lookalike(value, shape.name) !== undefined) {
      return misshapen(pointer, `holds a look-alike of "${shape.name}"`);
    }
    const item = { kind: shape.kind, name, value };
    items.push(shape.template ? { ...item, template: true } : item);
  }
  return ok({ method, items, result });
}

/**
 * The result with only the items that are kept; every other member (`nextCursor`, `_meta`, `ttlMs`)
 * stays. The same object when nothing changes.
 *
 * What one principal may see is nobody else's, so a result that caches may keep says
 * `cacheScope: "private"`: whenever it carries a cache member, or the revision is modern.
 */
export function withItems(
  list: ItemList,
  kept: readonly ListItem[],
  { revision }: { readonly revision: string | null },
): JsonObject {
  const { result } = list;
  const shorter = kept.length === list.items.length
    ? undefined
    : { [SHAPES[list.method].member]: kept.map((item) => item.value) };
  const cacheable = Object.hasOwn(result, "cacheScope") || Object.hasOwn(result, "ttlMs") ||
    eraOf(revision) === "modern";
  const scope = cacheable && member(result, "cacheScope") !== "private"
    ? { cacheScope: "private" }
    : undefined;
  return shorter === undefined && scope === undefined
    ? result
    : { ...result, ...shorter, ...scope };
}

/**
 * What the server says of its tools, by name; only own booleans of `annotations` count. Where one
 * name is listed twice the graver word stands.
 */
export function toolHints({ method, items }: ItemList): ReadonlyMap<string, ToolHints> {
  const hints = new Map<string, ToolHints>();
  if (method !== "tools/list") return hints;
  for (const { name, value } of items) {
    const said = hintsOf(value);
    const before = hints.get(name);
    hints.set(name, before === undefined ? said : graver(before, said));
  }
  return hints;
}

function hintsOf(tool: JsonObject): ToolHints {
  const annotations = objectMember(tool, "annotations");
  const readOnlyHint = member(annotations, "readOnlyHint");
  const destructiveHint = member(annotations, "destructiveHint");
  return {
    ...(typeof readOnlyHint === "boolean" ? { readOnlyHint } : undefined),
    ...(typeof destructiveHint === "boolean" ? { destructiveHint } : undefined),
  };
}

/** Absent hints mean `readOnlyHint: false` and `destructiveHint: true` (MCP 2025-03-26, ToolAnnotations). */
function graver(a: ToolHints, b: ToolHints): ToolHints {
  return {
    readOnlyHint: a.readOnlyHint === true && b.readOnlyHint === true,
    destructiveHint: a.destructiveHint !== false || b.destructiveHint !== false,
  };
}
