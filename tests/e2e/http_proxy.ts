/**
 * The HTTP proxy as a process of its own, for as long as a scope lasts.
 *
 * `AEGIS_PROXY` may hold the command line of another proxy, in which `{upstream}`, `{policy}`,
 * `{port}`, `{principal}` and `{audit}` are filled in: for trying the tests themselves out.
 * @module
 */

import { COMMANDS } from "../../src/cli/commands.ts";
import { deno, ROOT } from "./harness.ts";
import { freePort, type Listening, startListening } from "./listening.ts";

/** What a proxy is told. */
export interface ProxyPlan {
  /** URL of the server behind it. */
  readonly upstream: string;
  /** Path of the policy. */
  readonly policy: string;
  /** The loopback port it listens on. */
  readonly port: number;
  /** Who every client is. */
  readonly principal: string;
  /** Path of the audit file. */
  readonly audit: string;
}

/** Gives the command line of a proxy, program first. */
export type ProxyCommand = (plan: ProxyPlan) => readonly string[];

/** What may be chosen of a proxy. */
export interface ProxyOptions {
  /** Default {@linkcode PROXY}. */
  readonly command?: ProxyCommand;
  /** Path of the policy. Default {@linkcode OPEN_POLICY}. */
  readonly policy?: string;
  /** Default `tester`. */
  readonly principal?: string;
  /** The path of its endpoint. Default: that of the upstream's URL. */
  readonly path?: string;
}

/** A proxy that answers. */
export interface Proxy extends Listening {
  /** The URL that clients use. */
  readonly url: string;
  /** Path of the audit file; it goes with the proxy. */
  readonly audit: string;
}

/** Everything is allowed, arguments and results are not inspected. */
export const OPEN_POLICY: string = `${ROOT}policies/open.yaml`;

/** Clients of others leave streams open, for which a proxy that ends would wait. */
const GRACE_S = "1";

/** Which proxy the tests talk through, as {@linkcode writtenCommand} takes it. */
export const PROXY: string = Deno.env.get("AEGIS_PROXY") ?? "1";

/** Whether it is there. */
export const PROXY_EXISTS: boolean = PROXY !== "1" || COMMANDS.some(({ name }) => name === "serve");

/** `mcp-aegis serve`, run from the source. */
export function serveCommand(plan: ProxyPlan): readonly string[] {
  const { command, args } = deno(
    "src/cli/main.ts",
    ...["serve", "--upstream", plan.upstream, "--policy", plan.policy],
    // what a server speaks is said, not guessed; here its address tells
    ...(plan.upstream.endsWith("/sse") ? ["--upstream-transport", "sse"] : []),
    ...["--port", `${plan.port}`, "--principal", plan.principal, "--audit", plan.audit],
  );
  return [command, ...args];
}

/**
 * A command line as text: words, in which `{upstream}`, `{port}` and the others are filled in. `1` is
 * {@linkcode serveCommand}.
 */
export function writtenCommand(text: string): ProxyCommand {
  if (text === "1") return serveCommand;
  const filled = (word: string, plan: ProxyPlan) =>
    Object.entries(plan).reduce((made, [key, value]) => made.replaceAll(`{${key}}`, value), word);
  return (plan) =>
    text.split(/\s+/).filter((word) => word !== "").map((word) => filled(word, plan));
}

/**
 * Starts a proxy in front of `upstream` and waits until it listens.
 *
 * @throws {Error} when it ends before, or does not listen in 20 s; with what it said.
 */
export async function startProxy(upstream: string, options: ProxyOptions = {}): Promise<Proxy> {
  const { command = writtenCommand(PROXY), policy = OPEN_POLICY, principal = "tester" } = options;
  const folder = await Deno.makeTempDir({ prefix: "aegis-proxy-" });
  const [port, audit] = [freePort(), `${folder}/audit.jsonl`];
  const argv = command({ upstream, policy, port, principal, audit });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  // What it keeps between runs goes into the folder too.
  const env = { XDG_STATE_HOME: folder, TARGET_SHUTDOWN_TIMEOUT: GRACE_S };
  const child = await startListening({ argv, port, env });
  stack.use(child);
  const owned = stack.move();
  return {
    url: `http://127.0.0.1:${port}${options.path ?? new URL(upstream).pathname}`,
    audit,
    pid: child.pid,
    stderr: child.stderr,
    stop: child.stop,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * A test that talks through the proxy with a client of others, which leaves timers behind; left out
 * for as long as there is no proxy that can do it.
 */
export function testThroughProxy(
  name: string,
  fn: () => Promise<void>,
  { able = PROXY_EXISTS } = {},
): void {
  Deno.test({ name, fn, ignore: !able, sanitizeOps: false, sanitizeResources: false });
}
