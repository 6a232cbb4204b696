import assert from "node:assert/strict";
import { fetchBytes } from "../../src/identity/guarded_fetch.ts";

async function withServer(
  handler: (request: Request) => Response | Promise<Response>,
  use: (url: URL) => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: abort.signal },
    handler,
  );
  try {
    await use(new URL(`http://127.0.0.1:${server.addr.port}/`));
  } finally {
    abort.abort();
    await server.finished;
  }
}

const LIMITS = { fetch: (url: URL, init: RequestInit) => fetch(url, init), maxBytes: 1_000 };

Deno.test("fetchBytes() gives up on a server that never answers, or never ends", async () => {
  const silent = Promise.withResolvers<void>();
  const answers = [
    async () => {
      await silent.promise;
      return new Response();
    },
    () =>
      new Response(
        new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) }),
      ),
  ];
  for (const handler of answers) {
    await withServer(handler, async (url) => {
      assert.deepEqual(await fetchBytes(url, { ...LIMITS, timeoutMs: 50 }), {
        ok: false,
        error: "it did not answer within 50 ms",
      });
      silent.resolve();
    });
  }
});

Deno.test("fetchBytes() stops reading where the limit is, compressed or not", async () => {
  const endless = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.enqueue(new Uint8Array(700)),
    });
  const answers = [
    () => new Response(endless()),
    () =>
      new Response(
        new Blob([new Uint8Array(1_000_000)]).stream().pipeThrough(new CompressionStream("gzip")),
        { headers: { "content-encoding": "gzip" } },
      ),
    () => new Response(new Uint8Array(1_001)),
  ];
  for (const handler of answers) {
    await withServer(handler, async (url) => {
      assert.deepEqual(await fetchBytes(url, { ...LIMITS, timeoutMs: 30_000 }), {
        ok: false,
        error: "its answer is longer than 1000 bytes",
      });
    });
  }
  await withServer(() => new Response(new Uint8Array(1_000)), async (url) => {
    const answer = await fetchBytes(url, { ...LIMITS, timeoutMs: 30_000 });
    assert.equal(answer.ok && answer.value.length, 1_000);
  });
});

Deno.test("fetchBytes() follows no redirect and believes no other status", async () => {
  const seen: string[] = [];
  for (const status of [201, 204, 206, 301, 302, 303, 307, 308, 401, 404, 500]) {
    await withServer((request) => {
      seen.push(new URL(request.url).pathname);
      return new Response(null, { status, headers: { location: "/elsewhere" } });
    }, async (url) => {
      const answer = await fetchBytes(url, { ...LIMITS, timeoutMs: 30_000 });
      assert.ok(!answer.ok);
      assert.match(
        answer.error,
        status >= 300 && status < 400 ? /redirects/ : new RegExp(`${status}`),
      );
    });
  }
  assert.deepEqual(new Set(seen), new Set(["/"]));
});

Deno.test("fetchBytes() tells of a server that is not there, and of a caller that is gone", async () => {
  let url = new URL("http://127.0.0.1/");
  await withServer(() => new Response(), (at) => Promise.resolve(void (url = at)));
  const answer = await fetchBytes(url, { ...LIMITS, timeoutMs: 30_000 });
  assert.deepEqual(answer, { ok: false, error: "it cannot be reached (TypeError)" });
  const signal = AbortSignal.abort();
  assert.deepEqual(await fetchBytes(url, { ...LIMITS, timeoutMs: 30_000, signal }), {
    ok: false,
    error: "the request was ended",
  });
});
