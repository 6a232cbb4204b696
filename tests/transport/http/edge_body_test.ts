import assert from "node:assert/strict";
import { callBody, Edge, post, postHead, statusOf } from "./edge_support.ts";

Deno.test("the edge answers pipelined requests in order, each judged", async () => {
  await using edge = await Edge.open({
    upstream: async (_request, body) => {
      const { id } = JSON.parse(body) as { id: number };
      await new Promise((resolve) => setTimeout(resolve, id === 1 ? 30 : 0));
      return Response.json({ jsonrpc: "2.0", id, result: { content: [] } });
    },
  });
  using client = await edge.connect();
  const names = ["good", "bad", "good", "bad", "good"];
  await client.write(names.map((name, at) => post(edge, callBody(at + 1, name))).join(""));
  const text = await client.until(/"id":5[\s\S]*\}/);
  const ids = [...text.matchAll(/"id":(\d)/g)].map(([, id]) => Number(id));
  assert.deepEqual(ids, [1, 2, 3, 4, 5]);
  assert.equal(edge.seen.length, 3);
  const verdicts = edge.sink.messages.filter(({ direction, kind }) =>
    direction === "client-to-upstream" && kind === "request"
  );
  assert.deepEqual(verdicts.map(({ effect }) => effect), [
    ...["allow", "deny", "allow", "deny", "allow"],
  ]);
});

/** `N` stands for the size of `BODY` in hex. */
const FRAMINGS: readonly (readonly [about: string, body: string, status: number])[] = [
  ["whole chunks", "N\r\nBODY\r\n0\r\n\r\n", 200],
  ["leading zeros", "00N\r\nBODY\r\n000\r\n\r\n", 200],
  ["an extension", "N;a=b\r\nBODY\r\n0\r\n\r\n", 400],
  ["an extension without a name", "N;\r\nBODY\r\n0\r\n\r\n", 400],
  ["a bare LF", "N\nBODY\n0\n\n", 400],
  ["a bare LF after the chunk", "N\r\nBODY\n0\r\n\r\n", 400],
  ["a size in 0x", "0xN\r\nBODY\r\n0\r\n\r\n", 400],
  ["a signed size", "+N\r\nBODY\r\n0\r\n\r\n", 400],
  ["a size past all numbers", "ffffffffffffffffff\r\nBODY\r\n0\r\n\r\n", 400],
  ["a size with a space", "N \r\nBODY\r\n0\r\n\r\n", 400],
  ["a size that is too small", "N\r\nBODY \r\n0\r\n\r\n", 400],
  ["trailers", "N\r\nBODY\r\n0\r\nHost: evil.example\r\n\r\n", 400],
];

Deno.test("the edge reads chunks of plain sizes only", async (t) => {
  await using edge = await Edge.open();
  const call = callBody(1);
  for (const [about, framed, status] of FRAMINGS) {
    await t.step(about, async () => {
      const body = framed.replace("N", call.length.toString(16)).replace("BODY", call);
      const text = await edge.raw(postHead(edge, ["Transfer-Encoding: chunked"]) + body);
      assert.equal(statusOf(text), status, text);
    });
  }
  assert.equal(edge.seen.length, 2);
});

Deno.test("the edge reads a call in chunks, however they are cut, and another one after it", async () => {
  await using edge = await Edge.open();
  using client = await edge.connect();
  for (const size of [1, 7, 1000]) {
    const body = callBody(size, "good", "y".repeat(300));
    const chunks: string[] = [];
    for (let at = 0; at < body.length; at += size) {
      const part = body.slice(at, at + size);
      chunks.push(`${part.length.toString(16).toUpperCase()}\r\n${part}\r\n`);
    }
    await client.write(postHead(edge, ["Transfer-Encoding: chunked"]));
    for (const chunk of chunks) await client.write(chunk);
    await client.write("0\r\n\r\n");
    await client.until(`"id":${size}`);
  }
  assert.equal(edge.seen.length, 3);
});

Deno.test("the edge never passes on a body that breaks off", async () => {
  await using edge = await Edge.open();
  {
    using client = await edge.connect();
    await client.write(postHead(edge, ["Content-Length: 500"]) + callBody(1));
  }
  {
    using client = await edge.connect();
    await client.write(postHead(edge, ["Transfer-Encoding: chunked"]) + `10\r\n${callBody(1)}`);
  }
  // a connection that works shows that the others are dealt with
  assert.equal(statusOf(await edge.raw(post(edge, callBody(2)))), 200);
  assert.deepEqual(edge.seen.map(({ body }) => JSON.parse(body).params.name), ["good"]);
});

Deno.test("the edge says Continue before it reads, and only when it will", async () => {
  await using edge = await Edge.open();
  using client = await edge.connect();
  const body = callBody(1);
  await client.write(postHead(edge, [`Content-Length: ${body.length}`, "Expect: 100-continue"]));
  assert.match(await client.until("\r\n\r\n"), /^HTTP\/1\.1 100 /);
  await client.write(body);
  await client.until('"id":1');
  const refused = await edge.raw(
    postHead(edge, ["Content-Length: 10", "Expect: 100-continue", "Origin: null"]),
  );
  assert.equal(statusOf(refused), 403, refused);
});

Deno.test("the edge takes a body of exactly the limit", async () => {
  const max = 2048;
  await using edge = await Edge.open({ limits: { maxHttpBodyBytes: max } });
  for (const [bytes, status] of [[max - 1, 200], [max, 200], [max + 1, 413]] as const) {
    const body = callBody(9, "good", "z".repeat(bytes - callBody(9, "good", "").length));
    assert.equal(body.length, bytes);
    const text = await edge.raw(post(edge, body));
    assert.equal(statusOf(text), status, text);
    const chunked = await edge.raw(
      postHead(edge, ["Transfer-Encoding: chunked", "Connection: close"]),
      `${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    assert.equal(statusOf(chunked), status, chunked);
    if (status === 413) assert.match(text + chunked, /"id":9[\s\S]*"id":9/);
  }
});

for (const framing of ["Content-Length", "chunks"] as const) {
  Deno.test(`the edge refuses a body of 200 MB in ${framing} by its id, holding little of it`, async () => {
    const max = 16_000_000;
    const most = 200_000_000;
    await using edge = await Edge.open({ limits: { maxHttpBodyBytes: max } });
    using client = await edge.connect();
    const start = callBody(77, "good", "").slice(0, -4);
    await client.write(postHead(edge, [
      framing === "chunks" ? "Transfer-Encoding: chunked" : `Content-Length: ${most}`,
    ]));
    await client.write(
      framing === "chunks" ? `${start.length.toString(16)}\r\n${start}\r\n` : start,
    );
    const part = "a".repeat(1 << 20);
    const before = Deno.memoryUsage().rss;
    let sent = 0;
    const sending = (async () => {
      while (sent < most) {
        await client.write(framing === "chunks" ? `100000\r\n${part}\r\n` : part);
        sent += part.length;
      }
    })().catch(() => {});
    const text = await client.until('"id":77');
    assert.equal(statusOf(text), 413, text);
    assert.match(text, /-31413/);
    assert.ok(sent < 3 * max, `${sent} bytes were taken`);
    await client.rest();
    await sending;
    const grown = Deno.memoryUsage().rss - before;
    assert.ok(grown < 8 * max, `grew by ${grown} bytes`);
    assert.equal(edge.gateway.budget.held, 0);
  });
}

Deno.test("the edge counts bodies that are being read against the gateway's budget", async () => {
  await using edge = await Edge.open({ limits: { maxInFlightBytes: 1_000_000 } });
  using first = await edge.connect();
  const head = postHead(edge, ["Content-Length: 900000"]);
  await first.write(head + "a".repeat(700_000));
  while (edge.gateway.budget.held < 700_000) await new Promise((resolve) => setTimeout(resolve, 5));
  using second = await edge.connect();
  await second.write(head + "a".repeat(700_000));
  const text = await second.answer();
  assert.equal(statusOf(text), 503, text);
  assert.match(text, /retry-after: 5[\s\S]*-31504/);
});

Deno.test("the edge takes no more requests at once than it may", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using edge = await Edge.open({
    limits: { maxConcurrentRequests: 2 },
    upstream: async (_request, body) => {
      await promise;
      const { id } = JSON.parse(body) as { id: number };
      return Response.json({ jsonrpc: "2.0", id, result: { content: [] } });
    },
  });
  using first = await edge.connect();
  using second = await edge.connect();
  await first.write(post(edge, callBody(1)));
  await second.write(post(edge, callBody(2)));
  while (edge.handler.requests < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const third = await edge.raw(post(edge, callBody(3)));
  assert.equal(statusOf(third), 503, third);
  assert.match(third, /retry-after: 5[\s\S]*-31504/);
  resolve();
  await first.until('"id":1');
  await second.until('"id":2');
  assert.equal(statusOf(await edge.raw(post(edge, callBody(4)))), 200);
});
