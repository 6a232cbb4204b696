/**
 * PostgreSQL's parse tree, as libpg-query writes it: objects whose one key names the node. Unknown
 * nodes are walked through like all others, so that nothing inside them is missed.
 * @module
 */

/** An object of the tree. */
export type PgObject = Readonly<Record<string, unknown>>;

/** A statement's node: `["SelectStmt", {…}]`. */
export interface PgNode {
  readonly type: string;
  readonly fields: PgObject;
}

/** The node in a value, or undefined when it is none. */
export function nodeOf(value: unknown): PgNode | undefined {
  if (!isPgObject(value)) return undefined;
  const [type] = Object.keys(value);
  const fields = type === undefined ? undefined : value[type];
  return type !== undefined && isPgObject(fields) ? { type, fields } : undefined;
}

/** Whether it is an object with members. */
export function isPgObject(value: unknown): value is PgObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The items of a list; none when it is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The names in a list of `String` nodes, empty texts for other nodes. */
export function namesOf(value: unknown): readonly string[] {
  return listOf(value).map((item) => {
    const name = nodeOf(item);
    const text = name?.type === "String" ? name.fields["sval"] : undefined;
    return typeof text === "string" ? text : "";
  });
}

/** A member of an object of the tree, with the object it stands in. */
export type PgVisit = (key: string, value: unknown, object: PgObject) => void;

/** Calls `visit` for every member below a value. Without recursion, so at any depth. */
export function walk(value: unknown, visit: PgVisit): void {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) {
      for (const item of next) waiting.push(item);
    } else if (isPgObject(next)) {
      for (const key in next) {
        const inside = next[key];
        visit(key, inside, next);
        if (typeof inside === "object") waiting.push(inside);
      }
    }
  }
}
