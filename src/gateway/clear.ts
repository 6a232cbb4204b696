/**
 * The only maker of {@linkcode Cleared}, and so the only way out of the program for a message.
 * @module
 */

import type { Message } from "../jsonrpc/message.ts";
import { serialise } from "../jsonrpc/serialise.ts";

// INVARIANT: Only gateway/clear.ts makes Cleared; only Cleared can be sent.
class ClearedBytes {
  /** Makes the type nominal: no object literal has it. */
  readonly #cleared = true;
  /** The bytes of the message (or of a batch), without a line end. */
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** True for every object this module made, and for nothing else. */
  static made(value: object): boolean {
    return #cleared in value;
  }
}

/** Bytes that were judged and recorded, and may be sent. Its constructor is not exported. */
export type Cleared = ClearedBytes;

/** Clears a message by serialising what was judged. */
export function clearMessage(message: Message): Cleared {
  return new ClearedBytes(serialise(message));
}

/** Tells whether a value was made here. */
export function isCleared(value: unknown): value is Cleared {
  return typeof value === "object" && value !== null && ClearedBytes.made(value);
}
