/**
 * A slow reader of JSON, written from RFC 8259 alone, that keeps every number as text and says what
 * is ambiguous. The tests hold the fast one against it.
 * @module
 */

/** A JSON value: numbers as `{ number }`, objects as their members in order. */
export type Tree =
  | null
  | boolean
  | string
  | { readonly number: string }
  | readonly Tree[]
  | { readonly members: readonly (readonly [string, Tree])[] };

/** What is wrong with a document that is JSON. */
export type Trouble = "duplicate_key" | "forbidden_key" | "lone_surrogate" | "number_out_of_range";

/** A document as it was read. */
export interface Reading {
  readonly tree: Tree;
  readonly troubles: ReadonlySet<Trouble>;
  readonly values: number;
}

/** Reads a document, or gives undefined for what is no JSON. */
export function referenceRead(text: string): Reading | undefined {
  const troubles = new Set<Trouble>();
  let values = 0;
  let at = 0;

  class NotJson extends Error {}

  function space(): void {
    while (/[ \t\r\n]/.test(text.charAt(at))) at++;
  }

  function take(token: string): void {
    if (!text.startsWith(token, at)) throw new NotJson(`no ${token} at ${at}`);
    at += token.length;
  }

  function string(): string {
    take('"');
    let out = "";
    for (;;) {
      const character = text.charAt(at++);
      if (character === "" || character < " ") throw new NotJson();
      if (character === '"') break;
      if (character !== "\\") out += character;
      else {
        const letter = text.charAt(at++);
        const simple =
          { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[
            letter
          ];
        if (simple !== undefined) out += simple;
        else {
          const digits = text.slice(at, at + 4);
          if (letter !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) throw new NotJson();
          out += String.fromCharCode(parseInt(digits, 16));
          at += 4;
        }
      }
    }
    if (!out.isWellFormed()) troubles.add("lone_surrogate");
    return out;
  }

  function value(): Tree {
    values++;
    space();
    const first = text.charAt(at);
    let tree: Tree;
    if (first === '"') tree = string();
    else if (first === "[") tree = array();
    else if (first === "{") tree = object();
    else if (first === "t") take("true"), tree = true;
    else if (first === "f") take("false"), tree = false;
    else if (first === "n") take("null"), tree = null;
    else tree = number();
    space();
    return tree;
  }

  function number(): Tree {
    const found = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/.exec(text.slice(at));
    if (found === null) throw new NotJson();
    at += found[0].length;
    if (!Number.isFinite(Number(found[0]))) troubles.add("number_out_of_range");
    return { number: found[0] };
  }

  function array(): Tree {
    take("[");
    const items: Tree[] = [];
    space();
    if (text.charAt(at) !== "]") {
      for (;;) {
        items.push(value());
        if (text.charAt(at) !== ",") break;
        at++;
      }
    }
    take("]");
    return items;
  }

  function object(): Tree {
    take("{");
    const members: (readonly [string, Tree])[] = [];
    space();
    if (text.charAt(at) !== "}") {
      for (;;) {
        space();
        const key = string();
        if (key === "__proto__" || key.endsWith("\\")) troubles.add("forbidden_key");
        // A lone surrogate is forwarded as U+FFFD, and so two of them are one key.
        const sent = key.toWellFormed();
        if (members.some(([other]) => other.toWellFormed() === sent)) {
          troubles.add("duplicate_key");
        }
        space();
        take(":");
        members.push([key, value()]);
        if (text.charAt(at) !== ",") break;
        at++;
      }
    }
    take("}");
    return { members };
  }

  try {
    const tree = value();
    return at === text.length ? { tree, troubles, values } : undefined;
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

/** One ASCII text for all documents that say the same; members are sorted, digits are kept. */
export function canonical(tree: Tree): string {
  if (tree === null || typeof tree === "boolean") return String(tree);
  if (typeof tree === "string") return quoted(tree);
  if ("number" in tree) return `#${tree.number}`;
  if ("members" in tree) {
    const members = tree.members.map(([key, value]) => `${quoted(key)}:${canonical(value)}`);
    return `{${members.sort().join(",")}}`;
  }
  return `[${tree.map(canonical).join(",")}]`;
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
