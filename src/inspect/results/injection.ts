/**
 * Text that speaks to the model behind the client as if it had the right to: heuristics.
 *
 * They warn. They find what is written as such texts commonly are, mostly in English; they miss what
 * is written otherwise, and they mark some honest text. Nothing may rest on them.
 * @module
 */

import { lazyPattern } from "../../grammar/lazy_pattern.ts";
import { readWords, type Word } from "../../grammar/words.ts";
import { headingMarks } from "./injection_headings.ts";
import { markupMarks } from "./injection_markup.ts";
import { type Phrase, PHRASES, type Step } from "./injection_rules.ts";
import type { Mark } from "./mark.ts";

/** How much of each end of a text is looked at, in UTF-16 units. */
const WINDOW = 256 * 1024;

/** Finds what addresses the model: instructions, forged turns, markup that carries data away, text out of sight. Linear. */
export function addressesModel(text: string): readonly Mark[] {
  if (text.length <= 2 * WINDOW) return marksOf(text);
  const from = text.length - WINDOW;
  const tail = marksOf(text.slice(from));
  return [
    ...marksOf(text.slice(0, WINDOW)),
    ...tail.map((mark) => ({ ...mark, start: mark.start + from, end: mark.end + from })),
  ];
}

function marksOf(text: string): readonly Mark[] {
  return [...phraseMarks(text), ...headingMarks(text), ...markupMarks(text)]
    .sort((a, b) => a.start - b.start);
}

const phrasesByWord = indexPhrases();
/** A text without a first word of any phrase needs no reading. */
const firstWords = [...phrasesByWord.keys()].map(RegExp.escape).join("|");
const anyFirst = lazyPattern(() => new RegExp(firstWords, "iu"));
/** Without the folding of Unicode, which takes V8 milliseconds to make and ASCII does not need. */
const anyFirstInAscii = lazyPattern(() => new RegExp(firstWords, "i"));
const ASCII = /^[\x20-\x7e\t\r\n]*$/;

function phraseMarks(text: string): readonly Mark[] {
  if (!(ASCII.test(text) ? anyFirstInAscii : anyFirst).test(text)) return [];
  const words = readWords(text);
  const marks: Mark[] = [];
  for (let at = 0; at < words.length; at++) {
    for (const phrase of phrasesByWord.get(words[at]?.word ?? "") ?? []) {
      const last = matchPhrase(words, { phrase, at });
      const [start, end] = [words[at]?.start, words[last ?? -1]?.end];
      if (last === undefined || start === undefined || end === undefined) continue;
      if (isMention(words, at)) continue;
      marks.push({ sign: phrase.sign, start, end });
      at = last;
      break;
    }
  }
  return marks;
}

/** The place of the last word of the shortest match. */
function matchPhrase(
  words: readonly Word[],
  { phrase, at }: { readonly phrase: Phrase; readonly at: number },
): number | undefined {
  if (phrase.first && words[at - 1]?.sentence === words[at]?.sentence) return undefined;
  let reached: readonly number[] = [at];
  for (const step of phrase.steps.slice(1)) {
    reached = takeStep(words, { step, reached });
    if (reached.length === 0) return undefined;
  }
  return reached[0];
}

/** All places that a step leads to, in order; each word in reach is looked at once. */
function takeStep(
  words: readonly Word[],
  { step, reached }: { readonly step: Step; readonly reached: readonly number[] },
): readonly number[] {
  const [first = 0] = reached;
  const sentence = words[first]?.sentence;
  const places: number[] = [];
  let passed = 0;
  let last = first;
  for (let place = first + 1; place <= (reached.at(-1) ?? first) + step.within; place++) {
    const word = words[place];
    if (word === undefined || word.sentence !== sentence) break;
    if (place - last <= step.within && step.words.has(word.word)) places.push(place);
    if (reached[passed + 1] === place) {
      passed++;
      last = place;
    }
  }
  return places;
}

/** Words that show that a phrase is quoted in order to speak of it. */
const ABOUT = new Set(
  "such like called titled named phrase phrases text texts string strings attack attacks injection injections example examples means mean says said payload payloads detect detects detected block blocks blocked filter filters pattern patterns test tests contains containing"
    .split(" "),
);
const REACH = 12;

function isMention(words: readonly Word[], at: number): boolean {
  const phrase = words[at];
  if (phrase === undefined) return false;
  for (let place = Math.max(0, at - REACH); place <= at + REACH; place++) {
    const word = words[place];
    if (word === undefined || word.quoted || Math.abs(word.sentence - phrase.sentence) > 0) {
      continue;
    }
    if (phrase.quoted && ABOUT.has(word.word)) return true;
    if (place < at && (word.word === "injection" || word.word === "injections")) return true;
  }
  return false;
}

function indexPhrases(): ReadonlyMap<string, readonly Phrase[]> {
  const index = new Map<string, Phrase[]>();
  for (const phrase of PHRASES) {
    for (const word of phrase.steps[0]?.words ?? []) {
      const known = index.get(word);
      if (known === undefined) index.set(word, [phrase]);
      else known.push(phrase);
    }
  }
  return index;
}
