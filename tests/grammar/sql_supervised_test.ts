import assert from "node:assert/strict";
import type { SqlFacts } from "../../src/grammar/sql_facts.ts";
import { supervised } from "../../src/grammar/sql_supervised.ts";

const READ: SqlFacts = { ok: true, dialect: "sqlite", statements: [] };

/** An engine whose parser stays broken once it broke, and grows by what it is told. */
function fragile() {
  let started = 0;
  const parser = supervised("sqlite", {
    start: () => ({ number: ++started, broken: false, bytes: 1000 }),
    heldBytes: ({ bytes }) => bytes,
    parse: (text, wasm) => {
      if (text === "break" || wasm.broken) {
        wasm.broken = true;
        throw new RangeError("Maximum call stack size exceeded");
      }
      if (text === "grow") wasm.bytes += 65 * 1024 * 1024;
      return text === "wrong" ? "syntax" : READ;
    },
  });
  return { parser, starts: () => started };
}

Deno.test("supervised() keeps one parser for texts it reads and for texts that are wrong", () => {
  const { parser, starts } = fragile();
  assert.equal(parser.parse("right"), READ);
  assert.deepEqual(parser.parse("wrong"), { ok: false, dialect: "sqlite", fault: "syntax" });
  assert.equal(starts(), 1);
});

Deno.test("supervised() replaces a parser that failed before the next text", () => {
  const { parser, starts } = fragile();
  for (let round = 1; round <= 3; round++) {
    assert.deepEqual(parser.parse("break"), {
      ok: false,
      dialect: "sqlite",
      fault: "parser_failed",
    });
    assert.equal(parser.parse("right"), READ);
    assert.equal(starts(), 1 + round);
  }
});

Deno.test("supervised() replaces a parser that has grown too large", () => {
  const { parser, starts } = fragile();
  assert.equal(parser.parse("grow"), READ);
  assert.equal(parser.parse("right"), READ);
  assert.equal(starts(), 2);
});
