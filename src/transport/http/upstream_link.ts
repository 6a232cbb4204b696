/**
 * The port towards an upstream, whatever it speaks: a request goes in, a reply comes out.
 * @module
 */

import type { Principal } from "../../access/principal.ts";
import type { Envelope } from "../../gateway/channel.ts";
import type { Cleared } from "../../gateway/clear.ts";
import type { SseItem } from "./sse_item.ts";

/** One header. */
export type Header = readonly [name: string, value: string];

/** The proxy's own headers for a request, which may be on behalf of its client; a rejection refuses it. */
export type OwnHeaders = (
  principal?: Principal,
) => Promise<readonly Header[]> | readonly Header[];

/** What an upstream says to one request. */
export type UpstreamReply =
  /** It took the message and owes no answer. */
  | { readonly kind: "accepted"; readonly status: number }
  /** One body of JSON. */
  | { readonly kind: "message"; readonly status: number; readonly bytes: Uint8Array }
  /** A stream of events; whoever takes it reads it to its end or cancels it. */
  | { readonly kind: "events"; readonly events: EventSource }
  /** It was never asked: what the client is told instead. */
  | {
    readonly kind: "refused";
    readonly status: number;
    readonly code: number;
    readonly detail: string;
  }
  /** Anything else: nothing of it may pass. 404 says that the upstream does not know the conversation any more. */
  | { readonly kind: "failed"; readonly status: number | undefined; readonly detail: string };

/** Events as they come. */
export interface EventSource extends AsyncIterable<readonly SseItem[]> {
  /** Ends it: nothing more of it is wanted. */
  cancel(): Promise<void>;
}

/** One request, in the terms of Streamable HTTP. */
export type UpstreamRequest =
  | {
    readonly method: "POST";
    readonly headers: readonly Header[];
    readonly body: Cleared;
    readonly envelope: Envelope;
    /** Who asks, as this very request proved. */
    readonly principal?: Principal;
    readonly signal?: AbortSignal;
  }
  /** GET asks for the stream of what belongs to no request, DELETE ends the conversation. */
  | {
    readonly method: "GET" | "DELETE";
    readonly headers: readonly Header[];
    readonly principal?: Principal;
    readonly signal?: AbortSignal;
  };

/**
 * The way of one conversation to its upstream. What an upstream answers is not judged here.
 *
 * Disposing of it tells the upstream that the conversation is over, unless it knows already.
 */
export interface UpstreamLink extends AsyncDisposable {
  /** Sends one request. Never throws: what goes wrong is a reply. */
  send(request: UpstreamRequest): Promise<UpstreamReply>;
  /** Whether a client that goes away has to be told of in words: the connection it closes is not this one. */
  readonly cancelsInWords: boolean;
  /** Settles when the upstream has ended the conversation, where that can be seen. */
  readonly ended?: Promise<void>;
}

/** Gives conversations their links to one upstream. Disposing of it ends all of them. */
export interface UpstreamLinks extends AsyncDisposable {
  /** For a session of its own. */
  session(): UpstreamLink;
  /** For one request of a principal outside of sessions. */
  single(principal: Principal): UpstreamLink;
  /** Whether channels of such requests reach the same upstream, so that their ids have to be ours. */
  readonly sharesIds: { readonly session: boolean; readonly single: boolean };
}
