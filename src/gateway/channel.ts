/**
 * The contract between a transport and the gateway: frames go in, dispositions come out.
 *
 * A transport moves bytes and decides nothing. It hands every frame it reads to a channel and sends
 * exactly the {@linkcode Cleared} bytes it gets back.
 * @module
 */

import type { Principal } from "../access/principal.ts";
import type { RequestId } from "../jsonrpc/message.ts";
import type { Cleared } from "./clear.ts";
import type { WireNames } from "./wire_ids.ts";

/** What shall be done with one frame. `forward`: to the other side. `answer`: back to its sender. */
export type Disposition =
  | {
    readonly kind: "forward";
    readonly cleared: Cleared;
    readonly envelope: Envelope;
    /** What HTTP says beside an answer of the gateway's own that takes the place of the upstream's. */
    readonly http?: HttpAnswer;
    /** Headers that repeat what it says, to the upstream of a channel that was opened `mirrored`. */
    readonly headers?: readonly (readonly [name: string, value: string])[];
  }
  | {
    readonly kind: "answer";
    readonly cleared: Cleared;
    readonly envelope: Envelope;
    /** What HTTP says beside it. */
    readonly http: HttpAnswer;
  }
  | { readonly kind: "drop" };

/** What a transport that has several streams must know of a message to move it. */
export interface Envelope {
  /** What sort of message it is. */
  readonly kind: "request" | "notification" | "result" | "error";
  /** Its method; of an answer, the method of the request in flight that it answers. */
  readonly method: string | undefined;
  /**
   * The client's id of the request in flight that it is, answers, gives up, or belongs to; undefined
   * for what belongs to the whole conversation.
   */
  readonly about: RequestId | undefined;
  /** The revision in force for it, null before one is known. */
  readonly revision: string | null;
  /** Of a request that goes to the upstream, or of the one that is given up: its names there. */
  readonly wire?: WireNames;
}

/** How an answer of the gateway's own is told over HTTP. */
export interface HttpAnswer {
  /** The status code. */
  readonly status: number;
  /** Scopes that the client's token must have, all at once. */
  readonly scopes?: readonly string[];
}

/** What is known of frames of the client beside their bytes. */
export interface Passage {
  /** Gives up the judgement. */
  readonly signal?: AbortSignal;
  /** Who sent these frames, proved for them alone; it must be whom the channel was opened for. */
  readonly principal?: Principal;
  /** The headers they came with: claims that must agree with the body. */
  readonly headers?: Iterable<readonly [string, string]>;
}

/** What is known of frames of the upstream beside their bytes. */
export interface Arriving {
  /** Gives up the judgement. */
  readonly signal?: AbortSignal;
  /** The client's request on whose own answer they came: an error without an id belongs to it. */
  readonly answers?: RequestId;
  /** They came with an event id: who has missed them can ask for them again. */
  readonly isResumable?: boolean;
  /** The client asked for them again: an answer that was sent may come once more. */
  readonly isResumed?: boolean;
}

/** A frame that outgrew `maxLineBytes` and was skipped to its end; `id` and whether it had a method, when they could be read. */
export interface OversizeFrame {
  /** Tells it from bytes. */
  readonly oversize: true;
  /** Bytes that went by so far. */
  readonly bytes: number;
  /** The name of the limit. */
  readonly limit: string;
  /** Its value in bytes. */
  readonly max: number;
  /** The request id, when it could be read. */
  readonly id: string | number | undefined;
  /** Whether it has a `method`, and so is no answer. */
  readonly hasMethod: boolean;
}

/** The bytes of one message without its line end, or the remains of one that was too long. */
export type IncomingFrame = Uint8Array | OversizeFrame;

/** One client–upstream conversation and what is in flight in it. */
export interface Channel {
  /**
   * Judges frames of the client in order; all their audit entries are written before this returns
   * (or resolves). A frame may lead to several dispositions (a batch) or to none (a refused
   * notification). Never throws for what a frame holds.
   */
  fromClient(frames: readonly IncomingFrame[], passage?: Passage): Dispositions;
  /** The same for frames of the upstream. `forward` means to the client, `answer` back to the upstream. */
  fromUpstream(frames: readonly IncomingFrame[], arriving?: Arriving): Dispositions;
  /**
   * The upstream is gone: gives an error for every request of the client that waits for an answer,
   * to be sent to the client. With `about` for that request alone, whose own stream has ended.
   */
  upstreamGone(detail: string, about?: RequestId): Dispositions;
  /** Records the end of the conversation and forgets what was in flight. Idempotent. */
  close(): void | Promise<void>;
}

/** Dispositions, at once when every check answered at once. */
export type Dispositions = readonly Disposition[] | Promise<readonly Disposition[]>;
