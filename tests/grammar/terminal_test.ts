import assert from "node:assert/strict";
import { readTerminal } from "../../src/grammar/terminal.ts";

const end = (text: string) => readTerminal(text).endOf(0);

Deno.test("readTerminal() measures sequences of every form", () => {
  const sequences = [
    "\x1b[31m",
    "\x1b[2J",
    "\x1b[?25l",
    "\x1b[38;5;1m",
    "\x9b0m",
    "\x1bc",
    "\x1b(B",
    "\x1b]0;title\x07",
    "\x1b]8;;https://x.example\x1b\\",
    "\x1bPq#0\x9c",
    "\x9dtitle\x9c",
  ];
  for (const sequence of sequences) assert.equal(end(`${sequence}after`), sequence.length);
});

Deno.test("readTerminal() takes an unfinished sequence for what is there of it", () => {
  assert.equal(end("\x1b"), 1);
  assert.equal(end("\x1b["), 2);
  assert.equal(end("\x1b[12"), 4);
  assert.equal(end("\x1b]0;no end"), 2);
  assert.equal(end("\x1b]" + "x".repeat(5000) + "\x07"), 2);
});

Deno.test("readTerminal() finds no sequence elsewhere", () => {
  for (const text of ["a", "\x07", "[31m", ""]) assert.equal(end(text), undefined);
});

Deno.test("readTerminal() finds the terminator of each string of many", () => {
  const reader = readTerminal("\x1b]a\x07\x1b]b\x07\x1b]c");
  assert.deepEqual([0, 4, 8].map((at) => reader.endOf(at)), [4, 8, 10]);
});
