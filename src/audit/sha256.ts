/**
 * SHA-256 (FIPS 180-4) on states that can be copied, so that what many lines have in common is
 * hashed once.
 *
 * Own code because nothing at hand fits a shim: `node:crypto` costs 25 ms of start and 9 MB of
 * memory, `crypto.subtle` 37 µs a call, the best library in JavaScript 12 µs a line
 * (ARCHITECTURE.md). `digest.ts` takes the native one where it pays.
 * @module
 */

import { BLOCK_BYTES, type Engine, sha256Engine, words } from "./sha256_engine.ts";

/** Eight words between two blocks. */
export type State = Int32Array;

/** A part of some bytes. */
export interface Part {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

const INITIAL = words("6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19");

/** The computation of digests by one engine. */
export class Sha256 {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Takes a part of whole blocks into the state. */
  compress(state: State, part: Part): void {
    const engine = this.#engine;
    copyState(engine.state, state);
    this.#take(part);
    copyState(state, engine.state);
  }

  /**
   * The digest of a message whose last part stands behind a state: words that are valid until the
   * next computation. `totalBytes` counts all bytes of the message, those taken before included.
   */
  finish(before: State, { bytes, from, to }: Part, totalBytes: number): State {
    const { data, view, state, run } = this.#engine;
    copyState(state, before);
    const most = data.length - 2 * BLOCK_BYTES;
    const last = to - from <= most ? from : to - (to - from) % BLOCK_BYTES;
    this.#take({ bytes, from, to: last });
    const rest = to - last;
    data.set(bytes.subarray(last, to));
    const end = (rest + 8 & -BLOCK_BYTES) + BLOCK_BYTES;
    data[rest] = 0x80;
    data.fill(0, rest + 1, end - 8);
    view.setUint32(end - 8, Math.floor(totalBytes / 0x2000_0000)); // bits above the low 32
    view.setUint32(end - 4, (totalBytes << 3) >>> 0);
    run(end / BLOCK_BYTES);
    return state;
  }

  #take({ bytes, from, to }: Part): void {
    const { data, run } = this.#engine;
    for (let at = from; at < to; at += data.length) {
      const length = Math.min(data.length, to - at);
      data.set(bytes.subarray(at, at + length));
      run(length / BLOCK_BYTES);
    }
  }
}

let shared: Sha256 | undefined;

/** The computation that all share. */
export function sha256(): Sha256 {
  return shared ??= new Sha256(sha256Engine());
}

/** The state before the first block. */
export function initialState(): State {
  return INITIAL.slice();
}

/** The state before the first block, to be read only. */
export const START: State = INITIAL;

/** The digest as 32 bytes, most significant first. Valid until the next call. */
export function stateBytes(state: State): Uint8Array<ArrayBuffer> {
  for (let i = 0; i < 8; i++) wordsView.setInt32(4 * i, state[i]);
  return wordsBytes;
}

const wordsBytes = new Uint8Array(32);
const wordsView = new DataView(wordsBytes.buffer);

/** Eight words are copied sooner than `set` is called. */
function copyState(to: State, from: State): void {
  for (let i = 0; i < 8; i++) to[i] = from[i];
}
