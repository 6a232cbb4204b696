/**
 * The leg towards an upstream that has one stream for everything: a child on stdio, or HTTP+SSE.
 * @module
 */

import type { Logger } from "../../base/log.ts";
import type { Envelope, IncomingFrame } from "../../gateway/channel.ts";
import type { Cleared } from "../../gateway/clear.ts";
import { messageOf } from "./body.ts";
import { isModernRevision } from "./client_headers.ts";
import { errorCode } from "./look.ts";
import { MessageRouter, type RouterOptions } from "./router.ts";
import type { RoutedStream } from "./routed_stream.ts";
import type { UpstreamLink, UpstreamReply, UpstreamRequest } from "./upstream_link.ts";

/** A connection over which messages go one by one. */
export interface Wire {
  /** Sends one message; says why it could not. */
  send(cleared: Cleared, kind: "forward" | "answer"): Promise<string | undefined>;
  /** Ends it; `hurried` when whoever waits for that is impatient. */
  close(how: { readonly hurried: boolean }): void;
  /** Settles when nothing of it is left. */
  readonly gone: Promise<void>;
}

/** Who hears what comes over a wire. */
export interface WireListener {
  /** A frame, valid until the promise settles; nothing more is read before. */
  frame(frame: IncomingFrame): Promise<void> | undefined;
  /** Nothing more will come, for this reason. */
  ended(detail: string): void;
}

/** Connects. Rejects when that fails, with what the operator should know. */
export type OpenWire = (listener: WireListener) => Promise<Wire>;

/** Options of {@linkcode RoutedLink}. */
export interface RoutedLinkOptions {
  /** Connects, when there is room for one more; gives undefined when there is none. */
  readonly open: (listener: WireListener) => Promise<Wire | undefined>;
  /** Whether it is the link of one session, which begins with `initialize`. */
  readonly isSession: boolean;
  readonly kept: RouterOptions["kept"];
  readonly log: Logger;
}

/** How long an answer may take to be told in one body; later a stream is opened for it. */
const MOMENT_MS = 500;

const REFUSED = { kind: "refused", status: 400 } as const;
const OVER: UpstreamReply = { kind: "failed", status: 404, detail: "it has ended" };

/** One conversation over a wire of its own, which is connected by its first message. */
export class RoutedLink implements UpstreamLink {
  readonly cancelsInWords = true;
  readonly #options: RoutedLinkOptions;
  readonly #router: MessageRouter;
  readonly #ended = Promise.withResolvers<void>();
  #wire: Promise<Wire | undefined> | undefined;
  #lastMs = performance.now();
  #sending = 0;
  #isOver = false;
  #why = "it has ended";
  #hasForgotten = false;

  constructor(options: RoutedLinkOptions) {
    this.#options = options;
    this.#router = new MessageRouter({
      kept: options.kept,
      onForgotten: () => this.#noteForgotten(),
    });
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Monotonic milliseconds since when it has no stream and no message has come or gone; undefined while it is in use. */
  get idleSinceMs(): number | undefined {
    return this.#router.isIdle && this.#sending === 0 ? this.#lastMs : undefined;
  }

  async send(request: UpstreamRequest): Promise<UpstreamReply> {
    this.#sending++;
    try {
      return await this.#send(request);
    } finally {
      this.#sending--;
      this.#lastMs = performance.now();
    }
  }

  async #send(request: UpstreamRequest): Promise<UpstreamReply> {
    if (this.#isOver) return OVER;
    switch (request.method) {
      case "POST":
        return await this.#post(request);
      case "GET":
        return this.#wire === undefined ? OVER : { kind: "events", events: this.#router.listen() };
      case "DELETE":
        await this.close({ hurried: false });
        return { kind: "accepted", status: 200 };
    }
  }

  /** Ends the conversation; what is under way ends with it. */
  async close(how: { readonly hurried: boolean }): Promise<void> {
    this.#end("the conversation was ended");
    const wire = await this.#wire?.catch(() => undefined); // one that never was needs no end
    wire?.close(how);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close({ hurried: false });
  }

  async #post(
    { body, envelope }: Extract<UpstreamRequest, { readonly method: "POST" }>,
  ): Promise<UpstreamReply> {
    const misfit = this.#misfit(envelope);
    if (misfit !== undefined) return misfit;
    const wire = await this.#connected();
    if ("kind" in wire) return wire;
    if (envelope.kind === "request" && envelope.wire !== undefined) {
      const stream = this.#router.ask(envelope.wire);
      const fault = await wire.send(body, "forward");
      return fault === undefined
        ? await this.#reply(stream, envelope)
        : await this.#failed(stream, fault);
    }
    const fault = await wire.send(body, envelope.kind === "notification" ? "forward" : "answer");
    if (envelope.wire !== undefined) this.#router.giveUp(envelope.wire.id);
    return fault === undefined
      ? { kind: "accepted", status: 202 }
      : { kind: "failed", status: undefined, detail: fault };
  }

  /**
   * Why a message does not belong on this wire. A session begins with `initialize`. What is shared by
   * requests outside of sessions is of the modern era: its first message tells a server of both which
   * era it is to speak with all of them.
   */
  #misfit({ kind, method, revision, wire }: Envelope): UpstreamReply | undefined {
    if (this.#options.isSession) {
      const begins = kind === "request" && method === "initialize";
      return this.#wire !== undefined || begins
        ? undefined
        : { ...REFUSED, code: -32000, detail: "The header Mcp-Session-Id is missing" };
    }
    const givesUp = kind === "notification" && wire !== undefined;
    return isModernRevision(revision) || givesUp
      ? undefined
      : { ...REFUSED, code: -32602, detail: "The _meta of the request names no modern revision" };
  }

  /** The wire, or why there is none. */
  async #connected(): Promise<Wire | UpstreamReply & { readonly kind: "refused" | "failed" }> {
    this.#wire ??= this.#options.open({
      frame: (frame) => {
        this.#lastMs = performance.now();
        return this.#router.route(frame);
      },
      ended: (detail) => this.#end(detail),
    });
    try {
      const wire = await this.#wire;
      if (wire !== undefined) return wire;
      this.#wire = undefined;
      const detail = "The proxy runs as many servers as it may: try again later";
      return { kind: "refused", status: 503, code: -31504, detail };
    } catch (error) {
      this.#options.log.log("ERROR", messageOf(error));
      this.#end("it cannot be reached");
      return { kind: "failed", status: undefined, detail: "it cannot be reached" };
    }
  }

  /** One body when the answer is the first thing that comes, and that soon; else a stream. */
  async #reply(stream: RoutedStream, { revision }: Envelope): Promise<UpstreamReply> {
    await within(MOMENT_MS, stream.arrived);
    const [only, ...more] = stream.whole ?? [];
    if (stream.whole === undefined || more.length > 0) return { kind: "events", events: stream };
    if (only === undefined) return { kind: "failed", status: undefined, detail: this.#why };
    return only.kind === "event"
      ? { kind: "message", status: statusOf(only.data, revision), bytes: only.data }
      : { kind: "events", events: stream };
  }

  async #failed(stream: RoutedStream, detail: string): Promise<UpstreamReply> {
    await stream.cancel();
    return { kind: "failed", status: undefined, detail };
  }

  #end(detail: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#why = detail;
    this.#router.end();
    this.#ended.resolve();
  }

  #noteForgotten(): void {
    if (this.#hasForgotten) return;
    this.#hasForgotten = true;
    this.#options.log.log(
      "WARNING",
      "messages of the server are dropped: its client has no stream for what belongs to no request",
    );
  }
}

/** What HTTP says beside an answer: in the modern era some errors have a status (MCP 2026-07-28). */
function statusOf(answer: Uint8Array, revision: string | null): number {
  switch (isModernRevision(revision) ? errorCode(answer) : undefined) {
    case -32601: // no such method
      return 404;
    case -32020: // headers that do not agree
    case -32021: // a capability is missing
    case -32022: // no such revision
      return 400;
    default:
      return 200;
  }
}

/** Waits for a promise that never rejects, but no longer than `ms`. */
async function within(ms: number, promise: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([promise, late.promise]);
  clearTimeout(timer);
}
