/**
 * Text that speaks to the model behind the client as if it had the right to: heuristics.
 *
 * They warn. They find what is written as such texts commonly are, mostly in English; they miss what
 * is written otherwise, and they mark some honest text. Nothing may rest on them.
 * @module
 */

import { headingMarks } from "./injection_headings.ts";
import { markupMarks } from "./injection_markup.ts";
import { phraseMarks } from "./injection_phrases.ts";
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
  const marks = [...phraseMarks(text), ...headingMarks(text), ...markupMarks(text)];
  return marks.length < 2 ? marks : marks.sort((a, b) => a.start - b.start);
}
