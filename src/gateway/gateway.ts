/**
 * The policy enforcement point: opens channels that turn frames into judged, recorded, cleared bytes.
 * @module
 */

import type { PolicyEngine } from "../access/decision.ts";
import type { Credentials, Principal } from "../access/principal.ts";
import type { DenyReason } from "../access/verdict.ts";
import type { Clock } from "../base/clock.ts";
import { AegisError } from "../base/error.ts";
import type { JsonObject } from "../base/json.ts";
import type { Limits } from "../base/limits.ts";
import type { Logger } from "../base/log.ts";
import { err, ok, type Result } from "../base/result.ts";
import type { Channel } from "./channel.ts";
import { Conversation } from "./conversation.ts";
import { Mirror } from "./mirror.ts";
import { OpenChannel } from "./open_channel.ts";
import type { GatewayParts } from "./parts.ts";
import { steadyLog } from "./steady_log.ts";
import { UpstreamMemory } from "./upstream_memory.ts";

/** What a channel is opened for. */
export interface ChannelOptions {
  /** What the client shows, or who it was proved to be by {@linkcode Gateway.authenticate}. */
  readonly credentials: Credentials | Principal;
  /** The upstream's name by the operator, or null. */
  readonly upstream: string | null;
  /** How the client is connected. */
  readonly transport: "stdio" | "http";
  /** What is known of the upstream; its own by default. */
  readonly memory?: UpstreamMemory;
  /** Whether other channels reach the same upstream, so that ids have to be ours. Default false. */
  readonly shared?: boolean;
  /**
   * Whether the client's messages come without the headers that the upstream needs: a stdio client
   * in front of Streamable HTTP. They are made of what was judged, and tools for which none can be
   * made are neither listed nor called. Default false.
   */
  readonly mirrored?: boolean;
  /** Gives up the opening. */
  readonly signal?: AbortSignal;
}

/** Opens channels; disposing of it closes them and the audit. */
export class Gateway implements AsyncDisposable {
  readonly #parts: GatewayParts;
  readonly #open = new Set<OpenChannel>();
  #lastId = 1;

  /** Makes a gateway of its parts; `createGateway` is the way in. */
  constructor(parts: GatewayParts) {
    this.#parts = { ...parts, log: steadyLog(parts.log) };
  }

  /** The policy engine in use. */
  get policy(): PolicyEngine {
    return this.#parts.questions.policy;
  }

  /** The bounds in use. */
  get limits(): Limits {
    return this.#parts.limits;
  }

  /** Where notes for the operator go. */
  get log(): Logger {
    return this.#parts.log;
  }

  /** The clock in use. */
  get clock(): Clock {
    return this.#parts.clock;
  }

  /** Counts what transports hold before a channel does. */
  get budget(): {
    readonly held: number;
    take(bytes: number): boolean;
    hold(bytes: number): void;
    release(bytes: number): void;
  } {
    return this.#parts.budget;
  }

  /** Proves who is asking. Whatever goes wrong proves nobody. */
  async authenticate(
    credentials: Credentials,
    signal?: AbortSignal,
  ): Promise<Result<Principal, DenyReason>> {
    try {
      const who: unknown = await this.#parts.authenticate(credentials, signal);
      const principal = provedBy(who);
      return principal === undefined ? err(reasonIn(who)) : ok(principal);
    } catch (error) {
      this.log.log("ERROR", "Cannot prove who is asking: refused", {
        error: error instanceof Error ? error.message : String(error),
      });
      return err({ code: "check_failed", check: "identity" });
    }
  }

  /**
   * Proves who is asking and opens a channel for them.
   *
   * @throws {AegisError} `unauthenticated` when the credentials prove nobody.
   */
  async openChannel(options: ChannelOptions): Promise<Channel> {
    const { credentials } = options;
    const proved = "roles" in credentials
      ? ok(credentials)
      : await this.authenticate(credentials, options.signal);
    if (!proved.ok) {
      throw new AegisError("unauthenticated", "Cannot open a channel: no principal was proved");
    }
    const conversation = new Conversation(this.#parts, {
      principal: proved.value,
      upstream: options.upstream,
      transport: options.transport,
      memory: options.memory ?? new UpstreamMemory(),
      nextId: options.shared === true ? () => this.#lastId++ : undefined,
      mirror: options.mirrored === true ? new Mirror(this.log) : undefined,
    });
    const channel = new OpenChannel(conversation, () => this.#open.delete(channel));
    this.#open.add(channel);
    return channel;
  }

  /** Records an event of the program itself; what cannot be recorded throws. */
  async event(event: string, detail: JsonObject): Promise<void> {
    await this.#parts.audit.record([
      { type: "event", timeMs: this.#parts.clock.wallMs(), event, detail },
    ]);
  }

  /** Closes every channel, then the audit. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      const closed = await Promise.allSettled([...this.#open].map((channel) => channel.close()));
      for (const each of closed) if (each.status === "rejected") throw each.reason;
    } finally {
      await this.#parts.audit[Symbol.asyncDispose]();
    }
  }
}

/** Why an authenticator proved nobody. */
function reasonIn(answer: unknown): DenyReason {
  const { error } = (answer ?? {}) as { error?: { code?: unknown } };
  return error?.code === "unauthenticated" || error?.code === "check_failed"
    ? error as DenyReason
    : { code: "unauthenticated" };
}

/** The principal in an authenticator's answer, when it is one. */
function provedBy(answer: unknown): Principal | undefined {
  const { ok, value } = (answer ?? {}) as { ok?: unknown; value?: Partial<Principal> };
  const proved = ok === true && typeof value?.id === "string" && KINDS.has(value.kind) &&
    value.roles instanceof Set && value.scopes instanceof Set;
  return proved ? value as Principal : undefined;
}

/** Nobody proves to be the upstream with credentials. */
const KINDS: ReadonlySet<unknown> = new Set(["local", "token"]);
