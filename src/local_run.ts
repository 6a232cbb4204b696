/**
 * What a run for one client on stdio needs, however its server is reached: log, policy, audit,
 * gateway, channel.
 * @module
 */

import type { PinBoard } from "./access/pins.ts";
import { createGateway } from "./assemble.ts";
import type { PlacedSink } from "./audit/chain_sink.ts";
import { digestText } from "./audit/digest.ts";
import { systemClock } from "./base/clock.ts";
import type { JsonObject } from "./base/json.ts";
import { createLogger, type Logger } from "./base/log.ts";
import type { Channel } from "./gateway/channel.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { lateBoard } from "./inspect/pins/late_board.ts";
import { allMethods } from "./mcp/methods.ts";
import { localAuthenticator } from "./identity/authenticator.ts";
import type { Policy } from "./policy/policy.ts";
import type { RunPlan } from "./run_plan.ts";
import { NoteWriter } from "./transport/stdio/notes.ts";
import { systemTimers } from "./transport/stdio/timers.ts";

/** What such a run is told. */
export interface LocalPlan extends RunPlan {
  readonly policyFile: string;
  /** The server's name in patterns; undefined leaves it to the presets. */
  readonly name: string | undefined;
  readonly principal: string;
  readonly roles: readonly string[];
}

/** How the server is reached. */
export interface Reached {
  /** Its command, or its address as the only word: what presets and pins know it by. */
  readonly argv: readonly string[];
  /** More for the audit's first entry. */
  readonly detail?: JsonObject;
  /** Whether the headers that it needs are made of what the client says. */
  readonly mirrored?: boolean;
}

/** How long stderr may take for the last notes. */
const LAST_NOTES_MS = 200;

/** One run: its log at once, the rest when it is opened. */
export class LocalRun implements AsyncDisposable {
  /** Where lines for people go. */
  readonly notes: NoteWriter = new NoteWriter(Deno.stderr);
  readonly log: Logger;
  readonly #plan: LocalPlan;
  readonly #reached: Reached;
  #gateway: Gateway | undefined;
  #audit: (PlacedSink & { readonly head?: string }) | undefined;

  constructor(plan: LocalPlan, reached: Reached) {
    this.#plan = plan;
    this.#reached = reached;
    this.log = createLogger({
      level: plan.logLevel,
      format: plan.logFormat,
      clock: systemClock,
      write: (line) => this.notes.write(line),
    });
    for (const warning of plan.warnings) this.log.log("WARNING", warning);
  }

  /**
   * Reads the policy, opens the audit and the conversation. To be called once.
   *
   * @throws {ConfigurationError} when the policy is not good.
   * @throws {AegisError} when the audit cannot be opened.
   */
  async open(): Promise<Channel> {
    const { limits, policyFile, name, audit: choice, auditKeyFile } = this.#plan;
    const { argv, detail = {}, mirrored = false } = this.#reached;
    // Loaded while the server starts.
    const { loadPolicy } = await import("./policy/load.ts");
    const { openSink } = await import("./audit/open_sink.ts");
    const policy = await loadPolicy(policyFile, {
      limits,
      knownMethods: new Set(allMethods().map(({ method }) => method)),
      upstream: { argv, ...(name === undefined ? {} : { name }) },
    });
    const audit = this.#audit = await openSink({ choice, keyFile: auditKeyFile });
    const gateway = this.#gateway = this.#assembled(policy, audit);
    loadAhead(this.#plan, policy);
    await gateway.event("start", { ...startDetail(this.#plan, policy), ...detail });
    tellStart(this.log, { plan: this.#plan, policy, place: audit.place });
    return await gateway.openChannel({
      credentials: { kind: "local" },
      upstream: policy.upstreamName,
      transport: "stdio",
      mirrored,
    });
  }

  /** Closes the audit, and lets stderr have the last lines. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gateway?.[Symbol.asyncDispose]();
    if (this.#audit?.head !== undefined) {
      this.log.log("INFO", `audit ${this.#audit.place} ends with head ${this.#audit.head}`);
    }
    await this.notes.flush({ ms: LAST_NOTES_MS, timers: systemTimers });
  }

  #assembled(policy: Policy, audit: PlacedSink): Gateway {
    const { principal, roles, auditArguments, limits, callsPerMinute } = this.#plan;
    return createGateway({
      authenticator: localAuthenticator({ principal, roles }),
      policy,
      audit,
      recordArguments: auditArguments,
      limits,
      log: this.log,
      ...this.#pins(),
      ...(callsPerMinute === undefined ? {} : { rateLimit: { capacity: callsPerMinute } }),
    });
  }

  #pins(): { readonly pins?: PinBoard } {
    const { pins: choice, name } = this.#plan;
    const { argv } = this.#reached;
    if (choice.kind === "none") return {};
    const nameOfPins = async () => name ?? await presetName(argv);
    return {
      pins: lateBoard({ choice, argv, name: nameOfPins, digest: digestText, log: this.log }),
    };
  }
}

/** A preset's own name: short names such as `db` are shared by servers that have nothing in common. */
async function presetName(argv: readonly string[]): Promise<string | undefined> {
  const { recogniseCommand } = await import("./policy/recognise_command.ts");
  return recogniseCommand(argv)?.name;
}

/** Loads what the first list will ask for while the server starts; what cannot be loaded fails there. */
function loadAhead({ pins }: LocalPlan, { inspection: { results } }: Policy): void {
  const keepsPins = pins.kind !== "none";
  const inspects = [results.hidden, results.secrets, results.injection].some((on) => on !== "off");
  void Promise.allSettled([
    ...(keepsPins ? [import("./inspect/pins/book.ts"), import("./inspect/pins/place.ts")] : []),
    ...(keepsPins ? [import("./policy/recognise_command.ts")] : []),
    ...(inspects ? [import("./inspect/results/inspect_result.ts")] : []),
  ]);
}

function startDetail(plan: LocalPlan, policy: Policy): JsonObject {
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
    readonly plan: LocalPlan;
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
