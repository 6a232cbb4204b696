/**
 * Reads UTF-8 that is refused rather than repaired.
 * @module
 */

const PIECE_BYTES = 64 * 1024;
/** For whole texts only: what it is given as a stream would outlive an error. */
const WHOLE = strictDecoder();

/** The text, with any U+FEFF it begins with, or `undefined` when it is not UTF-8. */
export function strictText(bytes: Uint8Array): string | undefined {
  try {
    return WHOLE.decode(bytes);
  } catch {
    return undefined; // a TypeError, the only way a decoder says so (WHATWG Encoding §7.2)
  }
}

/** Tells whether bytes are UTF-8, piece by piece, so that no large text is made to be thrown away. */
export function isUtf8(bytes: Uint8Array): boolean {
  if (bytes.length <= PIECE_BYTES) return strictText(bytes) !== undefined;
  const decoder = strictDecoder();
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
    }
    decoder.decode();
    return true;
  } catch {
    return false; // as above
  }
}

function strictDecoder(): TextDecoder {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
}
