/**
 * What a text carries that people do not see: controls, escape sequences, direction overrides,
 * Unicode tags, and invisible characters that neither an emoji nor a script needs.
 * @module
 */

import { lazyPattern } from "./lazy_pattern.ts";
import { needlessOf } from "./invisible.ts";
import { readTerminal, type TerminalReader } from "./terminal.ts";

/** What hides something. */
export type HiddenKind =
  /** U+0000. */
  | "nul"
  /** C0 and C1 controls and DEL, without TAB, LF and the CR of CRLF. */
  | "control"
  /** A CR that no LF follows: what stands behind it is printed over the line. */
  | "lone-cr"
  /** An escape sequence of a terminal, whole. */
  | "escape"
  /** U+202A–202E and U+2066–2069: text is shown in another order than it is read. */
  | "bidi"
  /** U+E0000–E007F, except in a flag: ASCII that nobody sees. */
  | "tag"
  /** A run of invisible characters that nothing needs. */
  | "invisible"
  /** One of many invisible characters spread over a text that nothing needs. */
  | "scattered"
  /** An invisible character inside an identifier, or one that is itself an identifier. */
  | "identifier";

/** One hidden thing, in UTF-16 units. */
export interface HiddenSpan {
  readonly kind: HiddenKind;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** How a text is looked at. */
export interface HiddenOptions {
  /** The text is source code: identifiers are looked into. */
  readonly code?: boolean;
}

const PLAIN = /^[\t\n\x20-\x7e]*$/;
/** Whatever may hide something. U+FFF9–FFFB mark annotations; the rest of the invisible is Default_Ignorable. */
const SUSPECTS =
  "[\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ufff9-\\ufffb\\p{DI}]+";
const INVISIBLE = lazyPattern(() => /[\ufff9-\ufffb\p{DI}]/u);
const NAME = lazyPattern(() => /[\p{ID_Continue}$]/u);
/** Invisible letters: a name of their own to a compiler. */
const FILLER = /[\u115f\u1160\u3164\uffa0]/;
/** A subdivision's flag (UTS #51, ED-14a) behind U+1F3F4. */
const FLAG_TAGS = /[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/uy;

/** More than a run of this many needs an encoder, not a slip. */
const SHORT_RUN = 2;
/** A byte needs eight signs. */
const SCATTERED = 8;
/** Visible UTF-16 units between two signs of a message: a word at most. */
const WORD_GAP = 12;
/** Visible UTF-16 units between the pieces of a word that is hidden from filters. */
const PIECE_GAP = 2;

/** Whether a text is nothing but printable ASCII, TAB and LF, among which nothing hides. */
export function isPlainText(text: string): boolean {
  return PLAIN.test(text);
}

/** Finds what a text hides, in order. Linear; plain ASCII costs one look. */
export function findHidden(text: string, options: HiddenOptions = {}): readonly HiddenSpan[] {
  if (PLAIN.test(text)) return [];
  return new HiddenFinder(text, options).find();
}

/** A short run that passes for itself. */
interface Needless {
  readonly sort: string;
  readonly start: number;
  readonly end: number;
}

class HiddenFinder {
  readonly #text: string;
  readonly #code: boolean;
  readonly #terminal: TerminalReader;
  readonly #spans: HiddenSpan[] = [];
  readonly #needless: Needless[] = [];

  constructor(text: string, options: HiddenOptions) {
    this.#text = text;
    this.#code = options.code ?? false;
    this.#terminal = readTerminal(text);
  }

  find(): readonly HiddenSpan[] {
    const suspects = new RegExp(SUSPECTS, "gu");
    for (let run = suspects.exec(this.#text); run !== null; run = suspects.exec(this.#text)) {
      let at = run.index;
      const end = at + run[0].length;
      while (at < end) at = this.#step(at, end);
      suspects.lastIndex = at;
    }
    return this.#withScattered();
  }

  /** Judges what stands at a place of a run, and tells where the next thing begins. */
  #step(at: number, end: number): number {
    const code = this.#text.codePointAt(at) ?? 0;
    if (code < 0xa0) return this.#control(at, code);
    if (isDirection(code)) return this.#add("bidi", { start: at, end: at + 1 });
    if (isTag(code)) return this.#tags(at, end);
    return this.#invisible(at, end);
  }

  #control(at: number, code: number): number {
    if (code === 0x0d) {
      const pair = this.#text.charCodeAt(at + 1) === 0x0a;
      return pair ? at + 2 : this.#add("lone-cr", { start: at, end: at + 1 });
    }
    // TAB and LF never are suspects; LF stands here only behind the CR of a pair.
    if (code === 0x00) return this.#add("nul", { start: at, end: at + 1 });
    const sequence = this.#terminal.endOf(at);
    if (sequence !== undefined) return this.#add("escape", { start: at, end: sequence });
    return this.#add("control", { start: at, end: at + 1 });
  }

  #tags(at: number, end: number): number {
    FLAG_TAGS.lastIndex = at;
    if (characterBefore(this.#text, at) === "\u{1f3f4}" && FLAG_TAGS.test(this.#text)) {
      return FLAG_TAGS.lastIndex;
    }
    let last = at;
    while (last < end && isTag(this.#text.codePointAt(last) ?? 0)) last += 2;
    return this.#add("tag", { start: at, end: last });
  }

  #invisible(at: number, end: number): number {
    const characters: string[] = [];
    let last = at;
    while (last < end) {
      const character = characterAt(this.#text, last);
      const code = character.codePointAt(0) ?? 0;
      if (!INVISIBLE.test(character) || isTag(code)) break;
      characters.push(character);
      last += character.length;
    }
    const before = characterBefore(this.#text, at);
    const after = characterAt(this.#text, last);
    const needless = needlessOf({ characters, before, after });
    const [sort = ""] = needless;
    const mixed = needless.some((one) => one !== sort) && !needless.every(isDirectionMark);
    if (needless.length > SHORT_RUN || mixed) {
      return this.#add("invisible", { start: at, end: last });
    }
    if (needless.length > 0 && this.#code && breaksName(sort, { before, after })) {
      return this.#add("identifier", { start: at, end: last });
    }
    if (needless.length > 0 && !isOperator(sort)) {
      this.#needless.push({ sort, start: at, end: last });
    }
    return last;
  }

  /** Invisible characters of two sorts between the words or letters spell a message; of one sort, they cut words into pieces. */
  #withScattered(): readonly HiddenSpan[] {
    const scattered: HiddenSpan[] = [];
    let chain: Needless[] = [];
    for (const next of this.#needless) {
      const last = chain.at(-1);
      if (last !== undefined && next.start - last.end > WORD_GAP) {
        if (isMessage(chain)) { for (const one of chain) scattered.push(asScattered(one)); }
        chain = [];
      }
      chain.push(next);
    }
    if (isMessage(chain)) { for (const one of chain) scattered.push(asScattered(one)); }
    if (scattered.length === 0) return this.#spans;
    return [...this.#spans, ...scattered].sort((a, b) => a.start - b.start);
  }

  #add(kind: HiddenKind, { start, end }: { readonly start: number; readonly end: number }): number {
    this.#spans.push({ kind, start, end });
    return end;
  }
}

function isMessage(chain: readonly Needless[]): boolean {
  const [first] = chain;
  const last = chain.at(-1);
  if (first === undefined || last === undefined || chain.length < SCATTERED) return false;
  if (chain.some((one) => one.sort !== first.sort)) return true;
  const hidden = chain.reduce((sum, one) => sum + one.end - one.start, 0);
  return last.end - first.start - hidden <= PIECE_GAP * (chain.length - 1);
}

function asScattered({ start, end }: Needless): HiddenSpan {
  return { kind: "scattered", start, end };
}

function breaksName(
  character: string,
  around: { readonly before: string; readonly after: string },
): boolean {
  return FILLER.test(character) || NAME.test(around.before) && NAME.test(around.after);
}

function isDirection(code: number): boolean {
  return code >= 0x202a && code <= 0x202e || code >= 0x2066 && code <= 0x2069;
}

function isTag(code: number): boolean {
  return code >= 0xe0000 && code <= 0xe007f;
}

/** LRM, RLM and ALM change nothing but where neutral characters go. */
function isDirectionMark(character: string): boolean {
  return character === "\u200e" || character === "\u200f" || character === "\u061c";
}

/** U+2061–2064 stand one by one in copied formulas. */
function isOperator(character: string): boolean {
  return character >= "\u2061" && character <= "\u2064";
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? "" : String.fromCodePoint(code);
}

function characterBefore(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  if (Number.isNaN(low)) return "";
  const pair = low >= 0xdc00 && low <= 0xdfff && at >= 2 ? characterAt(text, at - 2) : "";
  return pair.length === 2 ? pair : text.charAt(at - 1);
}
