/**
 * A stage over the real HTTP handler: a client that posts, and an upstream that answers with streams.
 *
 * A case plays in one session, which the stage begins, unless the case begins it itself or is over
 * with the one message of its client.
 * @module
 */

import assert from "node:assert/strict";
import { localHttpIdentity } from "../../src/identity/http_identity.ts";
import { HttpHandler } from "../../src/transport/http/handler.ts";
import { eventually } from "../e2e/harness.ts";
import { openVectorGateway } from "./gateway.ts";
import { HttpClient } from "./http_client.ts";
import { HttpNames } from "./http_names.ts";
import { HttpUpstream, isRequest, messagesOf } from "./http_upstream.ts";
import { type Consequences, frameOf, type Stage, type Vector } from "./vector.ts";

/** Opens a stage for one case. */
export async function httpStage(policy: string, { steps }: Vector): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const gateway = stack.use(await openVectorGateway(policy));
  const upstream = stack.use(new HttpUpstream());
  const handler = stack.use(
    new HttpHandler({
      gateway,
      upstreams: [{
        path: "/mcp",
        ssePath: null,
        target: { kind: "http", url: upstream.url },
        identity: localHttpIdentity(),
        gateway,
        name: null,
      }],
      hosts: undefined,
      origins: new Set(),
      keepAliveMs: 0,
      sessionIdleMs: 60_000,
      maxSessions: 10,
    }),
  );
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  const server = Deno.serve(options, (request) => handler.handle(request));
  stack.defer(() => server.shutdown());
  const client = stack.use(new HttpClient(`http://127.0.0.1:${server.addr.port}/mcp`));
  const ends = { client, upstream, names: new HttpNames() };
  if (needsSession(steps)) await begin(ends);
  const owned = stack.move();
  return {
    send: (from, frame) => send(from, frame, ends),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Ends {
  readonly client: HttpClient;
  readonly upstream: HttpUpstream;
  readonly names: HttpNames;
}

async function send(
  from: "client" | "upstream",
  frame: Uint8Array,
  { client, upstream, names }: Ends,
): Promise<Consequences> {
  if (from === "client") {
    await client.post(frame);
    const requests = messagesOf(frame).filter(isRequest).length;
    // every request is answered or forwarded, those of a batch in any order
    const arrived = () => client.messages.length + upstream.seen.length;
    const isRefused = () => client.messages.length > 0 && upstream.seen.length === 0;
    await eventually("what a frame leads to", () => arrived() >= requests || isRefused());
  } else {
    if (!upstream.canSpeak) await client.listen();
    const { marker } = upstream.send(names.spoken(frame));
    await client.reads(marker);
  }
  return {
    toClient: client.messages.splice(0),
    toUpstream: names.arrived(frame, upstream.seen.splice(0)),
  };
}

function needsSession(steps: Vector["steps"]): boolean {
  const [first] = steps;
  if (first === undefined) return false;
  const { from, bytes } = frameOf(first);
  if (from === "upstream") return true;
  const begins = messagesOf(bytes).some(({ method }) => method === "initialize");
  return !begins && steps.length > 1;
}

/** The handshake, of which the case does not speak. */
async function begin(ends: Ends): Promise<void> {
  const text = (value: object) => new TextEncoder().encode(JSON.stringify(value));
  const about = { protocolVersion: "2025-11-25", capabilities: {} };
  const params = { ...about, clientInfo: { name: "stage", version: "1" } };
  const result = { ...about, serverInfo: { name: "stage", version: "1" } };
  const method = "initialize";
  await send("client", text({ jsonrpc: "2.0", id: "begin", method, params }), ends);
  await send("upstream", text({ jsonrpc: "2.0", id: "begin", result }), ends);
  await send("client", text({ jsonrpc: "2.0", method: "notifications/initialized" }), ends);
  assert.ok(ends.client.hasSession);
}
