/**
 * One run of the stdio shim: the server first, then policy and audit, then the client's messages.
 * @module
 */

import type { PolicyEngine } from "./access/decision.ts";
import type { PinBoard } from "./access/pins.ts";
import { createGateway } from "./assemble.ts";
import type { PlacedSink } from "./audit/chain_sink.ts";
import { digestText } from "./audit/digest.ts";
import type { AuditChoice } from "./audit/open_sink.ts";
import { systemClock } from "./base/clock.ts";
import type { JsonObject } from "./base/json.ts";
import type { Limits } from "./base/limits.ts";
import { createLogger, type Logger, type LogLevel } from "./base/log.ts";
import type { Channel } from "./gateway/channel.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { lateBoard } from "./inspect/pins/late_board.ts";
import type { PinChoice } from "./inspect/pins/place.ts";
import { allMethods } from "./mcp/methods.ts";
import { localAuthenticator } from "./identity/authenticator.ts";
import type { Policy } from "./policy/policy.ts";
import { programName, spawnChild } from "./transport/stdio/child.ts";
import { childEnvironment, environmentNotice } from "./transport/stdio/environment.ts";
import { NoteWriter } from "./transport/stdio/notes.ts";
import { runShim } from "./transport/stdio/pump.ts";
import { systemTimers } from "./transport/stdio/timers.ts";

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
export interface ShimPlan {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly policyFile: string;
  /** The server's name in patterns; undefined leaves it to the presets. */
  readonly name: string | undefined;
  readonly principal: string;
  readonly roles: readonly string[];
  /** Tool calls a minute for each principal. */
  readonly callsPerMinute: number | undefined;
  readonly audit: AuditChoice;
  readonly auditKeyFile: string | undefined;
  readonly auditArguments: boolean;
  /** Where it is kept what the server's tools were; `none` keeps nothing, and lets every change pass. */
  readonly pins: PinChoice | { readonly kind: "none" };
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
  readonly limits: Limits;
  /** Told once the log is there. */
  readonly warnings: readonly string[];
}

/**
 * Runs the shim as the command line does: the server is started first, and the client's messages
 * wait until the policy is good and the audit open.
 *
 * @throws {ConfigurationError} when the policy is not good; nothing was forwarded.
 * @throws {AegisError} when the server cannot be started or the audit cannot be opened.
 */
export async function startShim(plan: ShimPlan): Promise<number> {
  const notes = new NoteWriter(Deno.stderr);
  const log = createLogger({
    level: plan.logLevel,
    format: plan.logFormat,
    clock: systemClock,
    write: (line) => notes.write(line),
  });
  for (const warning of plan.warnings) log.log("WARNING", warning);
  const opened: { gateway?: Gateway; audit?: PlacedSink & { readonly head?: string } } = {};
  const open = async (): Promise<Channel> => {
    // Loaded while the server starts.
    const { loadPolicy } = await import("./policy/load.ts");
    const { openSink } = await import("./audit/open_sink.ts");
    const policy = await loadPolicy(plan.policyFile, {
      limits: plan.limits,
      knownMethods: new Set(allMethods().map(({ method }) => method)),
      upstream: { argv: plan.argv, ...(plan.name === undefined ? {} : { name: plan.name }) },
    });
    const audit = await openSink({ choice: plan.audit, keyFile: plan.auditKeyFile });
    opened.audit = audit;
    const gateway = opened.gateway = createGateway({
      authenticator: localAuthenticator({ principal: plan.principal, roles: plan.roles }),
      policy,
      audit,
      recordArguments: plan.auditArguments,
      limits: plan.limits,
      log,
      ...pinsOf(plan, log),
      ...(plan.callsPerMinute === undefined
        ? {}
        : { rateLimit: { capacity: plan.callsPerMinute } }),
    });
    loadAhead(plan, policy);
    await gateway.event("start", startDetail(plan, policy));
    tellStart(log, { plan, policy, place: audit.place });
    return await gateway.openChannel({
      credentials: { kind: "local" },
      upstream: policy.upstreamName,
      transport: "stdio",
    });
  };
  try {
    const name = plan.name ?? programName(plan.argv);
    return await runChild({ ...plan, name, log, notes, channel: open });
  } finally {
    await opened.gateway?.[Symbol.asyncDispose]();
    tellEnd(log, opened.audit);
    await notes.flush({ ms: LAST_NOTES_MS, timers: systemTimers });
  }
}

/** Loads what the first list will ask for while the server starts; what cannot be loaded fails there. */
function loadAhead({ pins }: ShimPlan, { inspection: { results } }: Policy): void {
  const keepsPins = pins.kind !== "none";
  const inspects = [results.hidden, results.secrets, results.injection].some((on) => on !== "off");
  void Promise.allSettled([
    ...(keepsPins ? [import("./inspect/pins/book.ts"), import("./inspect/pins/place.ts")] : []),
    ...(keepsPins ? [import("./policy/recognise_command.ts")] : []),
    ...(inspects ? [import("./inspect/results/inspect_result.ts")] : []),
  ]);
}

function pinsOf({ pins, argv, name }: ShimPlan, log: Logger): { readonly pins?: PinBoard } {
  if (pins.kind === "none") return {};
  const nameOfPins = async () => name ?? await presetName(argv);
  return { pins: lateBoard({ choice: pins, argv, name: nameOfPins, digest: digestText, log }) };
}

/** A preset's own name: short names such as `db` are shared by servers that have nothing in common. */
async function presetName(argv: readonly string[]): Promise<string | undefined> {
  const { recogniseCommand } = await import("./policy/recognise_command.ts");
  return recogniseCommand(argv)?.name;
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

/** How long stderr may take for the last notes. */
const LAST_NOTES_MS = 200;

/** Its name in a policy of ours; engines of others have none. */
function upstreamNameOf(policy: PolicyEngine & { readonly upstreamName?: string | null }) {
  return policy.upstreamName ?? null;
}

function startDetail(plan: ShimPlan, policy: Policy): JsonObject {
  return {
    policy: policy.hash,
    policyFile: policy.file,
    rules: policy.ruleCount,
    upstream: policy.upstreamName,
    presets: policy.presets,
    principal: plan.principal,
    roles: plan.roles,
    observing: policy.observing,
  };
}

function tellStart(
  log: Logger,
  { plan, policy, place }: {
    readonly plan: ShimPlan;
    readonly policy: Policy;
    readonly place: string;
  },
): void {
  for (const warning of policy.warnings) {
    log.log("WARNING", `${warning.file}:${warning.line}:${warning.column}: ${warning.message}`);
  }
  if (policy.observing) {
    log.log("WARNING", "OBSERVING: what the policy would refuse is forwarded and only recorded");
  }
  const name = policy.upstreamName ?? "(no name; give one with --name)";
  const presets = policy.presets.length === 0 ? "none" : policy.presets.join(",");
  const rules = policy.ruleCount === 1 ? "1 rule" : `${policy.ruleCount} rules`;
  const roles = plan.roles.length === 0 ? "" : ` (${plan.roles.join(",")})`;
  log.log(
    "INFO",
    `server ${name}, preset ${presets}, policy ${plan.policyFile} (${rules}), ` +
      `principal ${plan.principal}${roles}, audit ${place}`,
  );
}

function tellEnd(
  log: Logger,
  audit: (PlacedSink & { readonly head?: string }) | undefined,
): void {
  if (audit?.head !== undefined) {
    log.log("INFO", `audit ${audit.place} ends with head ${audit.head}`);
  }
}
