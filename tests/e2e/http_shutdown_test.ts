/**
 * How the proxy ends over HTTP.
 */

import assert from "node:assert/strict";
import { startConformanceServer } from "../fixtures/conformance_server.ts";
import { startProxy, testThroughProxy } from "./http_proxy.ts";
import { speakV2 } from "./speakers.ts";

/** What a process gives that had to be ended by force: 128 + SIGKILL. */
const FORCED = 137;

testThroughProxy("the proxy ends when it is asked to, though a client still listens", async () => {
  await using fixture = startConformanceServer();
  await using proxy = await startProxy(fixture.url);
  const speaker = await speakV2({ url: proxy.url, transport: "http" }, "legacy");
  const answer = await speaker.call("echo", { message: "hello" });
  assert.match(JSON.stringify(answer), /hello/);
  assert.notEqual(await proxy.stop(), FORCED);
  await speaker[Symbol.asyncDispose]();
});
