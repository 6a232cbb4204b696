/**
 * The dual-era fixture over Streamable HTTP, both eras on one loopback port.
 * @module
 */

import {
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
  type ServerNotifier,
  WebStandardStreamableHTTPServerTransport as Transport,
} from "@modelcontextprotocol/server";
import { dualEraFactory } from "../fixtures/dual_era_definition.ts";

/** A server that answers until its scope ends. */
export interface HttpServer extends AsyncDisposable {
  readonly url: string;
}

/** Tells subscribers what a call has changed: over HTTP the server that was called has none itself. */
function announce(asked: unknown, notify: ServerNotifier): void {
  const text = JSON.stringify(asked);
  const called = (tool: string) => text?.includes(`"name":"${tool}"`) === true;
  if (called("add_tool")) notify.toolsChanged();
  if (called("delete_note") || (called("write_note") && called("third"))) notify.resourcesChanged();
  if (called("write_note") && called("first")) notify.resourceUpdated("note://first");
}

/** Serves on a free port. */
export function serveDualEra(): HttpServer {
  const factory = dualEraFactory();
  const modern = createMcpHandler(factory, { legacy: "reject" });
  const sessions = new Map<string, Transport>();
  const legacy = async (request: Request): Promise<Response> => {
    const id = request.headers.get("mcp-session-id");
    const known = id === null ? undefined : sessions.get(id);
    if (known !== undefined) return known.handleRequest(request);
    const parsedBody = await request.json().catch(() => undefined);
    if (id !== null || !isInitializeRequest(parsedBody)) {
      return new Response(null, { status: id === null ? 400 : 404 });
    }
    const transport: Transport = new Transport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (begun) => void sessions.set(begun, transport),
    });
    const server = await factory({ era: "legacy", requestInfo: request });
    await server.connect(transport);
    return transport.handleRequest(request, { parsedBody });
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => undefined },
    async (incoming, { completed }) => {
      const gone = new AbortController();
      completed.catch((reason) => gone.abort(reason));
      const { url, method, headers, body } = incoming;
      const request = new Request(url, { method, headers, body, signal: gone.signal });
      if (await isLegacyRequest(request)) return legacy(request);
      const asked = await request.clone().json().catch(() => undefined);
      const response = await modern.fetch(request);
      announce(asked, modern.notify);
      return response;
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([modern.close(), ...sessions.values().map((each) => each.close())]);
      await server.shutdown();
    },
  };
}
