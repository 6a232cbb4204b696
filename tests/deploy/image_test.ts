/**
 * What the image starts, with the permissions that it gives, and no image: the same bundle, elsewhere.
 */

import assert from "node:assert/strict";
import { bundle, EARLY } from "../../scripts/compile.ts";
import { connectOfficial } from "../e2e/official_client.ts";
import { ROOT } from "../e2e/harness.ts";
import { freePort, startListening } from "../e2e/listening.ts";
import { RawHttp } from "../e2e/raw_http.ts";
import { startConformanceServer } from "../fixtures/conformance_server.ts";
import { startCollector } from "../fixtures/otlp_collector.ts";
import { probe } from "./probe.ts";
import { argumentLists, entrypoint } from "./files.ts";

const KEY = crypto.getRandomValues(new Uint8Array(32)).toHex();
const POLICY = `version: "1"
defaults: { effect: deny, server_may: [elicitation] }
principals:
  developer:
    roles: [dev]
    tools:
      - { pattern: "*", actions: [execute] }
`;

Deno.test({
  name: "the image's command line is enough to serve, to pin, to audit and to trace",
  // clients of others leave timers behind
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "aegis-image-" });
    await using stack = new AsyncDisposableStack();
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    await bundle({ entry: `${ROOT}src/cli/main.ts`, outdir: `${folder}/app`, early: EARLY });
    await Deno.mkdir(`${folder}/etc`);
    await Deno.mkdir(`${folder}/state`);
    await Deno.writeTextFile(`${folder}/etc/policy.yaml`, POLICY);
    await Deno.writeTextFile(`${folder}/etc/api-keys.json`, JSON.stringify([await hashed(KEY)]));

    await using fixture = startConformanceServer();
    await using collector = startCollector();
    const [port, adminPort] = [freePort(), freePort()];
    const replaced: readonly (readonly [string, string])[] = [
      ["/bin/deno", Deno.execPath()],
      ["/app", `${folder}/app`],
      ["/etc/mcp-aegis", `${folder}/etc`],
      ["/var/lib/mcp-aegis", `${folder}/state`],
      ["http://server:3001/mcp", fixture.url],
      ["--port=8443", `--port=${port}`],
      ["--admin-port=9464", `--admin-port=${adminPort}`],
      ["http://127.0.0.1:8080", `http://127.0.0.1:${port}`],
    ];
    const [composed = []] = argumentLists();
    const argv = [...entrypoint(), ...composed]
      .map((word) => replaced.reduce((made, [from, to]) => made.replaceAll(from, to), word));
    // nothing of the machine: no package cache, no home
    const env = { ...collector.env, DENO_DIR: "/nonexistent", HOME: "/nonexistent" };
    await using served = await startListening({ argv, port, env });

    assert.deepEqual(await probe(adminPort), [0, ""]);
    const url = `http://127.0.0.1:${port}${new URL(fixture.url).pathname}`;
    assert.equal((await new RawHttp(url).initialize()).status, 401);
    await using official = await connectOfficial(
      { url, transport: "http" },
      { headers: { authorization: `Bearer ${KEY}` } },
    );
    await official.client.listTools();
    const call = { name: "echo", arguments: { message: "hello" } };
    assert.match(JSON.stringify(await official.client.callTool(call)), /hello/);
    assert.match(await Deno.readTextFile(`${folder}/state/pins.json`), /echo/);
    assert.match(served.stderr(), /"type":"message".*"name":"echo"/);
    assert.doesNotMatch(served.stderr(), /NotCapable|PermissionDenied|requires .* access/);
    await served.stop();
    const tools = collector.spans("mcp-aegis").map((span) => span.attributes["gen_ai.tool.name"]);
    assert.ok(tools.includes("echo"));
  },
});

async function hashed(key: string): Promise<object> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return { id: "agent", hash: `sha256:${new Uint8Array(bytes).toHex()}`, roles: ["dev"] };
}
