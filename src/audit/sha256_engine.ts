/**
 * The compression function of SHA-256 (FIPS 180-4 §6.2.2) over blocks in a buffer of its own.
 * @module
 */

/** Takes blocks into a state. */
export interface Engine {
  /** Where the bytes of blocks are put; whole blocks from its start are taken. */
  readonly data: Uint8Array;
  /** The same bytes as numbers. */
  readonly view: DataView;
  /** The eight words between two blocks. */
  readonly state: Int32Array;
  /** Takes the first `blocks` blocks of `data` into `state`. */
  readonly run: (blocks: number) => void;
}

/** Bytes of one block. */
export const BLOCK_BYTES = 64;

const DATA_BYTES = 16 * 1024; // larger than any usual line, so that a line is one run

// deno-fmt-ignore
const K_HEX =
  "428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 " +
  "d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174 " +
  "e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da " +
  "983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967 " +
  "27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85 " +
  "a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 " +
  "19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 " +
  "748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2";

/** Reads words written in hex. */
export function words(hex: string): Int32Array {
  return Int32Array.from(hex.split(" "), (word) => parseInt(word, 16));
}

const K = words(K_HEX);

/** Makes an engine. */
export function sha256Engine(): Engine {
  const data = new Uint8Array(DATA_BYTES);
  const view = new DataView(data.buffer);
  const state = new Int32Array(8);
  const schedule = new Int32Array(64);
  const run = (blocks: number) => {
    for (let block = 0; block < blocks; block++) {
      expand(schedule, view, BLOCK_BYTES * block);
      compress(state, schedule);
    }
  };
  return { data, view, state, run };
}

/** Fills the message schedule from one block. */
function expand(w: Int32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3);
    const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10);
    w[i] = s0 + w[i - 7] + s1 + w[i - 16] | 0;
  }
}

/**
 * The 64 rounds, four at a time. A round makes two new words of eight and gives the others new names;
 * here the words stay and each round calls them by other names, which after four are the old ones.
 */
function compress(state: Int32Array, w: Int32Array): void {
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i += 4) {
    const t = h + sum1(e) + (g ^ (e & (f ^ g))) + K[i] + w[i] | 0;
    h = d + t | 0;
    d = t + sum0(a) + ((a & b) | (c & (a | b))) | 0;
    const u = g + sum1(h) + (f ^ (h & (e ^ f))) + K[i + 1] + w[i + 1] | 0;
    g = c + u | 0;
    c = u + sum0(d) + ((d & a) | (b & (d | a))) | 0;
    const v = f + sum1(g) + (e ^ (g & (h ^ e))) + K[i + 2] + w[i + 2] | 0;
    f = b + v | 0;
    b = v + sum0(c) + ((c & d) | (a & (c | d))) | 0;
    const x = e + sum1(f) + (h ^ (f & (g ^ h))) + K[i + 3] + w[i + 3] | 0;
    e = a + x | 0;
    a = x + sum0(b) + ((b & c) | (d & (b | c))) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function sum0(a: number): number {
  return (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
}

function sum1(e: number): number {
  return (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
}
