/**
 * What is known where a command stands, and who judges the commands inside it.
 * @module
 */

import type { CommandProfile } from "../../../access/inspection.ts";
import type { BashInput, BashWord } from "../../../grammar/bash_facts.ts";
import type { Objection } from "../../objection.ts";
import type { Sensitive } from "./sensitive.ts";
import { isOutside, places, render, type Surroundings, within } from "./words.ts";
import { type CommandRule, refusal } from "./refusals.ts";

/** Where one command line stands. */
export interface Context {
  readonly profile: CommandProfile;
  readonly sensitive: Sensitive;
  readonly at: Surroundings;
  /** Names that the script itself defines as functions. */
  readonly functions: ReadonlySet<string>;
  readonly input: BashInput;
  /** How many programs and shells it is wrapped in. */
  readonly level: number;
  readonly referee: Referee;
}

/** Judges what a command runs in its turn. */
export interface Referee {
  /** A program and its words. */
  argv(words: readonly BashWord[], context: Context): Objection | undefined;
  /** Text for a shell; `args` become `$1`, `$2`, … */
  text(word: BashWord, context: Context, args: readonly BashWord[]): Objection | undefined;
}

/** Judges a word that is read as a file. */
export function judgeRead(word: BashWord, context: Context): Objection | undefined {
  return context.sensitive.names(word, context.at) ? refusal("command-sensitive") : undefined;
}

/** Judges a word that is written, removed or moved. */
export function judgeChange(
  word: BashWord,
  context: Context,
  rule: CommandRule = "command-write-outside",
): Objection | undefined {
  const named = judgeRead(word, context);
  if (named !== undefined) return named;
  const text = render(word, context.at);
  if (text === "" || text === "-" || /^\/dev\/fd\/[0-9]+$/.test(text)) return undefined;
  const outside = places(text, context.at)
    .some((place) => isOutside(place, context.profile.writeRoots));
  return outside ? refusal(rule, text) : undefined;
}

/** Judges a word whose removal would take a whole root, or all that is in it. */
export function judgeWhole(word: BashWord, context: Context): Objection | undefined {
  const { profile, at } = context;
  const text = render(word, at);
  const roots = [...profile.writeRoots, ...(profile.home === undefined ? [] : [profile.home])];
  for (const place of places(text, at)) {
    const all = place.endsWith("/\uE000");
    const folder = all ? place.slice(0, -2) || "/" : place;
    // What lies in the folder for temporary files may all go.
    if (all && /^\/(?:var\/)?tmp$/.test(folder)) continue;
    if (roots.some((root) => within(root, folder) && !root.startsWith("/dev/"))) {
      return refusal("command-delete-root", text);
    }
  }
  return undefined;
}
