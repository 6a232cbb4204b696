/**
 * What one message leads to, before it is recorded.
 * @module
 */

import type { DenyReason } from "../access/verdict.ts";
import type { MessageEntry } from "../audit/entry.ts";
import type { Message, RequestId } from "../jsonrpc/message.ts";
import type { Serialised } from "../jsonrpc/serialise.ts";
import type { HeaderPair } from "../mcp/http_headers.ts";
import type { Arrival } from "./arrival.ts";
import type { WireNames } from "./wire_ids.ts";

/** The fate of one message. Nothing of it happens before `entry` is recorded. */
export interface Outcome {
  readonly entry: MessageEntry;
  /** What leaves, and to whom; nothing when it is dropped. */
  readonly send?: Sending;
  /** Takes back what was noted when the entry could not be recorded. */
  readonly undo?: () => void;
  /** Who must be told when the entry could not be recorded. */
  readonly unrecorded?: () => Sending;
}

/** A message that leaves. */
export interface Sending {
  readonly to: "forward" | "answer";
  readonly content: Content;
  /** What sort of message it is. */
  readonly kind: Message["kind"];
  /** Its method, or that of the request it answers. */
  readonly method: string | undefined;
  /** The client's request in flight that it is, answers, or belongs to, by the client's id. */
  readonly about: RequestId | undefined;
  readonly revision: string | null;
  /** What the upstream calls the request that it is, or gives up. */
  readonly wire?: WireNames | undefined;
  /** Why it is a refusal. */
  readonly reason?: DenyReason;
  /** Headers that repeat what it says, where the client sends none and the upstream needs them. */
  readonly headers?: readonly HeaderPair[] | undefined;
}

/** What is known of a message that leaves beside the message. */
export type About = Pick<
  Sending,
  "to" | "method" | "about" | "revision" | "reason" | "headers" | "wire"
>;

/** Sends a message of our own making, or one that was changed. */
export function sending(message: Message, about: About): Sending {
  return { ...about, kind: message.kind, content: { kind: "message", message } };
}

/** Bytes ready to be cleared, or a message still to be serialised. */
export type Content =
  | { readonly kind: "serialised"; readonly serialised: Serialised }
  | { readonly kind: "message"; readonly message: Message }
  /** An upstream's own bytes, read without ambiguity and unchanged. */
  | { readonly kind: "verbatim"; readonly bytes: Uint8Array };

/** Sends a message as it came: the upstream's own bytes when they hold this message alone. */
export function unchanged(message: Message, { verbatim }: Arrival, about: About): Sending {
  const content: Content = verbatim === undefined
    ? { kind: "message", message }
    : { kind: "verbatim", bytes: verbatim };
  return { ...about, kind: message.kind, content };
}
