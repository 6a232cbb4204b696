import assert from "node:assert/strict";
import fc from "fast-check";
import { Intake } from "../../../src/transport/http/intake.ts";
import { bodyOf } from "../../../src/transport/http/request_body.ts";
import { readHead } from "../../../src/transport/http/request_head.ts";

/** A source that gives its bytes in the pieces they are cut into. */
function cut(text: string, sizes: readonly number[]) {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  let turn = 0;
  return {
    read(into: Uint8Array): Promise<number | null> {
      if (at === bytes.length) return Promise.resolve(null);
      const size = sizes[turn++ % sizes.length] ?? 1;
      const part = bytes.subarray(at, at + Math.min(size, into.length));
      into.set(part);
      at += part.length;
      return Promise.resolve(part.length);
    },
  };
}

const sizes = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 5 });
const body = fc.string({ unit: "binary-ascii", maxLength: 20_000 });

Deno.test("Intake gives the same head and body however the bytes are cut", async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.array(body, { minLength: 1, maxLength: 3 }), async (sizes, all) => {
      const text = all.map((one) => `HEAD ${one.length}\r\n\r\n${one}`).join("");
      const intake = new Intake(cut(text, sizes));
      for (const one of all) {
        const head = await intake.before("empty line", 100);
        assert.ok(head instanceof Uint8Array);
        assert.equal(new TextDecoder().decode(head), `HEAD ${one.length}`);
        const { content } = bodyOf(intake, {
          length: one.length,
          onFirstRead: undefined,
          onRead: () => {},
        });
        assert.equal(content === null ? "" : await new Response(content).text(), one);
      }
      assert.equal(await intake.before("empty line", 100), undefined);
    }),
    { numRuns: 60 },
  );
});

Deno.test("bodyOf() reads chunks however they are cut", async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.array(body, { maxLength: 4 }), async (sizes, all) => {
      const parts = all.filter((one) => one !== "");
      const text = parts.map((one) => `${one.length.toString(16)}\r\n${one}\r\n`).join("");
      const intake = new Intake(cut(`${text}0\r\n\r\nNEXT\r\n\r\n`, sizes));
      const { content, isRead } = bodyOf(intake, {
        length: "chunked",
        onFirstRead: undefined,
        onRead: () => {},
      });
      assert.equal(await new Response(content).text(), parts.join(""));
      assert.ok(isRead());
      const next = await intake.before("empty line", 100);
      assert.equal(new TextDecoder().decode(next as Uint8Array), "NEXT");
    }),
    { numRuns: 60 },
  );
});

Deno.test("Intake takes no more than it may for a mark", async () => {
  for (const sizes of [[1], [7], [9000]]) {
    const long = new Intake(cut(`${"a".repeat(101)}\r\n\r\n`, sizes));
    assert.equal(await long.before("empty line", 100), "long");
    const endless = new Intake(cut("a".repeat(100_000), sizes));
    assert.equal(await endless.before("empty line", 100), "long");
    const exact = new Intake(cut(`${"a".repeat(100)}\r\n\r\n`, sizes));
    assert.equal((await exact.before("empty line", 100) as Uint8Array).length, 100);
  }
});

const GOOD = [
  "POST /mcp?a=b HTTP/1.1",
  "Host: localhost:8443",
  "Content-Type: application/json",
  "Content-Length: 12",
  "Authorization: Bearer abc.def",
  "Mcp-Name: =?base64?w6k=?=",
].join("\r\n");

Deno.test("readHead() reads a head of every day", () => {
  const head = readHead(new TextEncoder().encode(GOOD));
  assert.ok(head.ok);
  const { headers, ...rest } = head.value;
  assert.deepEqual(rest, {
    method: "POST",
    target: "/mcp?a=b",
    host: "localhost:8443",
    length: 12,
    minor: 1,
    last: false,
    waits: false,
  });
  assert.deepEqual(headers.at(-1), ["mcp-name", "=?base64?w6k=?="]);
});

Deno.test("readHead() never throws, and what it gives can be a Request", () => {
  const mutation = fc.tuple(fc.nat(GOOD.length), fc.nat(3), fc.uint8Array({ maxLength: 4 }));
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 4 }), (mutations) => {
      let bytes: number[] = [...new TextEncoder().encode(GOOD)];
      for (const [at, removed, added] of mutations) {
        bytes = [...bytes.slice(0, at), ...added, ...bytes.slice(at + removed)];
      }
      const head = readHead(Uint8Array.from(bytes));
      if (!head.ok) return void assert.ok(head.error.status >= 400);
      const { headers, host, target, length } = head.value;
      const request = new Request(`http://${host}${target}`, {
        headers: headers as [string, string][],
      });
      assert.equal(new URL(request.url).pathname, target.split("?", 1)[0]);
      assert.ok(length === "chunked" || Number.isSafeInteger(length));
      for (const [, value] of headers) assert.match(value, /^[\t -~]*$/);
    }),
    { numRuns: 3000 },
  );
});
