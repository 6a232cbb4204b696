/**
 * The source of `src/audit/sha256_wasm.ts`: puts the compression function of SHA-256 (FIPS 180-4
 * §6.2.2) together as a WebAssembly module.
 *
 * One exported function `run(end)` takes the blocks from `DATA` up to `end`; the module's memory
 * holds the state, the round constants and the blocks. Sixteen rounds are spelled out and run four
 * times, with the next sixteen words of the schedule computed between.
 * @module
 */

import { LAYOUT } from "../../src/audit/sha256_wasm.ts";

const END = 0;
const AT = 1;
const K = 2;
const WORK = 3; // a to h
const SCHEDULE = 11; // w0 to w15
const LOCALS = 26; // all but the parameter

const ADD = 0x6a;
const AND = 0x71;
const OR = 0x72;
const XOR = 0x73;
const SHR_U = 0x76;
const ROTL = 0x77;
const ROTR = 0x78;
const LT_U = 0x49;
const LOOP = 0x03;
const BR_IF = 0x0d;
const IF = 0x04;
const BR = 0x0c;
const DONE = 0x0b;
const VOID = 0x40;
const I32 = 0x7f;

/** The bytes of the module. */
export function sha256Module(): Uint8Array<ArrayBuffer> {
  const body = [1, LOCALS, I32, ...blockLoop()];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
    ...section(1, [1, 0x60, 1, I32, 0]), // type: (i32) -> ()
    ...section(3, [1, 0]), // one function of that type
    ...section(5, [1, 0, 1]), // one memory of one page
    ...section(7, [2, 6, ...ascii("memory"), 2, 0, 3, ...ascii("run"), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

/** `for (at = data; at < end; at += 64)` around the work of one block. */
function blockLoop(): readonly number[] {
  const code = new Code();
  code.constant(LAYOUT.data).set(AT);
  code.put(LOOP, VOID);
  for (let i = 0; i < 16; i++) loadWord(code, i);
  for (let i = 0; i < 8; i++) code.constant(0).load(LAYOUT.state + 4 * i).set(WORK + i);
  code.constant(0).set(K);
  code.put(LOOP, VOID);
  for (let i = 0; i < 16; i++) round(code, i);
  code.get(K).constant(64).put(ADD).tee(K).constant(256).put(LT_U);
  code.put(IF, VOID);
  for (let i = 0; i < 16; i++) schedule(code, i);
  code.put(BR, 1, DONE, DONE); // again; end of if, end of loop
  for (let i = 0; i < 8; i++) {
    const offset = LAYOUT.state + 4 * i;
    code.constant(0).constant(0).load(offset).get(WORK + i).put(ADD).store(offset);
  }
  code.get(AT).constant(64).put(ADD).tee(AT).get(END).put(LT_U, BR_IF, 0, DONE);
  code.put(DONE);
  return code.bytes;
}

/** A word of the block, its bytes turned round: memory is little-endian, SHA-256 is not. */
function loadWord(code: Code, i: number): void {
  code.get(AT).load(4 * i).tee(SCHEDULE + i).constant(8).put(ROTL).constant(0x00ff00ff).put(AND);
  code.get(SCHEDULE + i).constant(8).put(ROTR).constant(0xff00ff00 | 0).put(AND, OR);
  code.set(SCHEDULE + i);
}

/** Round `i` of sixteen. Instead of moving the eight words, each round names them one place on. */
function round(code: Code, i: number): void {
  const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, n) => WORK + (n - i + 16) % 8);
  code.get(h);
  mix(code, e, [6, 11, 25]);
  code.put(ADD).get(f).get(g).put(XOR).get(e).put(AND).get(g).put(XOR, ADD);
  code.get(K).load(LAYOUT.constants + 4 * i).put(ADD).get(SCHEDULE + i).put(ADD).tee(h);
  code.get(d).put(ADD).set(d).get(h);
  mix(code, a, [2, 13, 22]);
  code.put(ADD).get(a).get(b).put(AND).get(a).get(b).put(OR).get(c).put(AND, OR, ADD).set(h);
}

/** Word `i` of the next sixteen of the schedule. */
function schedule(code: Code, i: number): void {
  const word = (n: number) => SCHEDULE + (i + n) % 16;
  code.get(word(0));
  mix(code, word(1), [7, 18], 3);
  code.put(ADD).get(word(9)).put(ADD);
  mix(code, word(14), [17, 19], 10);
  code.put(ADD).set(word(0));
}

/** The exclusive or of a word turned right by each of `turns` and, if told, shifted right. */
function mix(code: Code, local: number, turns: readonly number[], shift?: number): void {
  for (const [n, turn] of turns.entries()) {
    code.get(local).constant(turn).put(ROTR);
    if (n > 0) code.put(XOR);
  }
  if (shift !== undefined) code.get(local).constant(shift).put(SHR_U, XOR);
}

/** Instructions in their binary form. */
class Code {
  readonly bytes: number[] = [];

  put(...bytes: readonly number[]): this {
    this.bytes.push(...bytes);
    return this;
  }

  get(local: number): this {
    return this.put(0x20, local);
  }

  set(local: number): this {
    return this.put(0x21, local);
  }

  tee(local: number): this {
    return this.put(0x22, local);
  }

  constant(value: number): this {
    return this.put(0x41, ...signed(value));
  }

  load(offset: number): this {
    return this.put(0x28, 2, ...unsigned(offset));
  }

  store(offset: number): this {
    return this.put(0x36, 2, ...unsigned(offset));
  }
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...unsigned(content.length), ...content];
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [value & 0x7f | 0x80, ...unsigned(value >>> 7)];
}

/** Signed LEB128 of 32 bits. */
function signed(value: number): readonly number[] {
  return value >= -64 && value < 64 ? [value & 0x7f] : [value & 0x7f | 0x80, ...signed(value >> 7)];
}

function ascii(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}
