/**
 * Phrases sought in all words of a text: what `phraseMarks()` is held against.
 * @module
 */

import { type Phrase, PHRASES, type Step } from "../../../src/inspect/results/injection_rules.ts";
import type { Mark } from "../../../src/inspect/results/mark.ts";
import { type NaiveWord as Word, readAllWords } from "../../grammar/naive_words.ts";

/** By the definition: every phrase is tried at every word. */
export function phrasesInAllWords(text: string): readonly Mark[] {
  const words = readAllWords(text);
  const marks: Mark[] = [];
  for (let at = 0; at < words.length; at++) {
    for (const phrase of PHRASES) {
      if (phrase.steps[0]?.words.has(words[at]?.word ?? "") !== true) continue;
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
