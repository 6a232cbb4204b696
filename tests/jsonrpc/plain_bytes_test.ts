import assert from "node:assert/strict";
import { endOfString, findQuoteOrBackslash, wordsOf } from "../../src/jsonrpc/plain_bytes.ts";

/** A view at an odd place in a larger buffer, with quotes around it. */
function placed(text: string, shift: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const memory = new Uint8Array(bytes.length + shift + 9).fill(0x22);
  memory.set(bytes, shift);
  return memory.subarray(shift, shift + bytes.length);
}

Deno.test("findQuoteOrBackslash() never skips one, and never goes back", () => {
  const filler = "\u0001!#[]^\u007f\u00a2\u00dc\u0122é€😀z";
  for (const found of ['"', "\\", ""]) {
    for (let before = 0; before < 20; before++) {
      const head = filler.repeat(2).slice(0, before);
      for (let shift = 0; shift < 5; shift++) {
        const bytes = placed(`${head}${found}${filler}"`, shift);
        const view = wordsOf(bytes);
        for (let from = 0; from <= bytes.length; from++) {
          const next = bytes.findIndex((byte, at) =>
            at >= from && (byte === 0x22 || byte === 0x5c)
          );
          const at = findQuoteOrBackslash(view, from);
          assert.ok(at >= from && at <= (next < 0 ? bytes.length : next), `${at} from ${from}`);
        }
      }
    }
  }
});

Deno.test("findQuoteOrBackslash() skips far where nothing is to be found", () => {
  const bytes = placed("x".repeat(1000), 3);
  assert.ok(findQuoteOrBackslash(wordsOf(bytes), 5) > 990);
});

Deno.test("endOfString() finds the closing quote, and tells when a backslash is cut off", () => {
  for (let length = 0; length < 100; length++) {
    const text = "x".repeat(length);
    for (
      const [tail, end] of [['"', length], ['\\""', length + 2], ['\\\\"', length + 2], [
        "",
        length,
      ], [
        "\\",
        length + 2,
      ]] as const
    ) {
      const bytes = placed(text + tail, length % 4);
      assert.equal(endOfString(bytes, { view: wordsOf(bytes), from: 0 }), end, `${length} ${tail}`);
    }
  }
});
