/**
 * An agent over HTTP: the official client with OAuth, and what passed between it and the others.
 *
 * Discovery (RFC 9728), the token request with `resource` and the new token after a 403 are the SDK's
 * own work. One thing it leaves to us: SDK 1.32.2 asks for the scopes that its provider was made with,
 * not for those that a challenge names; {@linkcode AskingProvider} puts in the latter.
 * @module
 */

import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/client/auth-extensions"
import { ClientCredentialsProvider } from "@modelcontextprotocol/sdk/client/auth-extensions.js";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** One answer that an agent got, of the proxy or of the issuer. */
export interface Answered {
  /** `tools/call write_file`, or `token`. */
  readonly what: string;
  readonly status: number;
  /** The scopes that were asked for, or that the refusal names. */
  readonly scope: string;
  /** The error code of the refusal. */
  readonly error: string;
  /** What came of it, when that is known to be something else than success. */
  outcome?: string;
}

/** What an agent shows of itself. */
export type Credentials =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | {
    readonly kind: "client";
    readonly id: string;
    readonly secret: string;
    readonly issuer: string;
    /** What it asks for; undefined for what it is told to. */
    readonly scope?: string;
  };

/** Asks for the scopes that the last challenge named. */
class AskingProvider extends ClientCredentialsProvider {
  wanted: string | undefined;

  override prepareTokenRequest(): URLSearchParams {
    return super.prepareTokenRequest(this.wanted);
  }
}

/** One agent. */
export class Agent implements AsyncDisposable {
  /** In order. */
  readonly answers: Answered[] = [];
  /** The sessions that it named in its requests. */
  readonly sessions: Set<string> = new Set();
  readonly #client = new Client({ name: "demo", version: "1.0.0" });
  readonly #provider: ClientCredentialsProvider | undefined;
  readonly #transport: StreamableHTTPClientTransport;

  constructor(url: URL, credentials: Credentials) {
    this.#provider = providerOf(credentials);
    const fetch = (input: string | URL, init?: RequestInit) => this.#fetch(input, init);
    this.#transport = new StreamableHTTPClientTransport(url, {
      fetch,
      ...(this.#provider === undefined ? {} : { authProvider: this.#provider }),
      ...(credentials.kind !== "token"
        ? {}
        : { requestInit: { headers: { authorization: `Bearer ${credentials.token}` } } }),
    });
  }

  /** Connects, unless it is refused. */
  async connect(): Promise<void> {
    await succeeds(this.#client.connect(this.#transport));
  }

  /** Asks which tools there are. */
  async tools(): Promise<void> {
    const { tools } = await this.#client.listTools();
    this.#came(`${tools.length} tools`);
  }

  /** Calls a tool, and has it refused perhaps. */
  async call(name: string, args: Record<string, unknown>): Promise<void> {
    const call = this.#client.callTool({ name, arguments: args });
    if (await succeeds(call) && (await call).isError === true) this.#came("failed");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport.terminateSession();
    await this.#client.close();
  }

  #came(outcome: string): void {
    const last = this.answers.at(-1);
    if (last !== undefined) last.outcome = outcome;
  }

  async #fetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(input, init);
    const what = init.method === "POST" ? asked(init.body) : undefined;
    if (what === undefined) return response;
    const session = new Headers(init.headers).get("mcp-session-id");
    if (session !== null) this.sessions.add(session);
    const challenge = response.headers.get("www-authenticate") ?? "";
    const named = parameter(challenge, "scope");
    if (named !== "" && this.#provider instanceof AskingProvider) this.#provider.wanted = named;
    this.answers.push({
      what: what.name,
      status: response.status,
      scope: what.scope ?? named,
      error: what.scope === undefined || response.ok
        ? parameter(challenge, "error")
        : (await response.clone().json()).error,
    });
    return response;
  }
}

function providerOf(credentials: Credentials): ClientCredentialsProvider | undefined {
  if (credentials.kind !== "client") return undefined;
  const { id, secret, issuer, scope } = credentials;
  const options = { clientId: id, clientSecret: secret, expectedIssuer: issuer };
  return scope === undefined
    ? new AskingProvider(options)
    : new ClientCredentialsProvider({ ...options, scope });
}

/** What a body asks for; undefined when it asks for nothing. */
function asked(body: unknown): { readonly name: string; readonly scope?: string } | undefined {
  if (body instanceof URLSearchParams) return { name: "token", scope: body.get("scope") ?? "" };
  const { id, method, params } = JSON.parse(String(body));
  if (id === undefined) return undefined;
  return { name: params?.name === undefined ? method : `${method} ${params.name}` };
}

function parameter(challenge: string, name: string): string {
  return challenge.match(new RegExp(`(?:^|[ ,])${name}="([^"]*)"`))?.[1] ?? "";
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch {
    return false; // what it was told stands in the answers
  }
}
