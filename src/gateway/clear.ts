/**
 * The only maker of {@linkcode Cleared}, and so the only way out of the program for a message.
 * @module
 */

import { serialise } from "../jsonrpc/serialise.ts";
import type { Content } from "./outcome.ts";

// INVARIANT: Only gateway/clear.ts makes Cleared; only Cleared can be sent.
class ClearedBytes {
  /** Makes the type nominal: no object literal has it. */
  readonly #cleared = true;
  /** The bytes of one message, without a line end. */
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

/** Clears what was judged and recorded. */
export function clear(content: Content): Cleared {
  switch (content.kind) {
    case "serialised":
      return new ClearedBytes(content.serialised.bytes);
    case "message":
      return new ClearedBytes(serialise(content.message).bytes);
    case "verbatim":
      return new ClearedBytes(content.bytes);
  }
}

/** Tells whether a value was made here. */
export function isCleared(value: unknown): value is Cleared {
  return typeof value === "object" && value !== null && ClearedBytes.made(value);
}
