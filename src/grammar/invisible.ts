/**
 * Invisible characters, and which of them an emoji or a script needs where they stand.
 * @module
 */

import { type LazyPattern, lazyPattern } from "./lazy_pattern.ts";

/** A run of invisible characters and what stands around it. */
export interface InvisibleRun {
  /** Its characters. */
  readonly characters: readonly string[];
  /** The visible character in front, or empty at the beginning of the text. */
  readonly before: string;
  /** The character behind, or empty at its end. */
  readonly after: string;
}

const PICTURE = lazyPattern(() =>
  /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u20e3/u
);
/** What UTS #51 and StandardizedVariants.txt give a text and an emoji style. */
const STYLED = lazyPattern(() => /\p{Emoji}|\p{So}|\p{Sm}/u);
/** What StandardizedVariants.txt lists for the other selectors below U+FE0E. */
const VARIED = lazyPattern(() =>
  /[\p{sc=Han}\p{So}\p{Sm}\p{scx=Myanmar}\p{sc=Phags_Pa}\p{sc=Manichaean}\u3001\u3002\uff01\uff0c\uff0e\uff1a\uff1b\uff1f0]/u
);
const HAN = lazyPattern(() => /\p{sc=Han}/u);
/** Scripts whose letters join, stack or carry conjuncts, where ZWJ and ZWNJ change the spelling. */
const JOINING = lazyPattern(() =>
  /[\p{scx=Arabic}\p{scx=Syriac}\p{scx=Mongolian}\p{scx=Nko}\p{scx=Mandaic}\p{scx=Manichaean}\p{scx=Psalter_Pahlavi}\p{scx=Hanifi_Rohingya}\p{scx=Adlam}\p{scx=Devanagari}\p{scx=Bengali}\p{scx=Gurmukhi}\p{scx=Gujarati}\p{scx=Oriya}\p{scx=Tamil}\p{scx=Telugu}\p{scx=Kannada}\p{scx=Malayalam}\p{scx=Sinhala}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Thai}\p{scx=Lao}\p{scx=Tibetan}\p{scx=Balinese}\p{scx=Javanese}\p{scx=Sundanese}\p{scx=Meetei_Mayek}\p{scx=Grantha}\p{scx=Newa}\p{scx=Tirhuta}\p{scx=Brahmi}]/u
);
/** Scripts that put no spaces between words, so that ZWSP says where a line may break. */
const UNSPACED = lazyPattern(() =>
  /[\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Thai}\p{scx=Lao}\p{scx=Tibetan}\p{scx=Balinese}\p{scx=Javanese}\p{scx=Tai_Tham}\p{scx=New_Tai_Lue}\p{scx=Tai_Viet}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]/u
);
const RIGHT_TO_LEFT = lazyPattern(() =>
  /[\p{scx=Arabic}\p{scx=Hebrew}\p{scx=Syriac}\p{scx=Thaana}\p{scx=Nko}\p{scx=Adlam}\p{scx=Samaritan}\p{scx=Mandaic}]/u
);
const HANGUL = lazyPattern(() => /\p{scx=Hangul}/u);
const MONGOLIAN = lazyPattern(() => /\p{scx=Mongolian}/u);
const KHMER = lazyPattern(() => /\p{scx=Khmer}/u);
const MARK = lazyPattern(() => /\p{M}/u);
const LETTER = lazyPattern(() => /[\p{L}\p{M}]/u);

/** Two of a kind may be a slip of the keyboard in a script that needs one. */
const SLIP = 2;

/** So many of them, and no more, are told. */
const ENOUGH = 3;

/**
 * The first characters of a run that nothing around it needs, three at most.
 *
 * Unicode 16, chapters 23.2 to 23.4; UTS #51, 2.3; UAX #31, 2.3.
 */
export function needlessOf(run: InvisibleRun): readonly string[] {
  const [only = ""] = run.characters;
  if (run.characters.length === 1) {
    return isNeeded(only, { run, place: 0, earlier: 0 }) ? [] : run.characters;
  }
  const needless: string[] = [];
  const seen = new Map<string, number>();
  for (const [place, character] of run.characters.entries()) {
    const earlier = seen.get(character) ?? 0;
    seen.set(character, earlier + 1);
    if (!isNeeded(character, { run, place, earlier })) needless.push(character);
    if (needless.length === ENOUGH) break;
  }
  return needless;
}

/**
 * A text without any invisible character, needed or not: for searching, not for showing. U+FFF9–FFFB
 * mark annotations; the rest is Default_Ignorable_Code_Point.
 */
export function withoutInvisible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(/[\ufff9-\ufffb\p{DI}]/gu, "");
}

const PLAIN = /^[\x20-\x7e\t\r\n]*$/;

interface Place {
  readonly run: InvisibleRun;
  /** Its place in the run. */
  readonly place: number;
  /** How often the same character stood before it in the run. */
  readonly earlier: number;
}

function isNeeded(character: string, { run, place, earlier }: Place): boolean {
  const { before, after } = run;
  const beside = (script: LazyPattern) => script.test(before) || script.test(after);
  switch (character) {
    case "\u200c":
      return earlier < SLIP && beside(JOINING);
    case "\u200d":
      return earlier === 0 && PICTURE.test(after) &&
          (PICTURE.test(before) || STYLED.test(before)) ||
        earlier < SLIP && beside(JOINING);
    case "\u200b":
      return earlier < SLIP && beside(UNSPACED);
    case "\u200e":
    case "\u200f":
    case "\u061c":
      return earlier < SLIP && beside(RIGHT_TO_LEFT);
    case "\u00ad":
      return earlier === 0 && LETTER.test(before) && LETTER.test(after);
    case "\ufeff":
      return before === "" && place === 0;
    case "\u034f":
      return earlier === 0 && beside(MARK);
    case "\u115f":
    case "\u1160":
    case "\u3164":
    case "\uffa0":
      return earlier < SLIP && beside(HANGUL);
    case "\u17b4":
    case "\u17b5":
      return earlier === 0 && beside(KHMER);
    case "\ufe0e":
    case "\ufe0f":
      return place === 0 && (STYLED.test(before) || VARIED.test(before));
    default:
      return place === 0 && selects(character, before) ||
        isMongolian(character) && beside(MONGOLIAN);
  }
}

/** Whether it is a variation selector that the character before it can have. */
function selects(character: string, before: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xfe00 && code <= 0xfe0d) return VARIED.test(before);
  return code >= 0xe0100 && code <= 0xe01ef && HAN.test(before);
}

function isMongolian(character: string): boolean {
  return character >= "\u180b" && character <= "\u180f";
}
