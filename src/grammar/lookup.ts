/**
 * Lookups of the form `${prefix:key}`, as Java's loggers and templates resolve them in any text.
 * @module
 */
import { isOneValue } from "./one_value.ts";

/** Attacks nest a dozen; more than this is left alone. */
const MAX_LOOKUPS = 64;

/** Longer text is a document. */
const MAX_LENGTH = 2048;

/**
 * Whether resolving the lookups of a text would load an object through JNDI from a URL, which fetches
 * and runs code, and nothing else stands there than one plain value. Lookups that only spell letters (`${lower:j}`, `${x:-j}`) are resolved first.
 */
export function loadsByLookup(text: string): boolean {
  if (text.length > MAX_LENGTH || !text.includes("${")) return false;
  let rest = text;
  for (let count = 0; count < MAX_LOOKUPS; count++) {
    const inner = /\$\{([^${}]*)\}/.exec(rest);
    if (inner === null) return false;
    const before = rest.slice(0, inner.index);
    const after = rest.slice(inner.index + inner[0].length);
    if (/^jndi:[a-z]+:/i.test(inner[1])) return isOneValue(before) && isOneValue(after);
    rest = before + resolve(inner[1]) + after;
  }
  return false;
}

/** What a lookup that spells something becomes: its default, or its key. */
function resolve(body: string): string {
  const fallback = body.indexOf(":-");
  return fallback >= 0 ? body.slice(fallback + 2) : body.slice(body.indexOf(":") + 1);
}
