/**
 * One connection of a client: its requests one after the other, each phase within its time.
 * @module
 */

import type { Carrier } from "./carrier.ts";
import { Intake } from "./intake.ts";
import { bodyOf, type RequestBody } from "./request_body.ts";
import { type HeadFault, readHead, type RequestHead } from "./request_head.ts";
import { refused } from "./replies.ts";
import { writeResponse } from "./response_writer.ts";
import { type ServedRequest, servedRequest } from "./served_request.ts";

/** Who is connected. */
export interface Peer {
  /** Of the other end of the connection. */
  readonly address: string;
}

/** A request in the listener's hands. */
export interface Exchanged extends Peer {
  /** Settles when the response was sent, or can not be any more. */
  readonly finished: Promise<void>;
}

/** Whoever answers requests. */
export interface Answerer {
  /** Answers one. A stream of events is the only body that is sent as it comes. */
  handle(request: Request, exchanged: Exchanged): Promise<Response>;
  /** Ends what keeps connections open although nobody waits for an answer on them. */
  windDown?(): void;
  /** Told of what was no request, or none that is read to its end. */
  noteRefusal?(fault: HeadFault, peer: Peer): void;
}

/** What bounds a connection. */
export interface ConnectionBounds {
  /** Bytes of the head of a request. */
  readonly maxHeadBytes: number;
  /** Milliseconds from its first byte to its last; of the first request, from the connection's start. */
  readonly headMs: number;
  /** Milliseconds after which a head that has not come is the first to go when there are too many. */
  readonly patienceMs: number;
  /** Milliseconds between two requests. */
  readonly idleMs: number;
  /** Milliseconds without a byte taken by the client while some wait for it. */
  readonly stallMs: number;
}

/** Options of {@linkcode Connection}. */
export interface ConnectionOptions {
  readonly answerer: Answerer;
  readonly bounds: ConnectionBounds;
  readonly peer: Peer;
  /** Told when it begins, and when it ceases, to wait for a request. */
  readonly onWaiting: (isWaiting: boolean) => void;
}

/** 100 kB a second: who takes less holds an answer longer than any honest network does. */
const LEAST_BYTES_PER_MS = 100;
/** How long what a client still sends is thrown away, so that it can read why it was refused. */
const LINGER_MS = 2000;
/** The start of a further request, or a few of them, that are there before they can be served. */
const LOOKED_BEHIND_BYTES = 4 * 1024;
const CONTINUE = new TextEncoder().encode("HTTP/1.1 100 Continue\r\n\r\n");
/** Methods that can be a `Request`; none but the first three are answered otherwise than by 405. */
const METHODS: ReadonlySet<string> = new Set([
  ...["POST", "GET", "DELETE"],
  ...["HEAD", "OPTIONS", "PUT", "PATCH"],
]);

/** A connection that is being served. */
export class Connection {
  readonly #conn: Carrier;
  readonly #options: ConnectionOptions;
  readonly #intake: Intake;
  #deadlineMs = Infinity;
  /** Since when it waits for a request; undefined while one is answered. */
  #waitingMs: number | undefined;
  #hasBegun = false;
  /** The listener takes no more requests. */
  #isFinishing = false;
  #isClosed = false;
  #isAnswering = false;
  #request: ServedRequest | undefined;
  /** Ends the stream that is being written. */
  #cutStream: (() => void) | undefined;
  /** What the client has taken since bytes began to wait for it. */
  #taken: { bytes: number; readonly sinceMs: number } | undefined;

  constructor(conn: Carrier, options: ConnectionOptions) {
    this.#conn = conn;
    this.#options = options;
    this.#intake = new Intake(conn);
  }

  /** Since when it waits for a request, in monotonic milliseconds. */
  get waitingMs(): number | undefined {
    return this.#waitingMs;
  }

  /** Whether it waits for a request that was begun, or for the first one. */
  get isMidway(): boolean {
    return this.#waitingMs !== undefined && this.#hasBegun;
  }

  /** Serves it to its end. Never rejects. */
  async run(): Promise<void> {
    try {
      this.#wait(this.#options.bounds.headMs);
      this.#hasBegun = true;
      while (await this.#one()) this.#wait(this.#options.bounds.idleMs);
      await this.#linger();
    } catch {
      // it broke: there is nobody left to tell
    } finally {
      this.destroy();
    }
  }

  /** Takes no further request, and ends at once if it waits for one. */
  finish(): void {
    this.#isFinishing = true;
    // a request that has begun to come is one under way
    if (this.#waitingMs !== undefined && this.#intake.waiting === 0) this.destroy();
  }

  /** Cuts it off. */
  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#ceaseWaiting();
    this.#deadlineMs = Infinity;
    this.#request?.abort();
    this.#cutStream?.();
    try {
      this.#conn.close();
    } catch {
      // it is closed already
    }
  }

  /** Cuts it off when its time is over. */
  tick(nowMs: number): void {
    if (nowMs <= this.#deadlineMs) return;
    if (this.#waitingMs !== undefined && this.#hasBegun) {
      this.#note({ status: 408, detail: "The head of the request came too slowly" });
    }
    this.destroy();
  }

  /** Serves one request. True when another may follow. */
  async #one(): Promise<boolean> {
    const { bounds } = this.#options;
    const bytes = await this.#intake.before("empty line", bounds.maxHeadBytes, () => {
      if (this.#hasBegun) return;
      this.#hasBegun = true;
      this.#wait(bounds.headMs);
    });
    if (bytes === undefined) return false;
    this.#ceaseWaiting();
    this.#deadlineMs = Infinity;
    if (bytes === "long") {
      return await this.#refuse({ status: 431, detail: "The head of the request is too long" });
    }
    const head = readHead(bytes);
    const fault = head.ok ? methodFault(head.value) : head.error;
    if (!head.ok || fault !== undefined) return await this.#refuse(fault ?? UNREADABLE);
    return await this.#answer(head.value);
  }

  async #answer(head: RequestHead): Promise<boolean> {
    const body = bodyOf(this.#intake, {
      length: head.length,
      onFirstRead: head.waits ? () => this.#continue() : undefined,
      onRead: () => this.#watch(),
    });
    const request = servedRequest(head, body.content);
    if (request === undefined) return await this.#refuse(NO_HOST);
    this.#request = request;
    this.#isAnswering = true;
    if (body.isRead()) this.#watch();
    const finished = Promise.withResolvers<void>();
    let isLast = true;
    try {
      const response = await this.#options.answerer.handle(request, {
        address: this.#options.peer.address,
        finished: finished.promise,
      });
      isLast = await this.#send(response, head, body);
    } finally {
      finished.resolve();
      this.#isAnswering = false;
      this.#request = this.#cutStream = undefined;
      this.#deadlineMs = Infinity;
    }
    return !isLast && !this.#isFinishing && !this.#isClosed;
  }

  /** Whether no other request may follow, as the client was told. */
  async #send(response: Response, head: RequestHead, body: RequestBody): Promise<boolean> {
    let isLast = true;
    if (this.#isClosed) {
      await response.body?.cancel();
      return isLast;
    }
    this.#taken = undefined;
    await writeResponse(this.#conn, response, {
      minor: head.minor,
      headOnly: head.method === "HEAD",
      // INVARIANT: Bytes of a body that was not read are never read as a request.
      isLast: () => isLast = this.#isFinishing || head.last || !body.isRead(),
      onProgress: (bytes) => this.#progress(bytes),
      onStream: (end) => {
        this.#cutStream = end;
        // it began too late to be told that the listener drains, and answers no request
        if (this.#isFinishing && head.method === "GET") end();
      },
      onQuiet: () => {
        this.#taken = undefined;
        this.#deadlineMs = Infinity;
      },
    });
    return isLast;
  }

  /** Answers what is no request, and ends the connection. */
  async #refuse(fault: HeadFault): Promise<false> {
    this.#note(fault);
    this.#deadlineMs = performance.now() + this.#options.bounds.stallMs;
    await writeResponse(this.#conn, refused(fault.status, fault.detail), {
      minor: 1,
      headOnly: false,
      isLast: () => true,
      onProgress: () => {},
      onStream: () => {},
      onQuiet: () => {},
    });
    return false;
  }

  /** Lets the client read the last response although it still sends (RFC 9112 §9.6). */
  async #linger(): Promise<void> {
    if (this.#isClosed) return;
    // it is the first to go when there are too many
    this.#ceaseWaiting();
    this.#wait(LINGER_MS);
    await this.#conn.closeWrite();
    while (await this.#intake.drop());
  }

  async #continue(): Promise<void> {
    await this.#conn.write(CONTINUE);
  }

  /** Notices that the client goes away while its request is under way. */
  #watch(): void {
    // behind more than this nobody looks before what is here is served
    if (!this.#isAnswering || this.#intake.waiting > LOOKED_BEHIND_BYTES || this.#isClosed) return;
    this.#intake.more().then(
      (isOpen) => isOpen ? this.#watch() : this.destroy(),
      () => this.destroy(),
    );
  }

  #progress(bytes: number): void {
    const nowMs = performance.now();
    const { stallMs } = this.#options.bounds;
    this.#taken ??= { bytes: 0, sinceMs: nowMs };
    this.#taken.bytes += bytes;
    const { sinceMs, bytes: taken } = this.#taken;
    this.#deadlineMs = Math.min(nowMs, sinceMs + taken / LEAST_BYTES_PER_MS) + stallMs;
  }

  #wait(forMs: number): void {
    if (this.#isClosed) return;
    const nowMs = performance.now();
    if (this.#waitingMs === undefined) {
      this.#hasBegun = false;
      this.#options.onWaiting(true);
    }
    this.#waitingMs = nowMs;
    this.#deadlineMs = nowMs + forMs;
  }

  #ceaseWaiting(): void {
    if (this.#waitingMs === undefined) return;
    this.#waitingMs = undefined;
    this.#options.onWaiting(false);
  }

  #note(fault: HeadFault): void {
    this.#options.answerer.noteRefusal?.(fault, this.#options.peer);
  }
}

const UNREADABLE: HeadFault = { status: 400, detail: "The request cannot be read" };

const NO_HOST: HeadFault = { status: 400, detail: "The header Host must name a host" };

function methodFault({ method, length }: RequestHead): HeadFault | undefined {
  if (!METHODS.has(method)) return { status: 501, detail: "The method is not known here" };
  return (method === "GET" || method === "HEAD") && length !== 0
    ? { status: 400, detail: `${method} has no body` }
    : undefined;
}
