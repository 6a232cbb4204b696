/**
 * The escapes of JSON strings, read from bytes.
 * @module
 */

const BACKSLASH = 0x5c;
const LOWER_U = 0x75;

/** The code unit of four hexadecimal digits at `at`, or -1. */
export function hex4(bytes: Uint8Array, at: number): number {
  const a = hexDigit(bytes[at] ?? 0);
  const b = hexDigit(bytes[at + 1] ?? 0);
  const c = hexDigit(bytes[at + 2] ?? 0);
  const d = hexDigit(bytes[at + 3] ?? 0);
  return (a | b | c | d) < 0 ? -1 : (a << 12) | (b << 8) | (c << 4) | d;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Tells whether a `\u` escape of the second half of a surrogate pair stands at `at`. */
export function lowSurrogateAt(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === BACKSLASH && bytes[at + 1] === LOWER_U &&
    (hex4(bytes, at + 2) & 0xfc00) === 0xdc00;
}

/**
 * Writes the text of an escaped string as UTF-8 into `out` and gives the end of what was written.
 * It is never longer than the source. Half a surrogate pair becomes U+FFFD.
 */
export function unescape(
  bytes: Uint8Array,
  { start, end, out, at }: {
    readonly start: number;
    readonly end: number;
    readonly out: Uint8Array;
    readonly at: number;
  },
): number {
  let to = at;
  let from = start;
  while (from < end) {
    const byte = bytes[from] ?? 0;
    if (byte !== BACKSLASH) {
      out[to++] = byte;
      from++;
      continue;
    }
    const letter = bytes[from + 1] ?? 0;
    if (letter !== LOWER_U) {
      out[to++] = simpleEscape(letter);
      from += 2;
      continue;
    }
    let code = hex4(bytes, from + 2);
    from += 6;
    if ((code & 0xf800) === 0xd800) {
      if (code < 0xdc00 && lowSurrogateAt(bytes, from)) {
        code = 0x10000 + ((code & 0x3ff) << 10) + (hex4(bytes, from + 2) & 0x3ff);
        from += 6;
      } else code = 0xfffd;
    }
    to = writeUtf8(code, out, to);
  }
  return to;
}

function simpleEscape(letter: number): number {
  switch (letter) {
    case 0x62: // \b
      return 0x08;
    case 0x66: // \f
      return 0x0c;
    case 0x6e: // \n
      return 0x0a;
    case 0x72: // \r
      return 0x0d;
    case 0x74: // \t
      return 0x09;
    default: // \" \\ \/ stand for themselves; JSON.parse refuses the rest
      return letter;
  }
}

function writeUtf8(code: number, out: Uint8Array, at: number): number {
  let to = at;
  if (code < 0x80) out[to++] = code;
  else if (code < 0x800) {
    out[to++] = 0xc0 | (code >> 6);
    out[to++] = 0x80 | (code & 0x3f);
  } else if (code < 0x10000) {
    out[to++] = 0xe0 | (code >> 12);
    out[to++] = 0x80 | ((code >> 6) & 0x3f);
    out[to++] = 0x80 | (code & 0x3f);
  } else {
    out[to++] = 0xf0 | (code >> 18);
    out[to++] = 0x80 | ((code >> 12) & 0x3f);
    out[to++] = 0x80 | ((code >> 6) & 0x3f);
    out[to++] = 0x80 | (code & 0x3f);
  }
  return to;
}

/**
 * Copies a frame with every escaped half of a surrogate pair replaced by U+FFFD, written as the
 * escape of the same length. Offsets stay what they were.
 */
export function repairSurrogates(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const replacement = [0x66, 0x66, 0x66, 0x64]; // "fffd"
  let at = 0;
  while (at < copy.length) {
    if (copy[at] !== BACKSLASH) {
      at++;
      continue;
    }
    if (copy[at + 1] !== LOWER_U) {
      at += 2;
      continue;
    }
    const unit = hex4(copy, at + 2);
    const isHalf = (unit & 0xf800) === 0xd800 && unit >= 0;
    if (isHalf && unit < 0xdc00 && lowSurrogateAt(copy, at + 6)) at += 12;
    else {
      if (isHalf) copy.set(replacement, at + 2);
      at += 6;
    }
  }
  return copy;
}
