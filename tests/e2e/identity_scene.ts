/**
 * A `serve` process that takes tokens, between agents that show them and an upstream that notes all
 * it receives.
 * @module
 */

import assert from "node:assert/strict";
import { startIssuer, type TestIssuer } from "../fixtures/issuer.ts";
import { deno, ROOT, tempFolder } from "./harness.ts";
import { type Proxy, startProxy } from "./http_proxy.ts";
import { RawHttp, type RawReply } from "./raw_http.ts";

/** Reads take a scope and writes another. */
const POLICY = `version: "1"
principals:
  agents:
    roles: [agent]
    tools:
      - { pattern: "up:*", actions: [read], scopes: [files:read] }
      - { pattern: "up:*", actions: [write], scopes: [files:write] }
servers:
  up:
    tools:
      look: { action: read }
      change: { action: write }
`;

/** Who may ask the issuers for tokens. */
export const CLIENTS = [
  { id: "reader", secret: "r", scopes: ["files:read"], roles: ["agent"] },
  { id: "writer", secret: "w", scopes: ["files:read", "files:write"], roles: ["agent"] },
] as const;

/** What a test wants of its scene. */
export interface SceneWanted {
  /** More flags of `serve`, once the issuers are there. */
  readonly flags?: (issuers: readonly TestIssuer[]) => readonly string[];
  /** How many issuers. Default 1. */
  readonly issuers?: number;
  /** Changes them before the proxy starts. */
  readonly before?: (issuers: readonly TestIssuer[]) => void;
  /** Durations pass a hundred times as fast for the proxy. Default false. */
  readonly fast?: boolean;
}

/** What reached the upstream. */
interface Received {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

/** The scene. */
export class Scene implements AsyncDisposable {
  readonly proxy: Proxy;
  readonly issuers: readonly TestIssuer[];
  readonly received: readonly Received[];
  /** What clients were told. */
  readonly #told: string[] = [];
  readonly #tokens = new Set<string>();
  readonly #owned: AsyncDisposableStack;

  /** Use {@linkcode startScene}. */
  constructor(
    { proxy, issuers, received, owned }:
      & Pick<Scene, "proxy" | "issuers" | "received">
      & { readonly owned: AsyncDisposableStack },
  ) {
    this.proxy = proxy;
    this.issuers = issuers;
    this.received = received;
    this.#owned = owned;
  }

  /** The first issuer. */
  get issuer(): TestIssuer {
    const [first] = this.issuers;
    assert.ok(first);
    return first;
  }

  /** An agent; it has not connected. */
  agent(token?: string): Agent {
    const agent = new Agent(this.proxy.url, (token, reply) => {
      if (token !== undefined) this.#tokens.add(token);
      this.#told.push(JSON.stringify([[...reply.headers], reply.messages]));
    });
    agent.token = token;
    return agent;
  }

  /** An agent of an issuer's token for this proxy, with the role and scopes it is given. */
  async agentOf(
    claims: Readonly<Record<string, unknown>> = {},
    { issuer = this.issuer, typ = "at+jwt" }: {
      readonly issuer?: TestIssuer;
      readonly typ?: string;
    } = {},
  ): Promise<Agent> {
    return this.agent(await this.mint(claims, { issuer, typ }));
  }

  /** A token for this proxy. */
  mint(
    claims: Readonly<Record<string, unknown>> = {},
    { issuer = this.issuer, typ = "at+jwt" }: {
      readonly issuer?: TestIssuer;
      readonly typ?: string;
    } = {},
  ): Promise<string> {
    const usual = { aud: this.proxy.url, roles: ["agent"], scope: "files:read" };
    return issuer.mint({ ...usual, ...claims }, { header: { typ } });
  }

  /** The audit so far. */
  async audit(): Promise<readonly Entry[]> {
    const text = await Deno.readTextFile(this.proxy.audit);
    return text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  /** Who made calls, in order, with what was decided. */
  async calls(): Promise<readonly string[]> {
    return (await this.audit())
      .filter(({ method, direction }) =>
        method === "tools/call" && direction === "client-to-upstream"
      )
      .map(({ principal, resource, effect }) => `${principal} ${resource?.name} ${effect}`);
  }

  // INVARIANT: A client's token never goes upstream.
  /** Looks for every token that was shown, in all that was written and sent. */
  async assertNoTrace(): Promise<void> {
    const places = {
      upstream: JSON.stringify(this.received.map(({ headers, body }) => [[...headers], body])),
      audit: await Deno.readTextFile(this.proxy.audit),
      stderr: this.proxy.stderr(),
      answers: this.#told.join("\n"),
    };
    assert.ok(this.#tokens.size > 0);
    for (const token of this.#tokens) {
      // the header of a token is no secret, and may be that of many
      const parts = token.split(".");
      for (const part of parts.length === 3 ? [token, ...parts.slice(1)] : [token]) {
        for (const [place, text] of Object.entries(places)) {
          assert.ok(!text.includes(part), `a token is in what went to: ${place}`);
        }
      }
    }
    for (const { headers } of this.received) assert.equal(headers.get("authorization"), null);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }
}

/** A line of the audit. */
export interface Entry {
  readonly method?: string;
  readonly direction?: string;
  readonly principal?: string;
  readonly effect?: string;
  readonly resource?: { readonly name: string };
  readonly event?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** A client that shows its token, and tells the scene what it was told. */
export class Agent extends RawHttp {
  readonly #tell: (token: string | undefined, reply: RawReply) => void;

  constructor(url: string, tell: (token: string | undefined, reply: RawReply) => void) {
    super(url);
    this.#tell = tell;
  }

  override async post(
    message: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawReply> {
    const { token } = this;
    const reply = await super.post(message, headers);
    this.#tell(token, reply);
    return reply;
  }
}

/** Starts everything. */
export async function startScene(wanted: SceneWanted = {}): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const issuers: TestIssuer[] = [];
  for (let n = 0; n < (wanted.issuers ?? 1); n++) {
    issuers.push(stack.use(await startIssuer({ clients: CLIENTS })));
  }
  wanted.before?.(issuers);
  const received: Received[] = [];
  const upstream = stack.use(recordingUpstream(received));
  const folder = stack.use(await tempFolder());
  const policy = await folder.write("policy.yaml", POLICY);
  const more = wanted.flags?.(issuers) ?? [];
  const proxy = stack.use(
    await startProxy(`http://127.0.0.1:${upstream.addr.port}/mcp`, {
      policy,
      command: ({ upstream, policy, port, audit }) => {
        const flags = ["--upstream", upstream, "--name", "up", "--policy", policy];
        flags.push("--port", `${port}`, "--audit", audit);
        flags.push(...issuers.flatMap(({ issuer }) => ["--issuer", issuer]), ...more);
        const { command, args } = deno("src/cli/main.ts", "serve", ...flags);
        const [run = "", ...rest] = args;
        const early = wanted.fast ? [`--preload=${ROOT}tests/fixtures/fast_clock.ts`] : [];
        return [command, run, ...early, ...rest];
      },
    }),
  );
  return new Scene({ proxy, issuers, received, owned: stack.move() });
}

/** Gives every call the same answer. */
function recordingUpstream(received: Received[]): Deno.HttpServer<Deno.NetAddr> {
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  return Deno.serve(options, async (request) => {
    const body = await request.text();
    received.push({ method: request.method, headers: request.headers, body });
    const { id, method } = body === ""
      ? {} as { id?: unknown; method?: unknown }
      : JSON.parse(body);
    if (id === undefined) return new Response(null, { status: 202 });
    if (method !== "initialize") {
      return Response.json({ jsonrpc: "2.0", id, result: { content: [] } });
    }
    const about = { capabilities: { tools: {} }, serverInfo: { name: "up", version: "1" } };
    const result = { protocolVersion: "2025-06-18", ...about };
    const headers = { "mcp-session-id": crypto.randomUUID() };
    return Response.json({ jsonrpc: "2.0", id, result }, { headers });
  });
}
