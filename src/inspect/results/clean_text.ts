/**
 * Takes out of a text what people would not see in it.
 * @module
 */

import { withoutInvisible } from "../../grammar/invisible.ts";
import { findHidden, type HiddenKind, type HiddenSpan } from "../../grammar/unicode.ts";

/** A text and what was taken out of it. */
export interface CleanedText {
  readonly text: string;
  /** In order; empty when the text is as it came. */
  readonly removed: readonly HiddenKind[];
}

/** What stood apart can be a run when what was between is gone; more rounds change nothing but by design. */
const ROUNDS = 3;

/**
 * Takes out hidden channels and escape sequences. Linear.
 *
 * A lone CR becomes a line feed, as it parts what terminals print over one another. Afterwards
 * nothing hidden is left.
 */
export function cleanText(text: string): CleanedText {
  const removed: HiddenKind[] = [];
  let current = text;
  for (let round = 0; round < ROUNDS; round++) {
    const spans = findHidden(current);
    if (spans.length === 0) return { text: current, removed };
    for (const span of spans) removed.push(span.kind);
    current = without(current, spans);
  }
  return { text: withoutInvisible(current), removed };
}

function without(text: string, spans: readonly HiddenSpan[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const span of spans) {
    parts.push(text.slice(from, span.start), replacementOf(span));
    from = span.end;
  }
  parts.push(text.slice(from));
  return parts.join("");
}

function replacementOf(span: HiddenSpan): string {
  switch (span.kind) {
    case "lone-cr":
      return "\n";
    case "nul":
    case "control":
    case "escape":
    case "bidi":
    case "tag":
    case "invisible":
    case "scattered":
    case "identifier":
      return "";
  }
}
