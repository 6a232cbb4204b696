/**
 * What ties a line to all lines before it: SHA-256, or HMAC-SHA-256 (RFC 2104) under the operator's
 * key.
 * @module
 */

import { AegisError } from "../base/error.ts";
import type { Secret } from "../base/secret.ts";
import { initialState, type Part, sha256, START, type State, stateBytes } from "./sha256.ts";
import { BLOCK_BYTES } from "./sha256_engine.ts";

/** Which of the two; stands in the header of every file. */
export type SealName = "sha256" | "hmac-sha256";

/** Bytes that many lines begin with, and the state after their whole blocks. */
export interface Prefix {
  readonly bytes: Uint8Array;
  readonly state: State;
  /** Bytes that the state has taken: whole blocks. */
  readonly takenBytes: number;
}

/** Where the content of a line stands, and where its hash goes. */
export interface Place {
  readonly from: number;
  readonly to: number;
  /** What the content begins with. */
  readonly prefix: Prefix | undefined;
  /** 64 bytes from here become the hash in hex. */
  readonly hexAt: number;
}

/** The least length of a key. */
export const MIN_KEY_BYTES = 16;

const NIBBLES = new TextEncoder().encode("0123456789abcdef");

/** Computes the hash of lines. */
export class Seal {
  readonly name: SealName;
  readonly #sha256 = sha256();
  readonly #inner = initialState();
  readonly #outer: State | undefined;
  readonly #before: number;

  /**
   * @throws {AegisError} `audit-key` when the key is shorter than 16 bytes.
   */
  constructor(key?: Secret) {
    this.name = key === undefined ? "sha256" : "hmac-sha256";
    this.#before = key === undefined ? 0 : BLOCK_BYTES;
    if (key === undefined) return;
    const block = keyBlock(key);
    this.#outer = initialState();
    this.#sha256.compress(this.#inner, whole(block.map((byte) => byte ^ 0x36)));
    this.#sha256.compress(this.#outer, whole(block.map((byte) => byte ^ 0x5c)));
  }

  /** Hashes ahead what lines begin with. */
  prefix(bytes: Uint8Array): Prefix {
    const state = this.#inner.slice();
    const takenBytes = bytes.length - bytes.length % BLOCK_BYTES;
    this.#sha256.compress(state, { bytes, from: 0, to: takenBytes });
    return { bytes, state, takenBytes };
  }

  /** Writes the hash of a line's content, in hex, into the buffer that holds the line. */
  write(bytes: Uint8Array, { from, to, prefix, hexAt }: Place): void {
    const rest = { bytes, from: from + (prefix?.takenBytes ?? 0), to };
    const before = prefix?.state ?? this.#inner;
    const digest = this.#sha256.finish(before, rest, this.#before + to - from);
    const state = this.#outer === undefined ? digest : this.#close(digest, this.#outer);
    for (let i = 0, at = hexAt; i < 8; i++) {
      const word = state[i];
      for (let shift = 28; shift >= 0; shift -= 4) bytes[at++] = NIBBLES[word >>> shift & 15];
    }
  }

  /** The hash of a line's content in hex. */
  hex(content: Uint8Array): string {
    const { length } = content;
    const bytes = new Uint8Array(length + 64);
    bytes.set(content);
    this.write(bytes, { from: 0, to: length, prefix: undefined, hexAt: length });
    return new TextDecoder().decode(bytes.subarray(length));
  }

  #close(digest: State, outer: State): State {
    const inner = stateBytes(digest);
    return this.#sha256.finish(outer, whole(inner), BLOCK_BYTES + inner.length);
  }
}

function keyBlock(key: Secret): Uint8Array {
  const bytes = new TextEncoder().encode(key.reveal());
  if (bytes.length < MIN_KEY_BYTES) {
    throw new AegisError(
      "audit-key",
      `Cannot seal the audit: the key must be at least ${MIN_KEY_BYTES} bytes, it is ${bytes.length}`,
    );
  }
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(bytes.length > BLOCK_BYTES ? digestOf(bytes) : bytes);
  return block;
}

function digestOf(bytes: Uint8Array): Uint8Array {
  return stateBytes(sha256().finish(START, whole(bytes), bytes.length));
}

function whole(bytes: Uint8Array): Part {
  return { bytes, from: 0, to: bytes.length };
}
