/**
 * Numbers that a double would not print back as they were written.
 * @module
 */

const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COMMA = 0x2c;
/** Decimal digits that a double always tells apart (IEEE 754 binary64). */
const SURE_DIGITS = 15;
const START_CAPACITY = 64; // numbers
const KEPT_CAPACITY = 16_384;

/** A number whose text must be kept, and where it stands. */
export interface LongNumber {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What became of the numbers that were noted. */
export type Settled =
  | { readonly kind: "kept"; readonly numbers: readonly LongNumber[] }
  | { readonly kind: "out_of_range"; readonly text: string }
  | { readonly kind: "malformed" };

const NONE_KEPT: Settled = { kind: "kept", numbers: [] };

/**
 * Notes the numbers of a frame that may not survive a double, and settles all of them at once: they
 * are written as one array, parsed and printed, which is ten times as fast as one by one.
 */
export class Numbers {
  #places = new Int32Array(2 * START_CAPACITY);
  #count = 0;
  #bytes = 0;

  /** Starts on another frame. */
  begin(): void {
    this.#count = 0;
    this.#bytes = 0;
    if (this.#places.length > 2 * KEPT_CAPACITY) this.#places = new Int32Array(2 * START_CAPACITY);
  }

  /** Notes the number `bytes[start..end]`, unless it is seen to survive. */
  note(bytes: Uint8Array, start: number, end: number): void {
    if (isShortDecimal(bytes, start, end)) return;
    const at = 2 * this.#count++;
    if (at === this.#places.length) {
      const larger = new Int32Array(4 * this.#count);
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[at] = start;
    this.#places[at + 1] = end;
    this.#bytes += end - start + 1;
  }

  /** Tells which of the numbers noted must be kept as text, in the order of the frame. */
  settle(bytes: Uint8Array): Settled {
    if (this.#count === 0) return NONE_KEPT;
    const text = this.#asArray(bytes);
    let values: readonly number[];
    try {
      values = JSON.parse(text);
    } catch {
      return { kind: "malformed" }; // so is the frame: what is noted stands where a number must
    }
    if (JSON.stringify(values) === text) return NONE_KEPT;
    const texts = text.slice(1, -1).split(",");
    const numbers: LongNumber[] = [];
    for (let i = 0; i < texts.length; i++) {
      const value = values[i] ?? 0;
      const text = texts[i] ?? "";
      if (value === Infinity || value === -Infinity) return { kind: "out_of_range", text };
      if (String(value) === text) continue;
      numbers.push({ start: this.#places[2 * i] ?? 0, end: this.#places[2 * i + 1] ?? 0, text });
    }
    return { kind: "kept", numbers };
  }

  #asArray(bytes: Uint8Array): string {
    const array = new Uint8Array(this.#bytes + 1);
    array[0] = 0x5b; // "["
    let to = 1;
    for (let i = 0; i < this.#count; i++) {
      const end = this.#places[2 * i + 1] ?? 0;
      for (let from = this.#places[2 * i] ?? 0; from < end; from++) array[to++] = bytes[from] ?? 0;
      array[to++] = COMMA;
    }
    array[to - 1] = 0x5d; // "]"
    return new TextDecoder().decode(array);
  }
}

/**
 * Sees without conversion that a double prints a decimal fraction back: at most 15 digits, no
 * exponent, no zero at its end, and not so small that it is printed with an exponent (< 1e-6).
 */
function isShortDecimal(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  if (end - first > SURE_DIGITS + 1) return false;
  let dot = -1;
  for (let i = first; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === DOT && dot < 0) dot = i;
    else if (byte < ZERO || byte > NINE) return false;
  }
  if (dot <= first || dot === end - 1 || bytes[end - 1] === ZERO) return false;
  if (bytes[first] !== ZERO) return true;
  if (dot !== first + 1) return false;
  const significant = Math.min(dot + 7, end);
  for (let i = dot + 1; i < significant; i++) if (bytes[i] !== ZERO) return true;
  return false;
}
