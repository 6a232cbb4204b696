/**
 * The policy enforcement point: opens channels that turn frames into judged, recorded, cleared bytes.
 * @module
 */

import type { PolicyEngine } from "../access/decision.ts";
import type { Questions } from "../access/judge.ts";
import type { Credentials, Principal } from "../access/principal.ts";
import type { DenyReason } from "../access/verdict.ts";
import type { AuditSink } from "../audit/sink.ts";
import type { Clock } from "../base/clock.ts";
import { AegisError } from "../base/error.ts";
import type { JsonObject } from "../base/json.ts";
import type { Limits } from "../base/limits.ts";
import type { Logger } from "../base/log.ts";
import type { Result } from "../base/result.ts";
import type { Budget } from "./budget.ts";
import type { Channel } from "./channel.ts";
import { Conversation } from "./conversation.ts";
import { OpenChannel } from "./open_channel.ts";

/** Everything a gateway is made of; `assemble.ts` knows where the parts come from. */
export interface GatewayParts {
  /** Asked of a client's messages. */
  readonly questions: Questions;
  /** Who is asking. */
  readonly authenticate: (
    credentials: Credentials,
    signal?: AbortSignal,
  ) => Result<Principal, DenyReason> | Promise<Result<Principal, DenyReason>>;
  readonly audit: AuditSink;
  /** `sha256:` and hex of bytes, for the audit. Undefined when nothing is recorded. */
  readonly digest: ((bytes: Uint8Array) => string) | undefined;
  /** Whether the text of arguments goes into the audit. */
  readonly recordArguments: boolean;
  readonly limits: Limits;
  /** What all frames in hand may hold together. */
  readonly budget: Budget;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a channel is opened for. */
export interface ChannelOptions {
  readonly credentials: Credentials;
  /** The upstream's name by the operator, or null. */
  readonly upstream: string | null;
  readonly transport: "stdio" | "http";
  readonly signal?: AbortSignal;
}

/** Opens channels; disposing of it closes them and the audit. */
export class Gateway implements AsyncDisposable {
  readonly #parts: GatewayParts;
  readonly #open = new Set<OpenChannel>();

  constructor(parts: GatewayParts) {
    this.#parts = parts;
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

  /**
   * Proves who is asking and opens a channel for them.
   *
   * @throws {AegisError} `unauthenticated` when the credentials prove nobody.
   */
  async openChannel(options: ChannelOptions): Promise<Channel> {
    const who = await this.#parts.authenticate(options.credentials, options.signal);
    if (!who.ok) {
      throw new AegisError("unauthenticated", "Cannot open a channel: no principal was proved");
    }
    const conversation = new Conversation(this.#parts, {
      principal: who.value,
      upstream: options.upstream,
      transport: options.transport,
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

  async [Symbol.asyncDispose](): Promise<void> {
    for (const channel of [...this.#open]) await channel.close();
    await this.#parts.audit[Symbol.asyncDispose]();
  }
}
