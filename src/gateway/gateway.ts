/**
 * The policy enforcement point: opens channels that turn frames into judged, recorded, cleared bytes.
 * @module
 */

import type { PolicyEngine } from "../access/decision.ts";
import type { Credentials } from "../access/principal.ts";
import type { Clock } from "../base/clock.ts";
import { AegisError } from "../base/error.ts";
import type { JsonObject } from "../base/json.ts";
import type { Limits } from "../base/limits.ts";
import type { Logger } from "../base/log.ts";
import type { Channel } from "./channel.ts";
import { Conversation } from "./conversation.ts";
import { OpenChannel } from "./open_channel.ts";
import type { GatewayParts } from "./parts.ts";

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
