/**
 * One run of the stdio shim: the server first, then policy and audit, then the client's messages.
 * @module
 */

import type { PolicyEngine } from "./access/decision.ts";
import type { Limits } from "./base/limits.ts";
import type { Logger } from "./base/log.ts";
import type { Channel } from "./gateway/channel.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { type LocalPlan, LocalRun } from "./local_run.ts";
import { programName, spawnChild } from "./transport/stdio/child.ts";
import { childEnvironment, environmentNotice } from "./transport/stdio/environment.ts";
import { NoteWriter } from "./transport/stdio/notes.ts";
import { runShim } from "./transport/stdio/pump.ts";

/** Options of {@linkcode wrapCommand}. */
export interface WrapOptions {
  /** The server's name in patterns and in the audit. Default: the one the policy knows it by. */
  readonly name?: string;
  /** `NAME` passes a variable of ours on to the server, `NAME=VALUE` sets one. */
  readonly env?: readonly string[];
}

/**
 * Stands between our own stdin and stdout and a server that it starts, until that ends.
 *
 * @returns the server's exit code; 128 + n when a signal ended it.
 * @throws {AegisError} when the server cannot be started.
 *
 * @example
 * ```ts ignore
 * import { createGateway, jsonlSink, loadPolicy, localAuthenticator, wrapCommand } from "@aegis/cli";
 *
 * const argv = ["npx", "-y", "@modelcontextprotocol/server-filesystem", "/tmp"];
 * await using gateway = createGateway({
 *   authenticator: localAuthenticator({ principal: "my-agent", roles: ["dev"] }),
 *   policy: await loadPolicy("policies.yaml", { upstream: { argv } }),
 *   audit: jsonlSink("audit.jsonl"),
 * });
 * Deno.exit(await wrapCommand(gateway, argv));
 * ```
 */
export function wrapCommand(
  gateway: Gateway,
  argv: readonly string[],
  options: WrapOptions = {},
): Promise<number> {
  const upstream = options.name ?? upstreamNameOf(gateway.policy);
  const { limits, log } = gateway;
  return runChild({
    argv,
    env: options.env ?? [],
    name: upstream ?? programName(argv),
    limits,
    log,
    notes: new NoteWriter(Deno.stderr),
    channel: () =>
      gateway.openChannel({ credentials: { kind: "local" }, upstream, transport: "stdio" }),
  });
}

/** What a `wrap` run is told. */
export interface ShimPlan extends LocalPlan {
  readonly argv: readonly string[];
  readonly env: readonly string[];
}

/**
 * Runs the shim as the command line does: the server is started first, and the client's messages
 * wait until the policy is good and the audit open.
 *
 * @throws {ConfigurationError} when the policy is not good; nothing was forwarded.
 * @throws {AegisError} when the server cannot be started or the audit cannot be opened.
 */
export async function startShim(plan: ShimPlan): Promise<number> {
  await using run = new LocalRun(plan, { argv: plan.argv });
  const { log, notes } = run;
  const name = plan.name ?? programName(plan.argv);
  return await runChild({ ...plan, name, log, notes, channel: () => run.open() });
}

/** What {@linkcode runChild} needs. */
interface Run {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  /** Marks the server's lines on stderr. */
  readonly name: string;
  readonly limits: Limits;
  readonly log: Logger;
  readonly notes: NoteWriter;
  /** Opens the conversation; called once the server was started. */
  readonly channel: () => Promise<Channel>;
}

async function runChild({ argv, env, name, limits, log, notes, channel }: Run): Promise<number> {
  const environment = childEnvironment(Deno.env.toObject(), { pass: env, os: Deno.build.os });
  const child = spawnChild({ argv, env: environment.env });
  const notice = environmentNotice(environment);
  if (notice !== undefined) log.log("INFO", notice);
  return await runShim({
    channel: channel(),
    child,
    name,
    limits,
    log,
    note: (line) => notes.write(line),
  });
}

/** Its name in a policy of ours; engines of others have none. */
function upstreamNameOf(policy: PolicyEngine & { readonly upstreamName?: string | null }) {
  return policy.upstreamName ?? null;
}
