/**
 * A gateway with ports of our own: a policy engine and an audit sink in memory.
 * @module
 */

import type { Decision, PolicyEngine } from "../../src/access/decision.ts";
import type { PinBoard } from "../../src/access/pins.ts";
import type { AccessRequest } from "../../src/access/request.ts";
import type { ResultInspector } from "../../src/access/result_inspection.ts";
import type { Check } from "../../src/access/verdict.ts";
import type { AuditEntry, MessageEntry } from "../../src/audit/entry.ts";
import type { AuditSink } from "../../src/audit/sink.ts";
import type { Clock } from "../../src/base/clock.ts";
import { type Limits, resolveLimits } from "../../src/base/limits.ts";
import { type Logger, silentLogger } from "../../src/base/log.ts";
import { ok } from "../../src/base/result.ts";
import { Budget } from "../../src/gateway/budget.ts";
import type { Channel, Disposition, IncomingFrame } from "../../src/gateway/channel.ts";
import { Gateway } from "../../src/gateway/gateway.ts";
import type { GatewayParts } from "../../src/gateway/parts.ts";

/** An engine that denies the names given, and asks of the server that are not granted. */
export function denying(
  names: readonly string[],
  { asks = [], later = false }: { asks?: readonly string[]; later?: boolean } = {},
): PolicyEngine {
  const decide = ({ action, resource, known }: AccessRequest): Decision => {
    const denied = !known || names.includes(resource.name) ||
      (action === "ask-client" && !asks.includes(resource.name));
    return {
      effect: denied ? "deny" : "allow",
      action,
      determining: [{ file: "p.yaml", line: 3, column: 5, path: "/x" }],
      obligations: [],
      mode: "enforce",
    };
  };
  return {
    hash: "sha256:test",
    decide: (request) => later ? Promise.resolve(decide(request)) : decide(request),
  };
}

/** A sink in memory that notes what was sent by then, and can fail. */
export class MemorySink implements AuditSink {
  readonly entries: AuditEntry[] = [];
  failing = false;
  onRecord = (): void => {};

  record(entries: readonly AuditEntry[]): void {
    this.onRecord();
    if (this.failing) throw new Error("disk full");
    this.entries.push(...entries);
  }

  get messages(): readonly MessageEntry[] {
    return this.entries.filter((entry) => entry.type === "message");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** A clock that tests move. */
export class FakeClock implements Clock {
  wall = 1_700_000_000_000;
  monotonic = 0;
  wallMs(): number {
    return this.wall;
  }
  monotonicMs(): number {
    return this.monotonic;
  }
}

/** What a test wants of its channel. */
export interface Wanted {
  readonly policy?: PolicyEngine;
  readonly checks?: readonly Check[];
  readonly limits?: Partial<Limits>;
  readonly digest?: (bytes: Uint8Array) => string;
  readonly recordArguments?: boolean;
  readonly authenticate?: GatewayParts["authenticate"];
  readonly log?: Logger;
  readonly inspector?: ResultInspector;
  readonly pins?: PinBoard;
  /** Other channels reach the same upstream. */
  readonly shared?: boolean;
  /** The client sends no headers, and the upstream needs them. */
  readonly mirrored?: boolean;
}

/** A channel under test, in text. */
export class TestChannel {
  readonly sink = new MemorySink();
  readonly clock = new FakeClock();
  readonly gateway: Gateway;
  readonly budget: Budget;
  readonly #channel: Channel;

  private constructor(
    { gateway, channel, sink, clock, budget }: {
      readonly gateway: Gateway;
      readonly channel: Channel;
      readonly sink: MemorySink;
      readonly clock: FakeClock;
      readonly budget: Budget;
    },
  ) {
    this.gateway = gateway;
    this.#channel = channel;
    this.sink = sink;
    this.clock = clock;
    this.budget = budget;
  }

  static async open(wanted: Wanted = {}): Promise<TestChannel> {
    const sink = new MemorySink();
    const clock = new FakeClock();
    const limits = resolveLimits(wanted.limits ?? {});
    const budget = new Budget(limits.maxInFlightBytes);
    const gateway = new Gateway({
      inspector: wanted.inspector,
      pins: wanted.pins,
      questions: { before: [], policy: wanted.policy ?? denying([]), after: wanted.checks ?? [] },
      authenticate: wanted.authenticate ??
        (() => ok({ id: "tester", kind: "local", roles: new Set(["dev"]), scopes: new Set() })),
      audit: sink,
      digest: wanted.digest,
      recordArguments: wanted.recordArguments ?? false,
      limits,
      budget,
      clock,
      log: wanted.log ?? silentLogger,
    });
    const channel = await gateway.openChannel({
      credentials: { kind: "local" },
      upstream: "fs",
      transport: wanted.shared === true ? "http" : "stdio",
      shared: wanted.shared ?? false,
      mirrored: wanted.mirrored ?? false,
    });
    return new TestChannel({ gateway, channel, sink, clock, budget });
  }

  /** Sends frames of one side; gives what left, as `to text`. */
  async send(
    from: "client" | "upstream",
    ...frames: (string | IncomingFrame)[]
  ): Promise<string[]> {
    const bytes = frames.map((frame) =>
      typeof frame === "string" ? new TextEncoder().encode(frame) : frame
    );
    const dispositions = from === "client"
      ? await this.#channel.fromClient(bytes)
      : await this.#channel.fromUpstream(bytes);
    return dispositions.map((each) => shown(from, each));
  }

  /** The channel itself. */
  get channel(): Channel {
    return this.#channel;
  }

  async upstreamGone(detail: string): Promise<string[]> {
    return (await this.#channel.upstreamGone(detail)).map((each) => shown("upstream", each));
  }

  async close(): Promise<void> {
    await this.#channel.close();
  }
}

function shown(from: "client" | "upstream", disposition: Disposition): string {
  if (disposition.kind === "drop") return "drop";
  const other = from === "client" ? "upstream" : "client";
  const to = disposition.kind === "forward" ? other : from;
  return `${to} ${new TextDecoder().decode(disposition.cleared.bytes)}`;
}

/** A request as text. */
export function call(id: string | number, tool: string, args: object = {}): string {
  const params = { name: tool, arguments: args };
  return JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params });
}

/** A result as text. */
export function result(id: string | number, value: object = {}): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result: value });
}
