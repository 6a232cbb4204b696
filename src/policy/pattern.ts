/**
 * Patterns: exact code points, `*` the only wildcard, every question answered in linear time.
 * @module
 */

import type { Fault } from "../yaml/problems.ts";

/** A pattern, ready to be asked. */
export interface Glob {
  /** As written. */
  readonly text: string;
  /** What stands between the wildcards; one piece means there is none. */
  readonly pieces: readonly string[];
  /** For each long piece, how far a partial match can fall back (Knuth, Morris, Pratt 1977). */
  readonly fallbacks: readonly (Uint32Array | undefined)[];
}

/** Longer patterns are refused at load: no name of a tool, and few URIs, are as long. */
export const MAX_PATTERN_LENGTH = 1024;

/** Up to this length a plain search is linear enough: it compares each character at most so often. */
const SHORT_PIECE = 8;

/** Stands for a wildcard's text: a noncharacter that no pattern holds (Unicode §23.7). */
const ANYTHING = "\uffff";

/** Compiles a pattern. */
export function glob(text: string): Glob {
  return fromPieces(text, text.includes("*") ? joined(text.split("*")) : [text]);
}

/**
 * Compiles an RFC 6570 URI template: each `{…}` may expand to anything. So may a literal character
 * that expansion would percent-encode, and all that follows a brace which is not closed.
 */
export function templateGlob(template: string): Glob {
  const pieces: string[] = [];
  let at = 0;
  while (true) {
    const open = template.indexOf("{", at);
    const literal = template.slice(at, open < 0 ? template.length : open);
    pieces.push(...literal.split(/[^!#-;=?-[\]_a-z~]+/));
    if (open < 0) break;
    const close = template.indexOf("}", open);
    if (close < 0) {
      pieces.push("");
      break;
    }
    at = close + 1;
  }
  return fromPieces(template, joined(pieces));
}

/** True when `text` is one of the strings that the pattern stands for. */
export function matches({ pieces, fallbacks }: Glob, text: string): boolean {
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return text === first;
  const last = pieces[pieces.length - 1] ?? "";
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (let i = 1; i < pieces.length - 1; i++) {
    const piece = pieces[i] ?? "";
    const found = find(text, { piece, fallback: fallbacks[i], from: at });
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= end;
}

/** True when every string that `narrow` stands for is one that `wide` stands for. */
export function covers(wide: Glob, narrow: Glob): boolean {
  const first = wide.pieces[0] ?? "";
  if (!(narrow.pieces[0] ?? "").startsWith(first)) return false;
  // Only a wildcard of `wide` can match ANYTHING, and a wildcard matches whatever may stand there.
  return matches(wide, narrow.pieces.join(ANYTHING));
}

/** True when some string is one that both patterns stand for. */
export function meets(a: Glob, b: Glob): boolean {
  if (a.pieces.length === 1) return matches(b, a.pieces[0] ?? "");
  if (b.pieces.length === 1) return matches(a, b.pieces[0] ?? "");
  // Between the ends each side's wildcards take in whatever the other side asks for.
  const [a0 = "", aN = ""] = [a.pieces[0], a.pieces.at(-1)];
  const [b0 = "", bN = ""] = [b.pieces[0], b.pieces.at(-1)];
  return (a0.startsWith(b0) || b0.startsWith(a0)) && (aN.endsWith(bN) || bN.endsWith(aN));
}

/** True for the pattern that stands for everything. */
export function isEverything({ pieces }: Glob): boolean {
  return pieces.length === 2 && pieces[0] === "" && pieces[1] === "";
}

/** What is wrong with a pattern as text, if anything. */
export function patternFault(text: string): Fault | undefined {
  const code = "bad-pattern";
  if (text === "") {
    return { code, message: "A pattern cannot be empty", hint: 'Write "*" for everything' };
  }
  if (text.length > MAX_PATTERN_LENGTH) {
    return {
      code,
      message:
        `A pattern has at most ${MAX_PATTERN_LENGTH} characters: this one has ${text.length}`,
    };
  }
  if (text !== text.trim()) {
    return {
      code,
      message: "A pattern cannot start or end with a space",
      hint: `Write ${JSON.stringify(text.trim())}`,
    };
  }
  if (!isPlainText(text)) {
    return {
      code,
      message: "A pattern cannot hold control characters, noncharacters or lone surrogates",
      hint: "Remove them; no name that is let through holds one",
    };
  }
  return undefined;
}

/** True when a text holds no control characters, line separators, noncharacters or lone surrogates. */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !UNUSABLE.test(text);
}

/** C0, DEL, C1, line separators, and the noncharacters that could be mistaken for ANYTHING. */
// deno-lint-ignore no-control-regex
const UNUSABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]/;

function fromPieces(text: string, pieces: readonly string[]): Glob {
  const fallbacks = pieces.map((piece, i) =>
    i === 0 || i === pieces.length - 1 || piece.length <= SHORT_PIECE
      ? undefined
      : fallbackOf(piece)
  );
  return { text, pieces, fallbacks };
}

/** Removes empty pieces between wildcards: two wildcards in a row are one. */
function joined(pieces: readonly string[]): readonly string[] {
  return pieces.filter((piece, i) => piece !== "" || i === 0 || i === pieces.length - 1);
}

interface Search {
  readonly piece: string;
  readonly fallback: Uint32Array | undefined;
  readonly from: number;
}

function find(text: string, { piece, fallback, from }: Search): number {
  if (fallback === undefined) return text.indexOf(piece, from);
  let matched = 0;
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    while (matched > 0 && unit !== piece.charCodeAt(matched)) matched = fallback[matched - 1] ?? 0;
    if (unit === piece.charCodeAt(matched)) matched++;
    if (matched === piece.length) return i - matched + 1;
  }
  return -1;
}

/** For each prefix of a piece, the length of the longest proper prefix that is also its suffix. */
function fallbackOf(piece: string): Uint32Array {
  const table = new Uint32Array(piece.length);
  let length = 0;
  for (let i = 1; i < piece.length; i++) {
    while (length > 0 && piece[i] !== piece[length]) length = table[length - 1] ?? 0;
    if (piece[i] === piece[length]) length++;
    table[i] = length;
  }
  return table;
}
