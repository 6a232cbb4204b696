/**
 * How connections end: what was said last arrives, and what was said to be last is.
 * @module
 */
import assert from "node:assert/strict";
import type { Answerer } from "../../../src/transport/http/connection.ts";
import { listen } from "../../../src/transport/http/listen.ts";
import { callBody, Edge, post, RawClient, statusOf } from "./edge_support.ts";

Deno.test("the edge lets a client read the last answer although it still sends", async () => {
  const long = "a".repeat(20_000_000);
  await using edge = await Edge.open({
    upstream: () =>
      Response.json({ jsonrpc: "2.0", id: 1, result: { content: [{ type: "text", text: long }] } }),
  });
  using client = await edge.connect();
  await client.write(post(edge, callBody(1), ["Connection: close"]));
  const head = await client.until("\r\n\r\n");
  const length = Number(/content-length: (\d+)/.exec(head)?.[1]);
  // until all of it was written, and waits for the client in the system's buffers
  while (client.bytes < length - 2_000_000) await client.more();
  for (let times = 0; times < 20; times++) {
    await client.write("\r\n");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await client.rest();
  assert.ok(client.bytes > length, `${client.bytes} of ${length} bytes came`);
});

Deno.test("the edge serves no request after it has said that it closes", async () => {
  const reading = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<void>();
  let requests = 0;
  const answerer: Answerer & AsyncDisposable = {
    handle(request) {
      requests++;
      request.bytes().then(() => reading.resolve(), reading.reject);
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await ending.promise;
          controller.close();
        },
      });
      const headers = { "content-type": "text/event-stream" };
      return Promise.resolve(new Response(body, { headers }));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const listener = listen(answerer, { port: 0, bounds: { idleMs: 500 } });
  const head = `POST / HTTP/1.1\r\nHost: ${listener.hostname}\r\nContent-Length: 2\r\n\r\n`;
  {
    using client = new RawClient(await Deno.connect({ port: listener.port }));
    await client.write(`${head}a`);
    assert.match(await client.until("\r\n\r\n"), /connection: close/);
    await client.write("b");
    await reading.promise;
    await client.write(`${head}ab`);
    ending.resolve();
    const text = await client.rest();
    assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1, text);
  }
  assert.equal(requests, 1);
  await listener.drain(0);
});

Deno.test("the edge ends the stream of a client that goes away, whatever it sent before", async () => {
  const cancelled = Promise.withResolvers<void>();
  const answerer: Answerer & AsyncDisposable = {
    handle() {
      const body = new ReadableStream<Uint8Array>({ cancel: () => cancelled.resolve() });
      const headers = { "content-type": "text/event-stream" };
      return Promise.resolve(new Response(body, { headers }));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  for (const more of ["", "G", "GET / HTTP/1.1\r\n"]) {
    const listener = listen(answerer, { port: 0 });
    {
      using client = new RawClient(await Deno.connect({ port: listener.port }));
      await client.write(`GET / HTTP/1.1\r\nHost: ${listener.hostname}\r\n\r\n${more}`);
      assert.equal(statusOf(await client.until("\r\n\r\n")), 200);
    }
    await cancelled.promise;
    while (listener.connections > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await listener.drain(0);
  }
});

Deno.test("the edge records what it turns away", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using edge = await Edge.open({
    listen: { maxConnections: 1 },
    upstream: async () => {
      await promise;
      return Response.json({ jsonrpc: "2.0", id: 1, result: { content: [] } });
    },
  });
  using busy = await edge.connect();
  await busy.write(post(edge, callBody(1)));
  while (edge.handler.requests === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  using other = await edge.connect();
  assert.equal(statusOf(await other.rest()), 503);
  resolve();
  await busy.answer();
  assert.deepEqual(edge.refusals.map(({ status, client }) => [status, client]), [[
    503,
    "127.0.0.1",
  ]]);
});
