/**
 * SHA-256 (FIPS 180-4) on states that can be copied, so that what many lines have in common is
 * hashed once.
 *
 * Own code because nothing at hand fits a shim: `node:crypto` costs 25 ms of start and 9 MB of
 * memory, `crypto.subtle` 37 µs a call, a library in JavaScript twice the time (ARCHITECTURE.md).
 * `digest.ts` takes the native one where it pays.
 * @module
 */

/** Bytes of one block. */
export const BLOCK_BYTES = 64;

/** Eight words between two blocks. */
export type State = Int32Array;

const INITIAL = words("6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19");

const K = words(
  "428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 " +
    "d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174 " +
    "e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da " +
    "983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967 " +
    "27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85 " +
    "a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 " +
    "19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 " +
    "748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2",
);

const W = new Int32Array(64);
const lastBlocks = new Uint8Array(2 * BLOCK_BYTES);
const lastView = new DataView(lastBlocks.buffer);

/** The state before the first block; with `state`, puts that one back to it. */
export function initialState(state: State = new Int32Array(8)): State {
  state.set(INITIAL);
  return state;
}

/** Takes the whole blocks of `view` from byte `from` up to byte `to` into the state. */
// deno-fmt-ignore
export function compress(
  state: State,
  view: DataView,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  for (let at = from; at < to; at += BLOCK_BYTES) {
    for (let i = 0; i < 16; i++) W[i] = view.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const x = W[i - 15], y = W[i - 2];
      const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3);
      const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10);
      W[i] = s0 + W[i - 7] + s1 + W[i - 16] | 0;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    // Eight rounds a turn: each names the words one place on instead of moving them, a fifth faster.
    for (let i = 0; i < 64; i += 8) {
      h = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (g ^ e & (f ^ g)) + K[i] + W[i] | 0;
      d = d + h | 0;
      h = h + ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b | c & (a | b)) | 0;
      g = g + ((d >>> 6 | d << 26) ^ (d >>> 11 | d << 21) ^ (d >>> 25 | d << 7)) + (f ^ d & (e ^ f)) + K[i + 1] + W[i + 1] | 0;
      c = c + g | 0;
      g = g + ((h >>> 2 | h << 30) ^ (h >>> 13 | h << 19) ^ (h >>> 22 | h << 10)) + (h & a | b & (h | a)) | 0;
      f = f + ((c >>> 6 | c << 26) ^ (c >>> 11 | c << 21) ^ (c >>> 25 | c << 7)) + (e ^ c & (d ^ e)) + K[i + 2] + W[i + 2] | 0;
      b = b + f | 0;
      f = f + ((g >>> 2 | g << 30) ^ (g >>> 13 | g << 19) ^ (g >>> 22 | g << 10)) + (g & h | a & (g | h)) | 0;
      e = e + ((b >>> 6 | b << 26) ^ (b >>> 11 | b << 21) ^ (b >>> 25 | b << 7)) + (d ^ b & (c ^ d)) + K[i + 3] + W[i + 3] | 0;
      a = a + e | 0;
      e = e + ((f >>> 2 | f << 30) ^ (f >>> 13 | f << 19) ^ (f >>> 22 | f << 10)) + (f & g | h & (f | g)) | 0;
      d = d + ((a >>> 6 | a << 26) ^ (a >>> 11 | a << 21) ^ (a >>> 25 | a << 7)) + (c ^ a & (b ^ c)) + K[i + 4] + W[i + 4] | 0;
      h = h + d | 0;
      d = d + ((e >>> 2 | e << 30) ^ (e >>> 13 | e << 19) ^ (e >>> 22 | e << 10)) + (e & f | g & (e | f)) | 0;
      c = c + ((h >>> 6 | h << 26) ^ (h >>> 11 | h << 21) ^ (h >>> 25 | h << 7)) + (b ^ h & (a ^ b)) + K[i + 5] + W[i + 5] | 0;
      g = g + c | 0;
      c = c + ((d >>> 2 | d << 30) ^ (d >>> 13 | d << 19) ^ (d >>> 22 | d << 10)) + (d & e | f & (d | e)) | 0;
      b = b + ((g >>> 6 | g << 26) ^ (g >>> 11 | g << 21) ^ (g >>> 25 | g << 7)) + (a ^ g & (h ^ a)) + K[i + 6] + W[i + 6] | 0;
      f = f + b | 0;
      b = b + ((c >>> 2 | c << 30) ^ (c >>> 13 | c << 19) ^ (c >>> 22 | c << 10)) + (c & d | e & (c | d)) | 0;
      a = a + ((f >>> 6 | f << 26) ^ (f >>> 11 | f << 21) ^ (f >>> 25 | f << 7)) + (h ^ f & (g ^ h)) + K[i + 7] + W[i + 7] | 0;
      e = e + a | 0;
      a = a + ((b >>> 2 | b << 30) ^ (b >>> 13 | b << 19) ^ (b >>> 22 | b << 10)) + (b & c | d & (b | c)) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }
}

/**
 * Takes the rest of the message, bytes `from` up to `to`, and the padding into the state, which
 * then holds the digest. `totalBytes` counts all bytes of the message, those taken before included.
 */
export function finish(
  state: State,
  view: DataView,
  { from, to, totalBytes }: {
    readonly from: number;
    readonly to: number;
    readonly totalBytes: number;
  },
): void {
  const whole = to - (to - from) % BLOCK_BYTES;
  compress(state, view, { from, to: whole });
  const rest = to - whole;
  const end = rest < BLOCK_BYTES - 8 ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  lastBlocks.fill(0, rest, end);
  lastBlocks.set(new Uint8Array(view.buffer, view.byteOffset + whole, rest));
  lastBlocks[rest] = 0x80;
  lastView.setUint32(end - 8, Math.floor(totalBytes / 0x2000_0000)); // bits above the low 32
  lastView.setUint32(end - 4, (totalBytes << 3) >>> 0);
  compress(state, lastView, { from: 0, to: end });
}

/** The digest as 32 bytes, most significant first. */
export function stateBytes(state: State): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i++) view.setInt32(4 * i, state[i]);
  return bytes;
}

function words(hex: string): Int32Array {
  return Int32Array.from(hex.split(" "), (word) => parseInt(word, 16));
}
