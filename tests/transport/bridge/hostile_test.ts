import { deepEqual, equal, match, ok } from "node:assert/strict";
import { eventually } from "../../e2e/harness.ts";
import {
  accepted,
  type Answerer,
  codeOf,
  event,
  json,
  legacy,
  legacyCall,
  modern,
  play,
  resultOf,
  shakeHands,
  stream,
  textOfError,
  upstream,
} from "./scene.ts";

function call(id: number): unknown {
  return modern(id, "tools/call", { name: "read", arguments: {} });
}

/** What an upstream may say instead of an answer, and what the client is told. */
const NO_ANSWERS: readonly (readonly [what: string, answer: Answerer, told: RegExp])[] = [
  [
    "a redirect",
    () => new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } }),
    /redirects \(HTTP 302\), which is not followed/,
  ],
  [
    "a page",
    () => new Response("<html>", { headers: { "content-type": "text/html" } }),
    /answered with text\/html/,
  ],
  ["an error page", () => new Response("<html>", { status: 502 }), /answered HTTP 502/],
  ["nothing", accepted, /without an answer/],
  ["401", () => new Response(null, { status: 401 }), /refused the credential/],
  [
    "an answer to something else",
    () => json(resultOf(99)),
    /its answer is no answer/,
  ],
  [
    "no JSON",
    () => new Response("{", { headers: { "content-type": "application/json" } }),
    /its answer is no answer/,
  ],
  ["a body too large", () => json(resultOf(1, "x".repeat(20_000))), /too large/],
  [
    "an event too large",
    () => stream([event(resultOf(1, "x".repeat(20_000)))]),
    /maxSseBufferBytes = 10000/,
  ],
  ["a stream without it", () => stream([": nothing\n\n"]), /its stream ended before the answer/],
  [
    "a compressed body",
    () =>
      new Response(new Uint8Array([31, 139, 8, 0]), {
        headers: { "content-type": "application/json", "content-encoding": "gzip" },
      }),
    /failed|no answer|without an answer|answered with/,
  ],
];

for (const [what, answer, told] of NO_ANSWERS) {
  Deno.test(`an upstream that answers with ${what} has failed, and the next call is sent`, async () => {
    await using server = upstream(answer);
    await using scene = await play(server.url, { maxBytes: 10_000 });
    for (const id of [1, 2]) {
      scene.say(call(id));
      const { error } = await scene.answer(id);
      ok(error !== undefined);
      if (what !== "an event too large" || id === 1) match(textOfError({ error }), told);
    }
    equal(server.seen.length, 2);
  });
}

Deno.test("an upstream that is not there ends nothing: each request is told, and it may come later", async () => {
  const port = freePort();
  await using scene = await play(new URL(`http://127.0.0.1:${port}/mcp`));
  for (const id of [1, 2]) {
    scene.say(call(id));
    equal(codeOf(await scene.answer(id)), -31502);
  }
  equal(scene.notes.filter((note) => note.includes("the upstream server failed")).length, 1);
  await using _server = upstream(({ body }) => json(resultOf(body?.id)), { port });
  scene.say(call(3));
  deepEqual(await scene.answer(3), resultOf(3));
});

Deno.test("an upstream that dies in the middle of a stream ends the call and nothing else", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using scene = await play(new URL(`http://127.0.0.1:${listener.addr.port}/mcp`));
  scene.say(call(1));
  const connection = await listener.accept();
  await connection.read(new Uint8Array(64 * 1024));
  const head =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n";
  await connection.write(new TextEncoder().encode(`${head}\r\n9\r\ndata: {"i\r\n`));
  connection.close();
  const answer = await scene.answer(1);
  equal(codeOf(answer), -31502);
  match(textOfError(answer), /its stream ended before the answer/);
});

// INVARIANT: a message on stdio is one line: a body of HTTP may be laid out over many.
Deno.test("a message on stdio is one line: a body of HTTP may be laid out over many", async () => {
  const body = JSON.stringify(resultOf(1), null, 2).replaceAll("\n", "\r\n");
  const lines = JSON.stringify(resultOf(2), null, 1).split("\n").map((line) => `data: ${line}\n`);
  await using server = upstream((seen) =>
    seen.body?.id === 1
      ? new Response(body, { headers: { "content-type": "application/json" } })
      : stream([`${lines.join("")}\n`])
  );
  await using scene = await play(server.url);
  scene.say(call(1));
  deepEqual(await scene.answer(1), resultOf(1));
  scene.say(call(2));
  deepEqual(await scene.answer(2), resultOf(2));
  equal(scene.stdout.text.split("\n").length, 3);
  ok(!scene.stdout.text.includes("\r"));
});

Deno.test("64 requests wait side by side; their answers come in any order, in whole lines", async () => {
  const ids = [...Array(64).keys()];
  const all = Promise.withResolvers<void>();
  await using server = upstream(async ({ body }) => {
    if (server.seen.length === ids.length) all.resolve();
    await all.promise;
    const id = Number(body?.id);
    const text = String(id).repeat(5_000);
    return id % 2 === 0 ? json(resultOf(id, text)) : stream([event(resultOf(id, text))]);
  });
  await using scene = await play(server.url);
  scene.stdout.mood = "dawdles";
  scene.say(...ids.map(call));
  for (const id of ids) deepEqual(await scene.answer(id), resultOf(id, String(id).repeat(5_000)));
});

Deno.test("a client that reads nothing stops the upstream, and both are let go in the end", async () => {
  let sent = 0;
  const closed = Promise.withResolvers<void>();
  const note = {
    jsonrpc: "2.0",
    method: "notifications/message",
    params: { level: "info", data: "x".repeat(60_000) },
  };
  const bytes = new TextEncoder().encode(event(note));
  await using server = upstream(() =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          sent += bytes.length;
          controller.enqueue(bytes);
        },
        cancel: () => closed.resolve(),
      }),
      { headers: { "content-type": "text/event-stream" } },
    )
  );
  await using scene = await play(server.url, { bounds: { transportTimeoutMs: 1_500 } });
  scene.stdout.mood = "sleeps";
  scene.say(call(1));
  equal(await scene.code, 1);
  await closed.promise;
  ok(sent < 32 * 1024 * 1024, `${sent} bytes were taken for a client that reads none`);
  match(scene.notes.join(""), /the client took no bytes for 1500 ms/);
});

Deno.test("an upstream that never replies is left when the client leaves", async () => {
  const over = Promise.withResolvers<Response>();
  await using server = upstream(() => over.promise);
  await using scene = await play(server.url);
  scene.say(call(1));
  await eventually("the call", () => server.seen.length === 1);
  const startedMs = performance.now();
  scene.stdin.end();
  equal(await scene.code, 0);
  ok(performance.now() - startedMs < 4_000);
  const answer = await scene.answer(1);
  equal(codeOf(answer), -31502);
  match(textOfError(answer), /the client ended the conversation/);
  over.resolve(accepted());
});

Deno.test("what is under way when the client closes stdin may still be answered", async () => {
  await using server = upstream(async ({ body }) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return json(resultOf(body?.id));
  });
  await using scene = await play(server.url);
  scene.say(call(1));
  scene.stdin.end();
  equal(await scene.code, 0);
  deepEqual(await scene.answer(1), resultOf(1));
});

Deno.test("a signal ends it at once: what waits is told, the session is ended", async () => {
  await using server = upstream(legacy(() => stream([": waits\n\n"], { open: true })));
  await using scene = await play(server.url);
  await shakeHands(scene);
  scene.say(legacyCall(1));
  await eventually("the call", () => server.seen.some(({ body }) => body?.id === 1));
  scene.signals.send("SIGTERM");
  equal(await scene.code, 143);
  match(textOfError(await scene.answer(1)), /the proxy was asked to stop/);
  ok(server.seen.some(({ method }) => method === "DELETE"));
  ok(!scene.signals.listening);
});

Deno.test("a client that is gone ends it", async () => {
  await using server = upstream(({ body }) => json(resultOf(body?.id)));
  await using scene = await play(server.url);
  scene.stdout.mood = "gone";
  scene.say(call(1));
  equal(await scene.code, 0);
});

Deno.test("an upstream that does not take a notification holds nothing up for ever", async () => {
  const over = Promise.withResolvers<Response>();
  await using slow = upstream((seen, request) =>
    seen.body?.method === "notifications/roots/list_changed"
      ? over.promise
      : legacy(({ body }) => json(resultOf(body?.id)))(seen, request)
  );
  await using scene = await play(slow.url, { bounds: { transportTimeoutMs: 300 } });
  await shakeHands(scene);
  scene.say({ jsonrpc: "2.0", method: "notifications/roots/list_changed" }, legacyCall(1));
  deepEqual(await scene.answer(1), resultOf(1));
  over.resolve(accepted());
});

Deno.test("the proxy's own credential goes with every request; without it nothing is sent", async () => {
  let token: string | undefined = "t-1";
  await using server = upstream(({ body }) => json(resultOf(body?.id)));
  await using scene = await play(server.url, {
    headers: () =>
      token === undefined
        ? Promise.reject(new Error("/secret/path"))
        : Promise.resolve([["authorization", `Bearer ${token}`]]),
  });
  scene.say(call(1));
  await scene.answer(1);
  equal(server.seen[0]?.headers.get("authorization"), "Bearer t-1");
  token = undefined;
  scene.say(call(2));
  match(textOfError(await scene.answer(2)), /this proxy cannot read its credential/);
  equal(server.seen.length, 1);
  ok(!scene.notes.join("").includes("t-1"));
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
