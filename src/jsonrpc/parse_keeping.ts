/**
 * Parses JSON of which some numbers must keep their digits.
 *
 * JSON.parse with a reviver that reads `context.source` can do it, but takes twenty times as long as
 * without (measured). Here those numbers become strings with an unguessable start before JSON.parse
 * runs, and numbers kept as text in a walk over what it made.
 * @module
 */

import type { JsonValue, RawNumber } from "../base/json.ts";
import type { LongNumber } from "./numbers.ts";

const QUOTE = 0x22;
const SHORT = 64; // bytes; up to here a loop copies faster than a view and `set`

/**
 * Parses JSON whose `numbers` (in the order of the bytes, each where a value must stand) are kept as
 * text. Throws what `decode` and JSON.parse throw; positions in a SyntaxError are not the frame's.
 */
export function parseKeeping(
  bytes: Uint8Array,
  { numbers, decode }: {
    readonly numbers: readonly LongNumber[];
    readonly decode: (bytes: Uint8Array) => string;
  },
): JsonValue {
  const mark = unguessable();
  const value: JsonValue = JSON.parse(decode(withMarks(bytes, numbers, mark)));
  return restore(value, { mark, numbers, made: new Map() });
}

/** What restoring needs. */
interface Marks {
  readonly mark: string;
  readonly numbers: readonly LongNumber[];
  /** Kept numbers by their text, which are frozen and so may be shared; at most MAX_SHARED. */
  readonly made: Map<string, RawNumber>;
}

const MAX_SHARED = 1000;

/** 64 random bits, made for one frame: its sender cannot have written them. */
function unguessable(): string {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}

function withMarks(bytes: Uint8Array, numbers: readonly LongNumber[], mark: string): Uint8Array {
  const most = mark.length + 2 + String(numbers.length).length;
  const out = new Uint8Array(bytes.length + numbers.length * most);
  let from = 0;
  let to = 0;
  numbers.forEach(({ start, end }, index) => {
    to = copy(bytes, { from, until: start, out, to });
    out[to++] = QUOTE;
    const text = `${mark}${index}`;
    for (let at = 0; at < text.length; at++) out[to++] = text.charCodeAt(at);
    out[to++] = QUOTE;
    from = end;
  });
  to = copy(bytes, { from, until: bytes.length, out, to });
  return out.subarray(0, to);
}

function copy(
  bytes: Uint8Array,
  { from, until, out, to }: {
    readonly from: number;
    readonly until: number;
    readonly out: Uint8Array;
    readonly to: number;
  },
): number {
  const length = until - from;
  if (length > SHORT) out.set(bytes.subarray(from, until), to);
  else for (let at = 0; at < length; at++) out[to + at] = bytes[from + at] ?? 0;
  return to + length;
}

/** Puts the numbers back, in place; recursion is bounded by `maxDepth`. */
function restore(value: JsonValue, marks: Marks): JsonValue {
  if (typeof value === "string") return value.startsWith(marks.mark) ? kept(value, marks) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = restore(value[at], marks);
    return value;
  }
  const object = value as { [name: string]: JsonValue };
  for (const name of Object.keys(object)) {
    const inner = object[name] ?? null;
    const restored = restore(inner, marks);
    // "__proto__" was refused by the scan, so this sets an own member
    if (restored !== inner) object[name] = restored;
  }
  return value;
}

function kept(value: string, { mark, numbers, made }: Marks): JsonValue {
  const text = numbers[Number(value.slice(mark.length))]?.text;
  if (text === undefined) return value;
  const shared = made.get(text);
  if (shared !== undefined) return shared;
  const number = rawJSON(text);
  if (made.size < MAX_SHARED) made.set(text, number);
  return number;
}

const { rawJSON } = JSON as unknown as { rawJSON(text: string): RawNumber };
