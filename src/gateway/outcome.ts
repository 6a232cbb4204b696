/**
 * What one message leads to, before it is recorded.
 * @module
 */

import type { MessageEntry } from "../audit/entry.ts";
import type { Message } from "../jsonrpc/message.ts";
import type { Serialised } from "../jsonrpc/serialise.ts";
import type { Arrival } from "./arrival.ts";

/** The fate of one message. Nothing of it happens before `entry` is recorded. */
export interface Outcome {
  readonly entry: MessageEntry;
  /** What leaves, and to whom; nothing when it is dropped. */
  readonly send?: {
    readonly to: "forward" | "answer";
    readonly content: Content;
  };
  /** Takes back what was noted when the entry could not be recorded. */
  readonly undo?: () => void;
  /** Who must be told when the entry could not be recorded. */
  readonly unrecorded?: () => {
    readonly to: "forward" | "answer";
    readonly message: Message;
  };
}

/** Bytes ready to be cleared, or a message still to be serialised. */
export type Content =
  | { readonly kind: "serialised"; readonly serialised: Serialised }
  | { readonly kind: "message"; readonly message: Message }
  /** An upstream's own bytes, read without ambiguity and unchanged. */
  | { readonly kind: "verbatim"; readonly bytes: Uint8Array };

/** The upstream's own bytes when they hold this message alone, else the message serialised. */
export function unchanged(message: Message, { verbatim }: Arrival): Content {
  return verbatim === undefined
    ? { kind: "message", message }
    : { kind: "verbatim", bytes: verbatim };
}
