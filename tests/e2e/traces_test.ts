/**
 * What a collector of traces hears of a `serve` run that Deno exports from.
 */

import assert from "node:assert/strict";
import { startConformanceServer } from "../fixtures/conformance_server.ts";
import { startCollector } from "../fixtures/otlp_collector.ts";
import { OPEN_POLICY, PROXY, serveCommand, testThroughProxy } from "./http_proxy.ts";
import { freePort, startListening } from "./listening.ts";
import { speakV2 } from "./speakers.ts";

testThroughProxy(
  "serve exports a span of each message, with the trace ids of its audit",
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "aegis-traces-" });
    await using stack = new AsyncDisposableStack();
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    await using collector = startCollector();
    await using fixture = startConformanceServer();
    const [port, audit] = [freePort(), `${folder}/audit.jsonl`];
    const plan = { upstream: fixture.url, policy: OPEN_POLICY, port, principal: "tester", audit };
    await using proxy = await startListening({
      argv: serveCommand(plan),
      port,
      env: { ...collector.env, XDG_STATE_HOME: folder, TARGET_SHUTDOWN_TIMEOUT: "1" },
    });
    const { pathname } = new URL(fixture.url);
    const speaker = await speakV2(
      { url: `http://127.0.0.1:${port}${pathname}`, transport: "http" },
      "legacy",
    );
    await speaker.call("echo", { message: "S3CRET" });
    await speaker[Symbol.asyncDispose]();
    await proxy.stop();

    const spans = collector.spans("mcp-aegis");
    const entries = (await Deno.readTextFile(audit)).trimEnd().split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(({ type }) => type === "message");
    const audited = entries.map(({ trace }) => `${trace}`).sort();
    assert.ok(audited.length > 4, `${audited.length}`);
    assert.deepEqual(spans.map(({ traceId }) => traceId).sort(), audited);
    const tools = spans.map(({ attributes }) => attributes["gen_ai.tool.name"]);
    assert.ok(tools.includes("echo"));
    assert.doesNotMatch(collector.text(), /S3CRET/);
  },
  { able: PROXY === "1" },
);
