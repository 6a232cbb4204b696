import { deepEqual, equal, match, ok } from "node:assert/strict";
import { denying } from "../../gateway/harness.ts";
import { eventually } from "../../e2e/harness.ts";
import {
  accepted,
  begun,
  codeOf,
  event,
  INITIALIZE,
  INITIALIZED,
  json,
  legacy,
  legacyCall,
  type Message,
  play,
  resultOf,
  shakeHands,
  stream,
  textOfError,
  upstream,
} from "./scene.ts";

Deno.test("a session: its id and revision go with every request, and it is ended at the end", async () => {
  await using server = upstream(legacy(({ body }) => json(resultOf(body?.id))));
  await using scene = await play(server.url);
  await shakeHands(scene);
  scene.say(legacyCall(1));
  deepEqual(await scene.answer(1), resultOf(1));
  await eventually("a GET", () => server.seen.some(({ method }) => method === "GET"));
  scene.stdin.end();
  equal(await scene.code, 0);
  const told = server.seen.map(({ method, headers, body }) =>
    [method, body?.method, headers.get("mcp-session-id"), headers.get("mcp-protocol-version")].join(
      " ",
    )
  );
  deepEqual(told.sort(), [
    "DELETE  s-1 2025-11-25",
    "GET  s-1 2025-11-25",
    "POST initialize  ",
    "POST notifications/initialized s-1 2025-11-25",
    "POST tools/call s-1 2025-11-25",
  ]);
  equal(server.seen[0]?.headers.get("accept"), "application/json, text/event-stream");
});

Deno.test("a server without sessions is asked to end none", async () => {
  await using server = upstream((seen, request) =>
    seen.body?.method === "initialize" ? begun(null) : legacy(accepted)(seen, request)
  );
  await using scene = await play(server.url);
  await shakeHands(scene);
  await eventually("a GET", () => server.seen.some(({ method }) => method === "GET"));
  scene.stdin.end();
  equal(await scene.code, 0);
  ok(
    server.seen.every(({ method, headers }) =>
      method !== "DELETE" && !headers.has("mcp-session-id")
    ),
  );
});

Deno.test("the server speaks unasked: its messages reach the client, and the answers the server", async () => {
  const ask = { jsonrpc: "2.0", id: "q", method: "ping" };
  const note = { jsonrpc: "2.0", method: "notifications/tools/list_changed" };
  await using server = upstream(legacy(accepted, {
    get: () => stream([event(note), event(ask)], { open: true }),
  }));
  await using scene = await play(server.url);
  await shakeHands(scene);
  deepEqual(await scene.heard(({ method }) => method === "ping"), ask);
  deepEqual(await scene.heard(({ method }) => method === note.method), note);
  scene.say({ jsonrpc: "2.0", id: "q", result: {} });
  const answer = await eventually(
    "the answer",
    () => server.seen.find(({ body }) => body?.id === "q"),
  );
  equal(answer.headers.get("mcp-session-id"), "s-1");
  equal(answer.headers.get("mcp-protocol-version"), "2025-11-25");
});

Deno.test("what the server may not ask is answered for the client, in the session", async () => {
  const ask = { jsonrpc: "2.0", id: "q", method: "sampling/createMessage", params: {} };
  await using server = upstream(
    legacy(({ body }) => stream([event(ask), event(resultOf(body?.id))])),
  );
  await using scene = await play(server.url, { policy: denying([]) });
  await shakeHands(scene);
  scene.say(legacyCall(1));
  await scene.answer(1);
  const told = await eventually("no", () => server.seen.find(({ body }) => body?.id === "q"));
  ok(codeOf(told.body ?? {}) !== undefined);
  equal(told.headers.get("mcp-session-id"), "s-1");
  ok(scene.stdout.messages.every(({ method }) => method !== "sampling/createMessage"));
});

Deno.test("a stream that ends before the answer is resumed by its last event, after the wait it named", async () => {
  await using server = upstream(legacy(
    () => stream(["id: e-0\nretry: 300\ndata:\n\n"]),
    {
      get: ({ headers }) =>
        headers.get("last-event-id") === "e-0"
          ? stream([event(resultOf(1, "late"), "id: e-1\n")], { open: true })
          : new Response(null, { status: 405 }),
    },
  ));
  await using scene = await play(server.url);
  await shakeHands(scene);
  scene.say(legacyCall(1));
  deepEqual(await scene.answer(1), resultOf(1, "late"));
  const call = server.seen.find(({ body }) => body?.method === "tools/call");
  const resumed = server.seen.find(({ headers }) => headers.has("last-event-id"));
  ok(call !== undefined && resumed !== undefined);
  equal(resumed.headers.get("mcp-session-id"), "s-1");
  ok(resumed.atMs - call.atMs >= 290, `resumed after ${resumed.atMs - call.atMs} ms`);
});

Deno.test("a stream is resumed again and again as long as something comes", async () => {
  const texts = (place: number) => {
    const note = {
      jsonrpc: "2.0",
      method: "notifications/message",
      params: { level: "info", data: place },
    };
    return place < 15
      ? [`retry: 1\n${event(note, `id: ${place}\n`)}`]
      : [event(resultOf(1), `id: ${place}\n`)];
  };
  await using server = upstream(legacy(() => stream(texts(0)), {
    get: ({ headers }) => {
      const last = headers.get("last-event-id");
      return last === null ? new Response(null, { status: 405 }) : stream(texts(Number(last) + 1));
    },
  }));
  await using scene = await play(server.url);
  await shakeHands(scene);
  scene.say(legacyCall(1));
  await scene.answer(1);
  const heard = scene.stdout.messages.filter(({ method }) => method === "notifications/message");
  deepEqual(heard.map(({ params }) => (params as { data: number }).data), [...Array(15).keys()]);
});

Deno.test("a call whose stream cannot be resumed has failed", async () => {
  await using server = upstream(
    legacy(({ body }) =>
      stream(body?.id === 1 ? ["id: e-0\nretry: 1\ndata:\n\n"] : [": nothing\n\n"])
    ),
  );
  await using scene = await play(server.url);
  await shakeHands(scene);
  scene.say(legacyCall(1), legacyCall(2));
  for (const id of [1, 2]) {
    const answer = await scene.answer(id);
    equal(codeOf(answer), -31502);
    match(textOfError(answer), /its stream ended before the answer/);
  }
});

Deno.test("a session that is forgotten ends what waits, is told to people, and can begin again", async () => {
  let known = "s-1";
  const answer = (body: Message | undefined, id: string | null) => {
    if (body?.method === "initialize") return begun(known, body.id);
    if (id !== known) return new Response("gone", { status: 404 });
    return body?.id === undefined ? accepted() : stream([": waits\n\n"], { open: true });
  };
  await using server = upstream(({ method, headers, body }) =>
    method === "POST"
      ? answer(body, headers.get("mcp-session-id"))
      : new Response(null, { status: 405 })
  );
  await using scene = await play(server.url);
  await shakeHands(scene);
  scene.say(legacyCall(1), legacyCall(2));
  await eventually(
    "calls",
    () => server.seen.filter(({ body }) => body?.id !== undefined).length === 3,
  );
  known = "s-2";
  scene.say(legacyCall(3));
  for (const id of [1, 2, 3]) {
    const gone = await scene.answer(id);
    equal(codeOf(gone), -31502);
    match(textOfError(gone), /forgotten the session/);
  }
  ok(scene.notes.some((note) => note.includes("has forgotten the session: restart the client")));
  const before = server.seen.length;
  scene.say(legacyCall(4));
  equal(codeOf(await scene.answer(4)), -31502);
  equal(server.seen.length, before, "nothing is sent to a session that is none");

  scene.say({ ...INITIALIZE, id: "again" });
  scene.say(INITIALIZED);
  await eventually(
    "a session",
    () =>
      server.seen.some(({ headers, body }) =>
        body?.method === "notifications/initialized" && headers.get("mcp-session-id") === "s-2"
      ),
  );
});

Deno.test("a JSON body with a 404 tells the same of a session", async () => {
  await using server = upstream(legacy(() =>
    Response.json(
      { jsonrpc: "2.0", id: null, error: { code: -32001, message: "Session not found" } },
      { status: 404 },
    )
  ));
  await using scene = await play(server.url);
  await shakeHands(scene);
  scene.say(legacyCall(1));
  const gone = await scene.answer(1);
  equal(codeOf(gone), -31502);
  match(textOfError(gone), /forgotten the session/);
});

Deno.test("a cancelled request: the server is told, and its stream is closed", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = upstream(
    legacy(() => stream([": waits\n\n"], { open: true, onCancel: () => closed.resolve() })),
  );
  await using scene = await play(server.url);
  await shakeHands(scene);
  scene.say(legacyCall(1));
  await eventually("the call", () => server.seen.some(({ body }) => body?.id === 1));
  scene.say({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });
  await closed.promise;
  const told = server.seen.find(({ body }) => body?.method === "notifications/cancelled");
  equal(told?.headers.get("mcp-session-id"), "s-1");
  ok(scene.stdout.messages.every(({ id }) => id !== 1));
  // its id may be used again
  scene.say(legacyCall(1));
  await eventually("it again", () => server.seen.filter(({ body }) => body?.id === 1).length === 2);
});
