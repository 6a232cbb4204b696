/**
 * Finds a key that an object holds twice, comparing bytes and allocating nothing per object.
 * @module
 */

import { unescape } from "./unescape.ts";

const FEW = 8; // members; up to here comparing all pairs beats hashing (measured)
const START_CAPACITY = 256; // keys
const KEPT_CAPACITY = 16_384; // keys or bytes; a frame that needs more must not hold them for ever
const PROBES_PER_KEY = 8; // a table at most half full needs 1.5 on average

/**
 * The keys of the objects that are open at one moment of a scan, innermost last.
 *
 * A key is a range of the frame or, when it holds escapes, of a scratch buffer with its decoded
 * bytes. Few members are compared in pairs, many by a keyed hash; where somebody chose keys that
 * collide in spite of it they are sorted. So an object costs O(n log n) whatever its keys are.
 */
export class ObjectKeys {
  #bytes: Uint8Array = new Uint8Array(0);
  #scratch: Uint8Array = new Uint8Array(0);
  #scratchEnd = 0;
  /** ≥ 0: an offset in the frame; else the complement of an offset in the scratch buffer. */
  #starts = new Int32Array(START_CAPACITY);
  #lengths = new Int32Array(START_CAPACITY);
  /** A few bytes of the key, told apart at once; in {@linkcode ObjectKeys.#twinOfMany} its hash. */
  #prints = new Int32Array(START_CAPACITY);
  #slots = new Int32Array(0);
  #count = 0;
  readonly #seed: number;
  readonly #multiplier: number;

  /** @param multiplier for tests: with 0 every hash collides */
  constructor(multiplier?: number) {
    const [seed = 0, random = 0] = crypto.getRandomValues(new Int32Array(2));
    this.#seed = seed;
    this.#multiplier = multiplier ?? (random | 1);
  }

  /** How many keys are held. Remember it when an object opens, for `push` and `close`. */
  get count(): number {
    return this.#count;
  }

  /** Starts on another frame. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#count = 0;
    this.#scratchEnd = 0;
  }

  /** Lets go of the frame, and of tables that it made large. */
  end(): void {
    this.#bytes = NONE;
    if (this.#starts.length > KEPT_CAPACITY) {
      this.#starts = new Int32Array(START_CAPACITY);
      this.#lengths = new Int32Array(START_CAPACITY);
      this.#prints = new Int32Array(START_CAPACITY);
    }
    if (this.#slots.length > 4 * KEPT_CAPACITY) this.#slots = new Int32Array(0);
    if (this.#scratch.length > KEPT_CAPACITY) this.#scratch = NONE;
  }

  /** Adds the key `bytes[start..end]` to the innermost object and gives its index. */
  push(start: number, end: number, escaped: boolean): number {
    const index = this.#count;
    if (index === this.#starts.length) this.#grow();
    let from = this.#bytes;
    let at = start;
    let length = end - start;
    if (escaped) {
      at = this.#decode(start, end);
      from = this.#scratch;
      length = this.#scratchEnd - at;
    }
    this.#starts[index] = escaped ? ~at : at;
    this.#lengths[index] = length;
    this.#prints[index] = length === 0 ? 0 : (from[at] ?? 0) ^
      ((from[at + length - 1] ?? 0) << 8) ^ ((from[at + (length >> 1)] ?? 0) << 16) ^
      (length << 24);
    this.#count = index + 1;
    return index;
  }

  /** Tells whether the key at `index` is `name`, which must be ASCII. */
  is(index: number, name: string): boolean {
    const length = this.#lengths[index];
    if (length !== name.length) return false;
    const { from, at } = this.#place(index);
    for (let i = 0; i < length; i++) if (from[at + i] !== name.charCodeAt(i)) return false;
    return true;
  }

  /** The last byte of the key at `index`; undefined for an empty one. */
  lastByte(index: number): number | undefined {
    const { from, at } = this.#place(index);
    const length = this.#lengths[index] ?? 0;
    return length === 0 ? undefined : from[at + length - 1];
  }

  /** The text of the key at `index`. */
  text(index: number): string {
    const { from, at } = this.#place(index);
    return new TextDecoder().decode(from.subarray(at, at + (this.#lengths[index] ?? 0)));
  }

  /**
   * Closes the innermost object, whose keys start at `base`, and forgets them.
   * Gives the index of a key that another one equals, or -1; `text` still reads it.
   */
  close(base: number): number {
    const members = this.#count - base;
    this.#count = base;
    if (members < 2) return -1;
    return members <= FEW
      ? this.#twinOfFew(base, base + members)
      : this.#twinOfMany(base, base + members);
  }

  #twinOfFew(base: number, end: number): number {
    const prints = this.#prints;
    for (let i = base + 1; i < end; i++) {
      const print = prints[i];
      for (let j = base; j < i; j++) {
        if (prints[j] === print && this.#compare(i, j) === 0) return i;
      }
    }
    return -1;
  }

  #twinOfMany(base: number, end: number): number {
    const members = end - base;
    let size = 32;
    while (size < 2 * members) size *= 2;
    if (this.#slots.length < size) this.#slots = new Int32Array(size);
    const slots = this.#slots.fill(0, 0, size);
    const prints = this.#prints;
    let probes = PROBES_PER_KEY * members;
    for (let i = base; i < end; i++) {
      const hash = this.#hash(i);
      prints[i] = hash;
      let slot = hash & (size - 1);
      for (;;) {
        const held = slots[slot] ?? 0; // an index, plus one
        if (held === 0) break;
        if (prints[held - 1] === hash && this.#compare(i, held - 1) === 0) return i;
        if (--probes < 0) return this.#twinBySorting(base, end);
        slot = (slot + 1) & (size - 1);
      }
      slots[slot] = i + 1;
    }
    return -1;
  }

  #twinBySorting(base: number, end: number): number {
    const order = Array.from({ length: end - base }, (_, i) => base + i);
    order.sort((a, b) => this.#compare(a, b));
    for (let i = 1; i < order.length; i++) {
      const [left = base, right = base] = [order[i - 1], order[i]];
      if (this.#compare(left, right) === 0) return right;
    }
    return -1;
  }

  #hash(index: number): number {
    const start = this.#starts[index] ?? 0;
    const from = start < 0 ? this.#scratch : this.#bytes;
    const at = start < 0 ? ~start : start;
    const end = at + (this.#lengths[index] ?? 0);
    const multiplier = this.#multiplier;
    let hash = this.#seed;
    for (let i = at; i < end; i++) {
      hash = Math.imul(hash ^ (from[i] ?? 0), multiplier);
      hash ^= hash >>> 15; // brings the high bits down, or keys could be chosen to agree in the low ones
    }
    return hash;
  }

  /** Orders keys by length, then bytes; 0 when they are equal. */
  #compare(a: number, b: number): number {
    const length = this.#lengths[a] ?? 0;
    const other = this.#lengths[b] ?? 0;
    if (length !== other) return length - other;
    const left = this.#place(a);
    const right = this.#place(b);
    for (let i = 0; i < length; i++) {
      const difference = (left.from[left.at + i] ?? 0) - (right.from[right.at + i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #place(index: number): { readonly from: Uint8Array; readonly at: number } {
    const start = this.#starts[index] ?? 0;
    return start < 0 ? { from: this.#scratch, at: ~start } : { from: this.#bytes, at: start };
  }

  /** Writes the decoded key into the scratch buffer and gives its start there. */
  #decode(start: number, end: number): number {
    const at = this.#scratchEnd;
    const room = at + end - start;
    if (room > this.#scratch.length) {
      const larger = new Uint8Array(Math.max(1024, 2 * room));
      larger.set(this.#scratch.subarray(0, at));
      this.#scratch = larger;
    }
    this.#scratchEnd = unescape(this.#bytes, { start, end, out: this.#scratch, at });
    return at;
  }

  #grow(): void {
    this.#starts = doubled(this.#starts);
    this.#lengths = doubled(this.#lengths);
    this.#prints = doubled(this.#prints);
  }
}

const NONE = new Uint8Array(0);

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
