import assert from "node:assert/strict";
import { callBody, Edge, post, postHead, statusOf } from "./edge_support.ts";

const MODERN = [
  "MCP-Protocol-Version: 2026-07-28",
  "Mcp-Method: tools/call",
  "Mcp-Name: good",
];

function modernBody(): string {
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "c", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const params = { name: "good", arguments: {}, _meta };
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
}

async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("a modern client that goes away has cancelled the stream of its answer", async () => {
  const gone = Promise.withResolvers<void>();
  await using edge = await Edge.open({
    upstream: () => {
      const stream = new ReadableStream({ cancel: () => gone.resolve() });
      return new Response(stream, { headers: { "content-type": "text/event-stream" } });
    },
  });
  {
    using client = await edge.connect();
    await client.write(post(edge, modernBody(), MODERN));
    assert.equal(statusOf(await client.until("\r\n\r\n")), 200);
  }
  await gone.promise;
  await until(() => edge.handler.requests === 0);
});

for (const era of ["modern", "legacy"] as const) {
  Deno.test(`a ${era} client that goes away before the answer`, async () => {
    const asked = Promise.withResolvers<void>();
    const answering = Promise.withResolvers<void>();
    await using edge = await Edge.open({
      upstream: async () => {
        asked.resolve();
        await answering.promise;
        return Response.json({ jsonrpc: "2.0", id: 1, result: { content: [] } });
      },
    });
    {
      using client = await edge.connect();
      const text = era === "modern" ? post(edge, modernBody(), MODERN) : post(edge, callBody(1));
      await client.write(text);
      await asked.promise;
    }
    if (era === "modern") {
      // it has cancelled: the upstream is asked no more, although it has not answered
      await until(() => edge.handler.requests === 0);
    } else {
      // it has cancelled nothing: the upstream is asked until it answers
      assert.equal(statusOf(await edge.raw(postHead(edge, [], "/nowhere"))), 404);
      assert.equal(edge.handler.requests, 1);
    }
    answering.resolve();
    await until(() => edge.handler.requests === 0 && edge.listener.connections === 0);
  });
}
