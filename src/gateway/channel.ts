/**
 * The contract between a transport and the gateway: frames go in, dispositions come out.
 *
 * A transport moves bytes and decides nothing. It hands every frame it reads to a channel and sends
 * exactly the {@linkcode Cleared} bytes it gets back.
 * @module
 */

import type { Cleared } from "./clear.ts";

/** What shall be done with one frame. `forward`: to the other side. `answer`: back to its sender. */
export type Disposition =
  | { readonly kind: "forward"; readonly cleared: Cleared }
  | { readonly kind: "answer"; readonly cleared: Cleared }
  | { readonly kind: "drop" };

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
  fromClient(frames: readonly IncomingFrame[], signal?: AbortSignal): Dispositions;
  /** The same for frames of the upstream. `forward` means to the client, `answer` back to the upstream. */
  fromUpstream(frames: readonly IncomingFrame[], signal?: AbortSignal): Dispositions;
  /**
   * The upstream is gone: gives an error for every request of the client that waits for an answer,
   * to be sent to the client.
   */
  upstreamGone(detail: string): Dispositions;
  /** Records the end of the conversation and forgets what was in flight. Idempotent. */
  close(): void | Promise<void>;
}

/** Dispositions, at once when every check answered at once. */
export type Dispositions = readonly Disposition[] | Promise<readonly Disposition[]>;
