/**
 * `deploy/nginx.conf` in a real nginx, in front of two real proxies.
 */

import assert from "node:assert/strict";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { connectOfficial } from "../e2e/official_client.ts";
import type { Proxy } from "../e2e/http_proxy.ts";
import { RawHttp } from "../e2e/raw_http.ts";
import { speakV2 } from "../e2e/speakers.ts";
import { startConformanceServer } from "../fixtures/conformance_server.ts";
import { freePort } from "../e2e/listening.ts";
import { BreakingServer } from "./breaking_server.ts";
import { NGINX, startBalanced, startNginx } from "./nginx.ts";

/** Longer than anything here takes, far shorter than any time-out of nginx or a client. */
const HANGS_MS = 20_000;

function testNginx(name: string, fn: () => Promise<void>): void {
  // clients of others leave timers behind
  const options = { ignore: NGINX === undefined, sanitizeOps: false, sanitizeResources: false };
  Deno.test({ name, fn, ...options });
}

/** How many messages each proxy has written down. */
async function counts(proxies: readonly Proxy[]): Promise<readonly number[]> {
  return await Promise.all(proxies.map(async ({ audit }) => {
    const lines = (await Deno.readTextFile(audit)).split("\n");
    return lines.filter((line) => line.includes('"type":"message"')).length;
  }));
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It hangs for ${HANGS_MS} ms`)), HANGS_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

testNginx(
  "nginx passes each event on when it comes, and keeps a session in its process",
  async () => {
    await using fixture = startConformanceServer();
    await using balanced = await startBalanced(fixture.url);
    await using official = await connectOfficial({ url: balanced.url, transport: "http" });
    // the server asks the client within the stream of the call, and answers it only then
    const call = { name: "test_elicitation", arguments: { message: "Who?" } };
    const answer = await inTime(official.client.callTool(call));
    assert.match(JSON.stringify(answer), /Ada/);
    assert.deepEqual(official.asked, ["elicitation/create"]);
    const [first = 0, second = 0] = await counts(balanced.proxies);
    assert.ok(first + second > 4 && (first === 0 || second === 0), `${first} and ${second}`);
  },
);

testNginx("nginx spreads clients over both processes, each with its session", async () => {
  await using fixture = startConformanceServer();
  await using balanced = await startBalanced(fixture.url);
  for (let n = 0; n < 16; n++) {
    const client = new SignedHttp(balanced.url, `Bearer client-${n}`);
    assert.equal((await client.initialize()).status, 200);
    const { messages: [answer] } = await client.call(1, "echo", { message: `${n}` });
    assert.match(JSON.stringify(answer), new RegExp(`"${n}"`));
  }
  const [first = 0, second = 0] = await counts(balanced.proxies);
  assert.ok(first > 0 && second > 0, `${first} and ${second}`);
});

testNginx("nginx finds the process of a session whose client shows another token", async () => {
  await using fixture = startConformanceServer();
  await using balanced = await startBalanced(fixture.url);
  const client = new SignedHttp(balanced.url, "Bearer first");
  await client.initialize();
  for (let n = 0; n < 16; n++) {
    client.authorization = `Bearer renewed-${n}`;
    const { status, messages: [answer] } = await client.call(n, "echo", { message: `${n}` });
    assert.equal(status, 200);
    assert.match(JSON.stringify(answer), new RegExp(`"${n}"`));
  }
  const [first = 0, second = 0] = await counts(balanced.proxies);
  assert.ok(first === 0 || second === 0, `${first} and ${second}`);
});

testNginx("a killed process costs its clients a new session, and nothing hangs", async () => {
  await using fixture = startConformanceServer();
  await using balanced = await startBalanced(fixture.url);
  const endpoint = { url: balanced.url, transport: "http" } as const;
  await using official = await connectOfficial(endpoint);
  await official.client.callTool({ name: "echo", arguments: { message: "before" } });
  const raw = new RawHttp(balanced.url);
  await raw.initialize();
  const before = await counts(balanced.proxies);
  const holder = before.findIndex((count) => count > 0);
  assert.equal(before[1 - holder], 0);

  // a call under way: nobody ever answers what its server asks
  const stream = await fetch(balanced.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "accept": "application/json, text/event-stream",
      "mcp-session-id": raw.session ?? "",
      "mcp-protocol-version": "2025-06-18",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: "waits",
      method: "tools/call",
      params: { name: "test_elicitation", arguments: { message: "Who?" } },
    }),
  });
  assert.equal(stream.status, 200);
  Deno.kill(balanced.proxies[holder]?.pid ?? 0, "SIGKILL");
  await inTime(stream.text().catch(() => "it broke off"));

  for (let n = 0; n < 4; n++) {
    const { status, messages: [error] } = await inTime(raw.call(n, "echo", { message: "lost" }));
    assert.equal(status, 404);
    assert.match(JSON.stringify(error), /-32001/);
  }
  const again = official.client.callTool({ name: "echo", arguments: { message: "lost" } });
  await assert.rejects(
    inTime(again),
    (error) => error instanceof StreamableHTTPError && error.code === 404,
  );
  await using next = await connectOfficial(endpoint);
  const answer = await inTime(
    next.client.callTool({ name: "echo", arguments: { message: "after" } }),
  );
  assert.match(JSON.stringify(answer), /after/);
  assert.ok(((await counts(balanced.proxies))[1 - holder] ?? 0) > 0);
});

testNginx("nginx brings what a client of HTTP+SSE posts to the process of its stream", async () => {
  await using fixture = startConformanceServer();
  await using balanced = await startBalanced(fixture.url);
  const url = new URL("sse", balanced.url).href;
  await using official = await inTime(connectOfficial({ url, transport: "sse" }));
  const call = { name: "test_elicitation", arguments: { message: "Who?" } };
  assert.match(JSON.stringify(await inTime(official.client.callTool(call))), /Ada/);
});

testNginx("nginx passes modern requests on, and long tokens", async () => {
  await using fixture = startConformanceServer();
  await using balanced = await startBalanced(fixture.url);
  await using speaker = await speakV2({ url: balanced.url, transport: "http" }, "auto");
  assert.equal(speaker.modern, true);
  assert.match(JSON.stringify(await inTime(speaker.call("echo", { message: "hello" }))), /hello/);
  const client = new SignedHttp(balanced.url, `Bearer ${"t".repeat(16 * 1024)}`);
  assert.equal((await client.initialize()).status, 200, "a token of 16 KiB");
});

testNginx("nginx repeats nothing that may have been done, and drops no header", async () => {
  await using first = new BreakingServer();
  await using second = new BreakingServer();
  const port = freePort();
  await using _nginx = await startNginx(port, [first.host, second.host]);
  const session = { "mcp-session-id": "s" };
  const cases: readonly (readonly [Record<string, string>, number, number])[] = [
    [{}, 1, 502],
    [{ "mcp-protocol-version": "2026-07-28", ...session }, 1, 502],
    [{ "mcp-protocol-version": "2099-01-01", ...session }, 1, 502],
    // whoever does not know the session does nothing
    [{ "mcp-protocol-version": "2025-06-18", ...session }, 2, 404],
    [session, 2, 404],
  ];
  for (const [headers, times, status] of cases) {
    const before = first.heads.length + second.heads.length;
    const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
      method: "POST",
      headers: { ...headers, "mcp-param-a_b.c": "odd" },
      body: "{}",
    });
    await response.body?.cancel();
    const heads = [...first.heads, ...second.heads];
    assert.equal(heads.length - before, times, JSON.stringify(headers));
    assert.equal(response.status, status, JSON.stringify(headers));
    for (const head of heads) assert.match(head, /^mcp-param-a_b\.c: odd\r$/im);
  }
});

/** A client that shows a token, which a proxy with a local principal does not look at. */
class SignedHttp extends RawHttp {
  authorization: string;

  constructor(url: string, authorization: string) {
    super(url);
    this.authorization = authorization;
  }

  override post(message: object): ReturnType<RawHttp["post"]> {
    return super.post(message, { authorization: this.authorization });
  }
}
