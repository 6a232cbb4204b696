/**
 * Phrases of orders to a model, word by word within one sentence. Heuristics.
 * @module
 */

import { wordList } from "../../grammar/word_list.ts";
import { readWords, type Word } from "../../grammar/words.ts";
import { type Phrase, PHRASES, type Step } from "./injection_rules.ts";
import type { Mark } from "./mark.ts";

/** Words that show that a phrase is quoted in order to speak of it. */
const ABOUT = new Set(
  "such like called titled named phrase phrases text texts string strings attack attacks injection injections example examples means mean says said payload payloads detect detects detected block blocks blocked filter filters pattern patterns test tests contains containing"
    .split(" "),
);
const openings = indexPhrases();
/** All that a phrase or its mention can be made of: other words need no reading. */
const sought = wordList([
  ...PHRASES.flatMap(({ steps }) => steps.flatMap(({ words }) => [...words])),
  ...ABOUT,
]);

/** Finds phrases, but not where they are quoted in order to speak of them. Linear. */
export function phraseMarks(text: string): readonly Mark[] {
  const marks: Mark[] = [];
  for (let from = 0; from < text.length;) {
    // No sentence, and so no phrase, goes on from one part to the next.
    const { words, end } = readWords(text, { list: sought, from });
    addMarks(marks, words);
    from = end;
  }
  return marks;
}

function addMarks(marks: Mark[], words: readonly Word[]): void {
  for (let at = 0; at < words.length; at++) {
    for (const phrase of phrasesAt(words, at)) {
      const last = matchPhrase(words, { phrase, at });
      const [start, end] = [words[at]?.start, words[last ?? -1]?.end];
      if (last === undefined || start === undefined || end === undefined) continue;
      if (isMention(words, at)) continue;
      marks.push({ sign: phrase.sign, start, end });
      at = last;
      break;
    }
  }
}

/** The phrases that can begin with a word: none unless a second word of one is in reach. */
function phrasesAt(words: readonly Word[], at: number): readonly Phrase[] {
  const first = words[at];
  const opening = first === undefined ? undefined : openings.get(first.word);
  if (first === undefined || opening === undefined) return NO_PHRASES;
  if (opening.seconds === undefined) return opening.phrases;
  for (let next = at + 1; next < words.length; next++) {
    const word = words[next];
    if (word === undefined || word.place - first.place > opening.within) break;
    if (opening.seconds.has(word.word)) return opening.phrases;
  }
  return NO_PHRASES;
}

const NO_PHRASES: readonly Phrase[] = [];

/** The place of the last word of the shortest match. */
function matchPhrase(
  words: readonly Word[],
  { phrase, at }: { readonly phrase: Phrase; readonly at: number },
): number | undefined {
  if (phrase.first && words[at]?.first === false) return undefined;
  let reached: readonly number[] = [at];
  for (const step of phrase.steps.slice(1)) {
    reached = takeStep(words, { step, reached });
    if (reached.length === 0) return undefined;
  }
  return reached[0];
}

/** All words that a step leads to, in order; each one in reach is looked at once. */
function takeStep(
  words: readonly Word[],
  { step, reached }: { readonly step: Step; readonly reached: readonly number[] },
): readonly number[] {
  let passed = 0;
  let from = words[reached[0] ?? -1];
  const furthest = words[reached.at(-1) ?? -1];
  const found: number[] = [];
  if (from === undefined || furthest === undefined) return found;
  const { sentence } = from;
  for (let at = (reached[0] ?? 0) + 1; at < words.length; at++) {
    const word = words[at];
    if (word === undefined || word.sentence !== sentence) break;
    if (word.place - furthest.place > step.within) break;
    if (word.place - from.place <= step.within && step.words.has(word.word)) found.push(at);
    if (reached[passed + 1] === at) {
      passed++;
      from = word;
    }
  }
  return found;
}

/** In words. */
const REACH = 12;

function isMention(words: readonly Word[], at: number): boolean {
  const phrase = words[at];
  if (phrase === undefined) return false;
  const isNear = (word: Word | undefined): word is Word =>
    word !== undefined && word.sentence === phrase.sentence &&
    Math.abs(word.place - phrase.place) <= REACH;
  const tells = ({ word, quoted }: Word) => !quoted && phrase.quoted && ABOUT.has(word);
  for (let before = at - 1; isNear(words[before]); before--) {
    const word = words[before];
    if (tells(word) || !word.quoted && /^injections?$/.test(word.word)) return true;
  }
  for (let behind = at; isNear(words[behind]); behind++) {
    if (tells(words[behind])) return true;
  }
  return false;
}

/** All phrases that begin with one word. */
interface Opening {
  readonly phrases: Phrase[];
  /** What any of them goes on with; undefined when one is this word alone. */
  seconds: Set<string> | undefined;
  /** How many words behind it at most. */
  within: number;
}

function indexPhrases(): ReadonlyMap<string, Opening> {
  const index = new Map<string, Opening>();
  for (const phrase of PHRASES) {
    const [first, second] = phrase.steps;
    for (const word of first?.words ?? []) {
      const opening = index.get(word) ?? { phrases: [], seconds: new Set(), within: 0 };
      index.set(word, opening);
      opening.phrases.push(phrase);
      opening.within = Math.max(opening.within, second?.within ?? 0);
      if (second === undefined) opening.seconds = undefined;
      for (const next of second?.words ?? []) opening.seconds?.add(next);
    }
  }
  return index;
}
