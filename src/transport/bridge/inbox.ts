/**
 * What comes from the upstream: judged, and written to the client.
 * @module
 */

import type { Channel, Disposition, IncomingFrame } from "../../gateway/channel.ts";
import type { Cleared } from "../../gateway/clear.ts";
import type { FrameWriter } from "../stdio/writer.ts";

type RequestId = string | number;

/** Options of {@linkcode Inbox}. */
export interface InboxOptions {
  readonly channel: Channel;
  readonly toClient: Pick<FrameWriter, "add" | "go">;
  readonly signal: AbortSignal;
}

/** How a frame came. */
export interface Came {
  /** The client's request on whose own answer it came. */
  readonly about: RequestId | undefined;
  /** Sends the upstream an answer of the gateway's own. */
  readonly answer: (cleared: Cleared) => Promise<void>;
}

/** What an answer to the request was; undefined when there was none among the frames. */
export type Answered = "result" | "error" | undefined;

/** Takes frames of all streams of one upstream. */
export class Inbox {
  readonly #options: InboxOptions;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Judges one frame and passes what was cleared of it, no faster than the client reads. */
  async take(frame: IncomingFrame, { about, answer }: Came): Promise<Answered> {
    const { channel, signal } = this.#options;
    const arriving = about === undefined ? { signal } : { signal, answers: about };
    const dispositions = await channel.fromUpstream([frame], arriving);
    let answered: Answered;
    for (const each of dispositions) {
      if (each.kind === "answer") await answer(each.cleared);
      else if (each.kind === "forward") answered ??= answerIn(each, about);
    }
    await this.#write(dispositions);
    return answered;
  }

  /** Tells the client that a request, or all that wait, will have no answer. */
  async gone(detail: string, about?: RequestId): Promise<void> {
    const { channel } = this.#options;
    await this.#write(
      await (about === undefined
        ? channel.upstreamGone(detail)
        : channel.upstreamGone(detail, about)),
    );
  }

  async #write(dispositions: readonly Disposition[]): Promise<void> {
    const { toClient } = this.#options;
    for (const each of dispositions) {
      if (each.kind === "forward") toClient.add(each.cleared, "forward");
    }
    await toClient.go("forward");
  }
}

function answerIn(
  { envelope }: Extract<Disposition, { readonly kind: "forward" }>,
  about: RequestId | undefined,
): Answered {
  if (about === undefined || envelope.about !== about) return undefined;
  return envelope.kind === "result" || envelope.kind === "error" ? envelope.kind : undefined;
}
