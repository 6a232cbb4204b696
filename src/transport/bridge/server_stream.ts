/**
 * The stream on which an upstream of the legacy revisions speaks unasked.
 *
 * MCP 2025-11-25, Streamable HTTP, "Listening for Messages from the Server": a GET; a server that
 * offers none says 405.
 * @module
 */

import type { Cleared } from "../../gateway/clear.ts";
import type { Logger } from "../../base/log.ts";
import type { HttpWire } from "../http/http_wire.ts";
import type { EventSource } from "../http/upstream_link.ts";
import type { Timers } from "../stdio/timers.ts";
import { Backoff } from "./backoff.ts";
import { mayPass } from "./call.ts";
import { readStream, type StreamPlace } from "./event_stream.ts";
import type { Inbox } from "./inbox.ts";
import { Pause } from "./pause.ts";
import type { UpstreamSession } from "./session.ts";

/** Options of {@linkcode ServerStream}. */
export interface ServerStreamOptions {
  readonly session: UpstreamSession;
  readonly link: HttpWire;
  readonly inbox: Inbox;
  readonly timers: Timers;
  readonly log: Logger;
  /** Sends the upstream an answer of the gateway's own. */
  readonly answer: (cleared: Cleared) => Promise<void>;
}

/** A server that ends its streams at once is asked again, ever more slowly, but never more often. */
const IDLE_MS = 30_000;

/** The stream of one session. */
export class ServerStream {
  readonly #options: ServerStreamOptions;
  readonly #abort = new AbortController();
  readonly #pause: Pause;
  readonly #backoff = new Backoff();
  readonly #place: StreamPlace = { lastId: undefined };
  #events: EventSource | undefined;
  #stopped = false;

  constructor(options: ServerStreamOptions) {
    this.#options = options;
    this.#pause = new Pause(options.timers);
  }

  /** Reads it as long as the session lasts and the upstream offers it. */
  async run(): Promise<void> {
    const { link, session, log } = this.#options;
    while (!this.#stopped && !session.isLost) {
      const { lastId } = this.#place;
      const reply = await link.send({
        method: "GET",
        headers: [
          ...session.all,
          ...(lastId === undefined ? [] : [["last-event-id", lastId] as const]),
        ],
        signal: this.#abort.signal,
      });
      if (reply.kind === "events") await this.#read(reply.events);
      else if (!mayPass(reply)) return;
      const ms = this.#backoff.next() ?? (reply.kind === "events" ? IDLE_MS : undefined);
      if (ms === undefined) {
        log.log("WARNING", "the upstream's own stream is lost: what it says unasked is not heard");
        return;
      }
      await this.#pause.wait(ms);
    }
  }

  /** Closes it. */
  stop(): void {
    this.#stopped = true;
    this.#abort.abort();
    this.#pause.over();
    void this.#events?.cancel();
  }

  async #read(events: EventSource): Promise<void> {
    this.#events = events;
    if (this.#stopped) return await events.cancel();
    const { inbox, answer } = this.#options;
    await readStream(events, {
      inbox,
      came: { about: undefined, answer },
      place: this.#place,
      backoff: this.#backoff,
      onAnswer: () => {},
    });
    this.#events = undefined;
  }
}
