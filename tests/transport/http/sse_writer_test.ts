import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { SseReader } from "../../../src/transport/http/sse_reader.ts";
import { encodeComment, encodeEvent } from "../../../src/transport/http/sse_writer.ts";
import { bytesOf, textOf } from "../support.ts";

const MIB = 1024 * 1024;

function readBack(bytes: Uint8Array) {
  const reader = new SseReader({ maxSseBufferBytes: MIB });
  return [...reader.push(bytes), ...reader.end()];
}

Deno.test("encodeEvent() writes id, event, retry and data, each in its line", () => {
  const data = bytesOf('{"a":1}');
  equal(textOf(encodeEvent({ data })), 'data: {"a":1}\n\n');
  equal(
    textOf(encodeEvent({ data, id: "7", event: "message", retry: 0 })),
    'id: 7\nevent: message\nretry: 0\ndata: {"a":1}\n\n',
  );
});

Deno.test("encodeEvent() gives a priming event its empty data line, and none where there was none", () => {
  const data = new Uint8Array(0);
  equal(textOf(encodeEvent({ data, id: "1" })), "id: 1\ndata: \n\n");
  equal(textOf(encodeEvent({ data, hasData: false, retry: 5 })), "retry: 5\n\n");
});

Deno.test("what encodeEvent() writes is read back as it was given", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 20 })
    .filter((text) => !/[\0\r\n]/.test(text) && text.isWellFormed());
  const fields = fc.record({
    data: fc.json().map(bytesOf),
    event: fc.option(name, { nil: undefined }),
    id: fc.option(name, { nil: undefined }),
    retry: fc.option(fc.nat(), { nil: undefined }),
  });
  fc.assert(fc.property(fields, (given) => {
    deepEqual(readBack(encodeEvent(given)), [{ kind: "event", hasData: true, ...given }]);
  }));
});

Deno.test("everything SseReader gives of one line can be written, and is read back the same", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "\n",
      "\n\n",
      "data: ",
      "data",
      "id: ",
      "event:",
      "retry: 1",
      ":",
      ": ",
      "\0",
      "\ufeff",
    ),
    fc.string({ unit: "grapheme", maxLength: 6 }),
  );
  fc.assert(fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
    for (const item of readBack(bytesOf(parts.join("")))) {
      if (item.kind === "comment") deepEqual(readBack(encodeComment(item.text)), [item]);
      else if (item.kind === "event" && !item.data.includes(10)) {
        deepEqual(readBack(encodeEvent(item)), [item]);
      }
    }
  }));
});

Deno.test("encodeEvent() throws for what would be read as something else", () => {
  const data = bytesOf("{}");
  for (const text of ["{\n}", "{}\n", "\r", "{}\n\ndata: {}"]) {
    throws(() => encodeEvent({ data: bytesOf(text) }), RangeError, text);
  }
  for (const name of ["a\nb", "\r", "a\0", "\ud800", "1\n\ndata: {}"]) {
    throws(() => encodeEvent({ data, id: name }), RangeError);
    throws(() => encodeEvent({ data, event: name }), RangeError);
  }
  for (const retry of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
    throws(() => encodeEvent({ data, retry }), RangeError);
  }
  throws(() => encodeEvent({ data, hasData: false }), RangeError);
});

Deno.test("encodeComment() writes one line and an empty one, and nothing that ends a line", () => {
  equal(textOf(encodeComment("ping")), ": ping\n\n");
  equal(textOf(encodeComment("")), ":\n\n");
  for (const text of ["a\nb", "\r", "\ud800"]) throws(() => encodeComment(text), RangeError);
});
