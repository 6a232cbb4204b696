/**
 * One round of percent-decoding, as the most lenient decoders do it.
 *
 * `%XX` is a byte of UTF-8, overlong forms included (RFC 3629 §10 says why they matter), and
 * `%uXXXX` is one UTF-16 unit. A `%` that begins no escape stands for itself.
 * @module
 */

/** What becomes of bytes that are no UTF-8. */
export interface DecodeOptions {
  /**
   * `fold`: an overlong lead byte takes in whatever byte follows, by its low six bits. `drop`: it is
   * left out and the next byte counts for itself. Both leave out other stray bytes. Default `fold`.
   */
  readonly malformed?: "fold" | "drop";
}

const PERCENT = 0x25;
const SMALL_U = 0x75;
const MAX_CODE_POINT = 0x10ffff;

/** Decodes each escape of a text once. Linear; returns the same text when there is none. */
export function decodePercent(text: string, { malformed = "fold" }: DecodeOptions = {}): string {
  let at = text.indexOf("%");
  if (at < 0) return text;
  let out = text.slice(0, at);
  while (at < text.length) {
    const unit = unicodeEscape(text, at);
    if (unit >= 0) {
      out += String.fromCharCode(unit);
      at += 6;
      continue;
    }
    const byte = byteEscape(text, at);
    if (byte < 0) {
      const next = text.indexOf("%", at + 1);
      const end = next < 0 ? text.length : next;
      out += text.slice(at, end);
      at = end;
      continue;
    }
    const { character, length } = readCharacter(text, {
      at,
      lead: byte,
      fold: malformed === "fold",
    });
    out += character;
    at += length;
  }
  return out;
}

/** Rounds after which a text that still changes is left alone: nobody decodes more often by accident. */
const MAX_ROUNDS = 4;

/** A text and what it becomes by decoding again and again, at most four times; the text itself comes first. */
export function decodingRounds(text: string): readonly string[] {
  const rounds = [text];
  for (let round = text; rounds.length <= MAX_ROUNDS;) {
    const after = decodePercent(round);
    if (after === round) break;
    rounds.push(round = after);
  }
  return rounds;
}

/** Whether an escape of either form begins at a place. */
export function isEscape(text: string, at: number): boolean {
  return byteEscape(text, at) >= 0 || unicodeEscape(text, at) >= 0;
}

interface Escape {
  readonly at: number;
  /** The byte it stands for. */
  readonly lead: number;
  readonly fold: boolean;
}

interface Character {
  readonly character: string;
  /** Code units of the escapes it was read from. */
  readonly length: number;
}

function readCharacter(text: string, { at, lead, fold }: Escape): Character {
  if (lead < 0x80) return { character: String.fromCharCode(lead), length: 3 };
  const more = continuations(lead);
  const folded = fold && (lead === 0xc0 || lead === 0xc1);
  let code = more === 0 ? -1 : lead & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const byte = byteEscape(text, at + 3 * i);
    if (byte < 0 || (byte >> 6 !== 0b10 && !folded)) return { character: "", length: 3 };
    code = code * 64 + (byte & 0x3f);
  }
  const scalar = code >= 0 && code <= MAX_CODE_POINT && (code < 0xd800 || code > 0xdfff);
  return { character: scalar ? String.fromCodePoint(code) : "", length: 3 * (more + 1) };
}

/** How many bytes follow a lead byte, up to the six-byte forms of RFC 2279; 0 for what leads nothing. */
function continuations(lead: number): number {
  if (lead < 0xc0 || lead >= 0xfe) return 0;
  if (lead < 0xe0) return 1;
  if (lead < 0xf0) return 2;
  if (lead < 0xf8) return 3;
  return lead < 0xfc ? 4 : 5;
}

/** The byte of a `%XX` at a place, or −1. */
function byteEscape(text: string, at: number): number {
  return text.charCodeAt(at) === PERCENT ? hexPair(text, at + 1) : -1;
}

/** The unit of a `%uXXXX` at a place, or −1. */
function unicodeEscape(text: string, at: number): number {
  if (text.charCodeAt(at) !== PERCENT || (text.charCodeAt(at + 1) | 0x20) !== SMALL_U) return -1;
  const high = hexPair(text, at + 2);
  const low = hexPair(text, at + 4);
  return high < 0 || low < 0 ? -1 : high * 256 + low;
}

function hexPair(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at));
  const low = hexDigit(text.charCodeAt(at + 1));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** The value of a hexadecimal digit, or −1; `charCodeAt` past the end is NaN and gives −1. */
function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
