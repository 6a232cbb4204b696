/**
 * One run of the HTTP proxy: policy and audit first, then the listener.
 * @module
 */

import type { PinBoard } from "./access/pins.ts";
import { createGateway } from "./assemble.ts";
import { digestText } from "./audit/digest.ts";
import { openSink } from "./audit/open_sink.ts";
import type { AuditSink } from "./audit/sink.ts";
import { systemClock } from "./base/clock.ts";
import { AegisError } from "./base/error.ts";
import type { JsonObject } from "./base/json.ts";
import { createLogger, type Logger } from "./base/log.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { lateBoard } from "./inspect/pins/late_board.ts";
import type { Policy } from "./policy/policy.ts";
import { recogniseCommand } from "./policy/recognise_command.ts";
import { openCredentials, type Shown } from "./serve_credential.ts";
import { type EdgePlan, ServeEdge } from "./serve_edge.ts";
import type { RunPlan } from "./run_plan.ts";
import type { ServedIdentity } from "./serve_identity.ts";
import { loadPolicies } from "./serve_policies.ts";
import { reached, type ServedTarget, shown, wordsOf } from "./serve_target.ts";
import { HttpHandler } from "./transport/http/handler.ts";
import type { HttpListener } from "./transport/http/listen.ts";
import { HTTP_DEFAULTS, type HttpUpstream } from "./transport/http/settings.ts";
import { NoteWriter } from "./transport/stdio/notes.ts";
import { type Signals, systemSignals } from "./transport/stdio/signals.ts";
import { systemTimers } from "./transport/stdio/timers.ts";

/** One upstream of a `serve` run. */
export interface ServedUpstream {
  /** Where clients of Streamable HTTP find it; null for nowhere. */
  readonly path: string | null;
  /** Where clients of HTTP+SSE do. */
  readonly ssePath: string | null;
  readonly target: ServedTarget;
  readonly policyFile: string;
  /** Its name in patterns; undefined leaves it to the presets. */
  readonly name: string | undefined;
  readonly identity: ServedIdentity;
}

/** What a `serve` run is told. */
export interface ServePlan extends RunPlan {
  readonly upstreams: readonly [ServedUpstream, ...ServedUpstream[]];
  readonly hostname: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** More `Host` headers that are answered. */
  readonly allowHosts: readonly string[];
  /** `Origin` headers that are answered, beside the listener's own. */
  readonly allowOrigins: readonly string[];
  readonly keepAliveMs: number;
  readonly edge: EdgePlan;
}

/**
 * Runs the proxy until a signal ends it.
 *
 * @returns 0 when everything under way came to its end within the grace, else 1.
 * @throws {ConfigurationError} when a policy is not good; nothing was listened to.
 * @throws {AegisError} when the audit cannot be opened or the port cannot be taken.
 */
export async function startServe(plan: ServePlan): Promise<number> {
  const notes = new NoteWriter(Deno.stderr);
  const log = createLogger({
    level: plan.logLevel,
    format: plan.logFormat,
    clock: systemClock,
    write: (line) => notes.write(line),
  });
  for (const warning of plan.warnings) log.log("WARNING", warning);
  const policies = await loadPolicies(
    plan.upstreams.map(({ policyFile, target, name }) => ({
      file: policyFile,
      argv: wordsOf(target),
      name,
    })),
    plan.limits,
  );
  await using credentials = new AsyncDisposableStack();
  const shown: Shown[] = [];
  for (const [at, upstream] of plan.upstreams.entries()) {
    const name = policies[at]?.upstreamName ?? "the upstream";
    shown.push(credentials.use(await credentialsOf(upstream, { name, log })));
  }
  await using edge = await ServeEdge.open(plan.edge, log);
  const audit = await openSink({ choice: plan.audit, keyFile: plan.auditKeyFile });
  try {
    const watched = edge.watch(audit);
    const gateways = plan.upstreams.map((upstream, at) =>
      gatewayOf(upstream, { plan, policy: policies[at] as Policy, audit: watched, log })
    );
    const place = placeOf(audit);
    const note = (line: string) => notes.write(line);
    return await serveUntilSignal(plan, { policies, gateways, edge, shown, log, note, place });
  } finally {
    await audit[Symbol.asyncDispose]();
    await notes.flush({ ms: LAST_NOTES_MS, timers: systemTimers });
  }
}

/** How long stderr may take for the last notes. */
const LAST_NOTES_MS = 200;

async function serveUntilSignal(
  plan: ServePlan,
  { policies, gateways, edge, shown, log, note, place }: {
    readonly policies: readonly Policy[];
    readonly gateways: readonly Gateway[];
    readonly edge: ServeEdge;
    readonly shown: readonly Shown[];
    readonly log: Logger;
    readonly note: (line: string) => void;
    readonly place: string;
  },
): Promise<number> {
  const [first] = gateways;
  if (first === undefined) throw new AegisError("misuse", "Cannot serve without an upstream");
  using signals = new StopSignals(systemSignals);
  const { listener } = open(plan, { gateways, policies, edge, shown, first, log, note });
  for (const [at, upstream] of plan.upstreams.entries()) {
    const policy = policies[at];
    if (policy === undefined) continue;
    await first.event("start", startDetail(upstream, policy));
    tellStart(log, { upstream, policy, listener });
    for (const { issuer, problem } of await upstream.identity.authenticator.prepare?.() ?? []) {
      log.log("WARNING", `tokens of ${issuer} cannot be verified yet: ${problem}`);
    }
  }
  const admin = edge.adminPort === undefined
    ? ""
    : `, monitoring on http://127.0.0.1:${edge.adminPort}`;
  const [origin] = originsOf(plan, { port: listener.port, scheme: edge.scheme });
  log.log("INFO", `listening on ${origin}, audit ${place}${admin}`);
  const signal = await signals.first;
  log.log("INFO", `${signal}: taking no more requests, ending those under way`);
  const isWhole = await edge.drain(plan.limits.shutdownGraceMs, signals.second);
  for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
  if (!isWhole) log.log("WARNING", "requests under way were cut off");
  return isWhole ? 0 : 1;
}

function open(
  plan: ServePlan,
  { gateways, policies, edge, shown, first, log, note }: {
    readonly gateways: readonly Gateway[];
    readonly policies: readonly Policy[];
    readonly edge: ServeEdge;
    readonly shown: readonly Shown[];
    readonly first: Gateway;
    readonly log: Logger;
    readonly note: (line: string) => void;
  },
): { readonly listener: HttpListener } {
  const upstreams = plan.upstreams.map((
    { path, ssePath, target, name, identity },
    at,
  ): HttpUpstream => ({
    path,
    ssePath,
    target: reached(target, {
      name: policies[at]?.upstreamName ?? name,
      log,
      note,
      headers: shown[at]?.headers,
    }),
    identity: identity.http,
    gateway: gateways[at] ?? first,
    name: policies[at]?.upstreamName ?? name ?? null,
  }));
  const hosts = new Set(plan.allowHosts.map((host) => host.toLowerCase()));
  const origins = new Set(plan.allowOrigins.map((origin) => origin.toLowerCase()));
  const handler = new HttpHandler({
    gateway: first,
    upstreams,
    documents: documentsOf(plan.upstreams),
    hosts,
    origins,
    pages: new Set(origins),
    keepAliveMs: plan.keepAliveMs,
    sessionIdleMs: HTTP_DEFAULTS.sessionIdleMs,
    maxSessions: HTTP_DEFAULTS.maxSessions,
    trustedProxies: edge.trustedProxies,
    meter: edge.meter,
  });
  const { hostname, port, limits } = plan;
  const listener = edge.listen(handler, { hostname, port, limits, gateways });
  for (const origin of originsOf(plan, { port: listener.port, scheme: edge.scheme })) {
    const url = new URL(origin);
    origins.add(url.origin);
    // the port of the scheme may be left away
    hosts.add(url.host).add(`${url.hostname}:${listener.port}`);
  }
  return { listener };
}

/** The first upstream is the one that a document without a path speaks of. */
function documentsOf(upstreams: ServePlan["upstreams"]): ReadonlyMap<string, string> {
  return new Map(upstreams.toReversed().flatMap(({ identity }) => [...identity.documents]));
}

/** How a browser on this machine would name the listener. */
function originsOf(
  { hostname }: Pick<ServePlan, "hostname">,
  { port, scheme }: { readonly port: number; readonly scheme: "http" | "https" },
): readonly string[] {
  const names = ["127.0.0.1", "localhost", "[::1]"];
  const own = hostname.includes(":") ? `[${hostname}]` : hostname;
  return [own, ...names.filter((name) => name !== own)].map((name) =>
    `${scheme}://${name}:${port}`
  );
}

async function credentialsOf(
  { target, identity }: ServedUpstream,
  { name, log }: { readonly name: string; readonly log: Logger },
): Promise<Shown> {
  const shown = target.kind === "stdio" ? [] : target.shown;
  return await openCredentials(shown, { name, log, subject: identity.subject });
}

function gatewayOf(
  upstream: ServedUpstream,
  { plan, policy, audit, log }: {
    readonly plan: ServePlan;
    readonly policy: Policy;
    readonly audit: AuditSink;
    readonly log: Logger;
  },
): Gateway {
  const pins = pinsOf(upstream, plan.pins, log);
  return createGateway({
    authenticator: upstream.identity.authenticator,
    policy,
    // several gateways write one audit: it is closed by whoever opened it
    audit: { record: (entries) => audit.record(entries), [Symbol.asyncDispose]: async () => {} },
    recordArguments: plan.auditArguments,
    limits: plan.limits,
    log,
    ...(pins === undefined ? {} : { pins }),
    ...(plan.callsPerMinute === undefined ? {} : { rateLimit: { capacity: plan.callsPerMinute } }),
  });
}

function pinsOf(
  { target, name }: ServedUpstream,
  choice: ServePlan["pins"],
  log: Logger,
): PinBoard | undefined {
  if (choice.kind === "none") return undefined;
  const argv = wordsOf(target);
  // a preset's own name: short names such as `db` are shared by servers that have nothing in common
  const known = () => Promise.resolve(name ?? recogniseCommand(argv)?.name);
  return lateBoard({ choice, argv, name: known, digest: digestText, log });
}

function startDetail(upstream: ServedUpstream, policy: Policy): JsonObject {
  return {
    policy: policy.hash,
    policyFile: policy.file,
    rules: policy.ruleCount,
    upstream: policy.upstreamName,
    target: wordsOf(upstream.target),
    path: upstream.path,
    ssePath: upstream.ssePath,
    presets: policy.presets,
    ...upstream.identity.detail,
    observing: policy.observing,
  };
}

function tellStart(
  log: Logger,
  { upstream, policy, listener }: {
    readonly upstream: ServedUpstream;
    readonly policy: Policy;
    readonly listener: HttpListener;
  },
): void {
  for (const { file, line, column, message } of policy.warnings) {
    log.log("WARNING", `${file}:${line}:${column}: ${message}`);
  }
  if (policy.observing) {
    log.log("WARNING", "OBSERVING: what the policy would refuse is forwarded and only recorded");
  }
  const name = policy.upstreamName ?? "(no name; give one with --name)";
  const presets = policy.presets.length === 0 ? "none" : policy.presets.join(",");
  const rules = policy.ruleCount === 1 ? "1 rule" : `${policy.ruleCount} rules`;
  const where = `${pathsOf(upstream).join(" and ")} -> ${shown(upstream.target)}`;
  log.log(
    "INFO",
    `port ${listener.port} ${where}, server ${name}, preset ${presets}, ` +
      `policy ${upstream.policyFile} (${rules})`,
  );
}

function pathsOf({ path, ssePath }: ServedUpstream): readonly string[] {
  return [
    ...(path === null ? [] : [path]),
    ...(ssePath === null ? [] : [`${ssePath} (HTTP+SSE)`]),
  ];
}

function placeOf(audit: AuditSink & { readonly place?: string }): string {
  return audit.place ?? "none";
}

/** The signals that end the program: the first lets it come to its end, the second does not. */
class StopSignals implements Disposable {
  readonly #first = Promise.withResolvers<Deno.Signal>();
  readonly #second = new AbortController();
  readonly #unlisten: () => void;

  constructor(signals: Signals) {
    let count = 0;
    this.#unlisten = signals.listen((signal) => {
      if (++count === 1) this.#first.resolve(signal);
      else this.#second.abort();
    });
  }

  get first(): Promise<Deno.Signal> {
    return this.#first.promise;
  }

  get second(): AbortSignal {
    return this.#second.signal;
  }

  [Symbol.dispose](): void {
    this.#unlisten();
  }
}
