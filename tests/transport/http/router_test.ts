import assert from "node:assert/strict";
import type { OversizeFrame } from "../../../src/gateway/channel.ts";
import { errorCode, lookAt } from "../../../src/transport/http/look.ts";
import type { RoutedStream } from "../../../src/transport/http/routed_stream.ts";
import { MessageRouter } from "../../../src/transport/http/router.ts";
import { bytesOf, textOf } from "../support.ts";

function frame(message: object): Uint8Array {
  return bytesOf(JSON.stringify({ jsonrpc: "2.0", ...message }));
}

function routerOf(kept = { frames: 3, bytes: 1_000 }) {
  const forgotten: number[] = [];
  const router = new MessageRouter({ kept, onForgotten: () => forgotten.push(1) });
  return { router, forgotten };
}

/** Ends a stream and gives the messages it had. */
async function all(stream: RoutedStream): Promise<readonly unknown[]> {
  stream.finish();
  const found: unknown[] = [];
  for await (const items of stream) {
    for (const item of items) {
      found.push(item.kind === "event" ? JSON.parse(textOf(item.data)) : item.kind);
    }
  }
  return found;
}

const SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
const answer = (id: unknown) => frame({ id, result: {} });
const progress = (progressToken: unknown) =>
  frame({ method: "notifications/progress", params: { progressToken, progress: 1 } });
const notice = (n: number) => frame({ method: "notifications/message", params: { n } });
const params = (found: readonly unknown[]) =>
  found.map((message) => (message as { params?: { n?: number } }).params?.n);

Deno.test("lookAt() finds whom a frame is for", () => {
  assert.deepEqual(lookAt(answer(7)), { kind: "answer", id: 7 });
  assert.deepEqual(lookAt(answer("7")), { kind: "answer", id: "7" });
  assert.deepEqual(lookAt(frame({ id: 7, error: { code: 1, message: "" } })).kind, "answer");
  assert.deepEqual(lookAt(progress("t")), { kind: "progress", token: "t" });
  const tagged = {
    method: "notifications/tools/list_changed",
    params: { _meta: { [SUBSCRIPTION]: 3 } },
  };
  assert.deepEqual(lookAt(frame(tagged)), { kind: "request", id: 3 });
  assert.deepEqual(lookAt(notice(1)), { kind: "other" });
  assert.deepEqual(lookAt(frame({ id: 7, method: "roots/list" })), { kind: "other" });
  assert.deepEqual(lookAt(frame({ id: null, error: { code: 1, message: "" } })).kind, "nameless");
});

Deno.test("lookAt() takes no frame for what it cannot be", () => {
  for (const text of ["", "{}", "[]", "null", "7", '"id"', "{", '{"id":1,"id":2,"result":{}}']) {
    assert.deepEqual(lookAt(bytesOf(text)), { kind: "nameless" }, text);
  }
  assert.deepEqual(lookAt(bytesOf('{"method":"x"')), { kind: "other" });
  const deep = `{"method":"notifications/progress","params":${"[".repeat(20_000)}`;
  assert.deepEqual(lookAt(bytesOf(deep)), { kind: "other" });
  const long = frame({
    method: "notifications/progress",
    params: { progressToken: 1, x: "x".repeat(70_000) },
  });
  assert.deepEqual(lookAt(long), { kind: "other" });
});

Deno.test("errorCode() gives the code of an error alone", () => {
  assert.equal(errorCode(frame({ id: 1, error: { code: -32601, message: "" } })), -32601);
  assert.equal(errorCode(answer(1)), undefined);
  assert.equal(errorCode(bytesOf("{")), undefined);
});

Deno.test('MessageRouter gives each answer to who asked, and `1` is not `"1"`', async () => {
  const { router } = routerOf();
  const [number, text] = [1, "1"].map((id) => router.ask({ id, progressToken: undefined }));
  assert.ok(number !== undefined && text !== undefined);
  void router.route(answer("1"));
  void router.route(answer(1));
  assert.deepEqual(await all(number), [{ jsonrpc: "2.0", id: 1, result: {} }]);
  assert.deepEqual(await all(text), [{ jsonrpc: "2.0", id: "1", result: {} }]);
});

Deno.test("MessageRouter gives progress to whom it belongs until the answer, and nothing after it", async () => {
  const { router } = routerOf();
  const first = router.ask({ id: 1, progressToken: "a" });
  const second = router.ask({ id: 2, progressToken: "b" });
  for (const each of [progress("a"), progress("b"), answer(1), progress("a")]) {
    void router.route(each);
  }
  assert.equal(first.whole?.length, 2);
  assert.equal((await all(second)).length, 2, "what belongs to nobody goes to the newest");
});

Deno.test("MessageRouter gives one message to one stream, the rest to the stream for it", async () => {
  const { router } = routerOf();
  const older = router.ask({ id: 1, progressToken: undefined });
  const newest = router.ask({ id: 2, progressToken: undefined });
  void router.route(notice(1));
  const rest = router.listen();
  void router.route(notice(2));
  void router.route(frame({ id: 5, method: "roots/list" }));
  assert.deepEqual(await all(older), []);
  assert.deepEqual(params(await all(newest)), [1]);
  assert.deepEqual(params(await all(rest)), [2, undefined]);
});

Deno.test("MessageRouter keeps the rest for who listens later, the youngest of it", async () => {
  const { router, forgotten } = routerOf();
  for (const n of [1, 2, 3, 4, 5]) void router.route(notice(n));
  assert.equal(forgotten.length, 2);
  assert.deepEqual(params(await all(router.listen())), [3, 4, 5]);
  const small = routerOf({ frames: 10, bytes: 150 });
  for (const n of [1, 2, 3]) void small.router.route(notice(n));
  assert.deepEqual(params(await all(small.router.listen())), [2, 3]);
  const none = routerOf({ frames: 0, bytes: 0 });
  void none.router.route(notice(1));
  assert.deepEqual(await all(none.router.listen()), []);
});

Deno.test("MessageRouter gives a stream of the rest to who asks last", async () => {
  const { router } = routerOf();
  const first = router.listen();
  const second = router.listen();
  void router.route(notice(1));
  assert.deepEqual(await all(first), []);
  assert.deepEqual(params(await all(second)), [1]);
});

Deno.test("MessageRouter gives an error without an id to the one request there is, never to one of several", async () => {
  const nameless = frame({ id: null, error: { code: 1, message: "" } });
  const { router } = routerOf();
  const only = router.ask({ id: 1, progressToken: undefined });
  void router.route(nameless);
  const second = router.ask({ id: 2, progressToken: undefined });
  const rest = router.listen();
  void router.route(nameless);
  assert.equal((await all(only)).length, 1);
  assert.equal((await all(second)).length, 0);
  assert.equal((await all(rest)).length, 1);
});

Deno.test("MessageRouter tells of an answer that is too long where it was awaited", async () => {
  const { router } = routerOf();
  const stream = router.ask({ id: 1, progressToken: undefined });
  const oversize: OversizeFrame = {
    oversize: true,
    bytes: 2,
    limit: "maxLineBytes",
    max: 1,
    id: 1,
    hasMethod: false,
  };
  void router.route(oversize);
  assert.deepEqual(stream.whole?.map((item) => item.kind === "oversize" && item.limit), [
    "maxLineBytes",
  ]);
  assert.deepEqual(await all(stream), ["oversize"]);
});

Deno.test("MessageRouter ends every stream when there is no more, also those opened later", () => {
  const { router } = routerOf();
  const streams = [router.ask({ id: 1, progressToken: "a" }), router.listen()];
  router.end();
  for (const stream of [...streams, router.ask({ id: 2, progressToken: "b" }), router.listen()]) {
    assert.deepEqual(stream.whole, []);
  }
  assert.equal(router.route(answer(1)), undefined);
});

Deno.test("RoutedStream lets who puts wait while its reader is behind, and lets go when it leaves", async () => {
  const { router } = routerOf();
  const stream = router.ask({ id: 1, progressToken: "t" });
  const big = frame({ method: "notifications/message", params: { text: "x".repeat(600_000) } });
  assert.equal(router.route(big), undefined);
  const waits = router.route(big);
  assert.ok(waits instanceof Promise);
  await stream[Symbol.asyncIterator]().next();
  await waits;
  void router.route(big);
  const waitsAgain = router.route(big);
  await stream.cancel();
  await waitsAgain;
  assert.equal(router.route(answer(1)), undefined);
  assert.equal(
    (await all(router.listen())).length,
    1,
    "an answer nobody waits for is judged all the same",
  );
});
