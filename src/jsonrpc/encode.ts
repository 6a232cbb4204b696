/**
 * Text → UTF-8 bytes.
 * @module
 */

const SLAB_BYTES = 64 * 1024;
/** Longer texts get memory of their own; in UTF-16 units, each up to 3 bytes. */
const MAX_SHARED_LENGTH = 2048;

const encoder = new TextEncoder();
let slab = new ArrayBuffer(0);
let used = 0;

/**
 * Encodes text. Short texts share memory: making a buffer for each costs more than encoding it
 * (measured for 330 B: 1.2 µs alone, 0.5 µs shared). So never hand on `.buffer` of the outcome.
 */
export function encode(text: string): Uint8Array {
  const most = 3 * text.length;
  if (text.length > MAX_SHARED_LENGTH) return encoder.encode(text);
  if (used + most > slab.byteLength) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const { written } = encoder.encodeInto(text, new Uint8Array(slab, used, most));
  const bytes = new Uint8Array(slab, used, written);
  used += written;
  return bytes;
}

/** The length of text in UTF-8, without a copy. Text must be well-formed. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Each half of a pair counts 2 of the 4 bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit & 0xf800) !== 0xd800 ? 2 : 1;
  }
  return bytes;
}
