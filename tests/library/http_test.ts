import assert from "node:assert/strict";
import {
  createGateway,
  httpHandler,
  type HttpHandlerOptions,
  type Limits,
  localAuthenticator,
  localHttpIdentity,
  noneSink,
  parsePolicy,
} from "../../mod.ts";

const POLICY = `
version: "1"
principals:
  tester: { roles: [], tools: [{ pattern: "good", actions: [read, execute] }] }
`;

/** A proxy as a function, in front of a server with sessions whose streams say nothing. */
async function proxyOf(limits: Partial<Limits>, options: Partial<HttpHandlerOptions>) {
  const upstream = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  const gateway = createGateway({
    authenticator: localAuthenticator({ principal: "tester" }),
    policy: await parsePolicy(POLICY, { file: "library.yaml" }),
    audit: noneSink(),
    limits,
  });
  const proxy = httpHandler(gateway, {
    upstream: new URL(`http://127.0.0.1:${upstream.addr.port}/mcp`),
    identity: localHttpIdentity(),
    ...options,
  });
  return {
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
      await upstream.shutdown();
    },
  };
}

async function answer(request: Request): Promise<Response> {
  if (request.method === "GET") {
    return new Response(new ReadableStream(), { headers: { "content-type": "text/event-stream" } });
  }
  const { id } = JSON.parse(await request.text() || "{}") as { id?: number };
  if (id === undefined) return new Response(null, { status: 202 });
  const result = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    serverInfo: { name: "s", version: "1" },
  };
  return Response.json({ jsonrpc: "2.0", id, result }, { headers: { "mcp-session-id": "up" } });
}

function initialize(headers: Readonly<Record<string, string>> = {}): Request {
  return new Request("http://mcp.example/mcp", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      host: "mcp.example",
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-06-18",
        capabilities: {},
        clientInfo: { name: "c", version: "1" },
      },
    }),
  });
}

Deno.test("httpHandler() compares hosts and origins in any case", async () => {
  await using made = await proxyOf({}, {
    hosts: ["MCP.Example"],
    origins: ["https://App.Example"],
  });
  const { proxy } = made;
  const asked: readonly (readonly [headers: Record<string, string>, status: number])[] = [
    [{}, 200],
    [{ host: "mcp.EXAMPLE", origin: "https://app.example" }, 200],
    [{ host: "evil.example" }, 403],
    [{ origin: "https://evil.example" }, 403],
  ];
  for (const [headers, status] of asked) {
    const response = await proxy(initialize(headers));
    await response.body?.cancel();
    assert.equal(response.status, status, JSON.stringify(headers));
  }
});

Deno.test("httpHandler() bounds the streams of one principal", async () => {
  await using made = await proxyOf({ maxStreamsPerPrincipal: 1 }, {});
  const { proxy } = made;
  const begun = await proxy(initialize());
  await begun.body?.cancel();
  const stream = () =>
    proxy(
      new Request("http://mcp.example/mcp", {
        headers: {
          accept: "text/event-stream",
          "mcp-session-id": begun.headers.get("mcp-session-id") ?? "",
        },
      }),
    );
  const first = await stream();
  assert.equal(first.status, 200);
  const second = await stream();
  assert.equal(second.status, 503);
  await second.body?.cancel();
  await first.body?.cancel();
  const third = await stream();
  assert.equal(third.status, 200);
  await third.body?.cancel();
});
