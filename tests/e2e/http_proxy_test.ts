/**
 * Starting a proxy, with a server in its place.
 */

import assert from "node:assert/strict";
import { deno, testForeignClient } from "./harness.ts";
import { startProxy, writtenCommand } from "./http_proxy.ts";
import { speakV2 } from "./speakers.ts";

const UPSTREAM = "http://127.0.0.1:1/mcp";

function program(file: string, ...args: string[]): () => readonly string[] {
  const { command, args: all } = deno(file, ...args);
  return () => [command, ...all];
}

Deno.test("writtenCommand() fills in what a proxy is told", () => {
  const plan = { upstream: UPSTREAM, policy: "p", port: 7, principal: "me", audit: "a" };
  assert.deepEqual(
    writtenCommand("proxy  --to={upstream} {port} {policy} {principal} {audit} {other}")(plan),
    ["proxy", `--to=${UPSTREAM}`, "7", "p", "me", "a", "{other}"],
  );
});

testForeignClient("startProxy() gives a URL that answers, until the proxy is stopped", async () => {
  const fixture = "tests/fixtures/conformance_server.ts";
  await using proxy = await startProxy(UPSTREAM, {
    command: ({ port }) => program(fixture, "--port", `${port}`)(),
  });
  const speaker = await speakV2({ url: proxy.url, transport: "http" }, "auto");
  assert.equal(speaker.modern, true);
  await speaker[Symbol.asyncDispose]();
  assert.notEqual(await proxy.stop(), 0, "the fixture does not handle SIGTERM");
  await assert.rejects(fetch(proxy.url));
});

Deno.test("startProxy() says what a proxy said that ended at once", async () => {
  await assert.rejects(
    startProxy(UPSTREAM, { command: program("src/cli/main.ts", "no-such-command") }),
    /Cannot start .*no-such-command/s,
  );
});
