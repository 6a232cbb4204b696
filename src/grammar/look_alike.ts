/**
 * The plain spelling of a text: what is left when compatibility forms, look-alikes of `/`, `\` and
 * `.`, and characters that show nothing are taken for what they pass for.
 * @module
 */

/**
 * Writes compatibility forms (NFKC) and look-alikes of path punctuation plainly, and leaves out
 * default-ignorable characters, which some file systems skip when they compare names. Linear.
 */
export function plainSpelling(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text;
  return text.replace(FOREIGN_RUN, spellRun);
}

/**
 * NFKC sorts runs of combining marks by insertion, in quadratic time: 32,000 marks take V8 more than
 * a second. Pieces of this length keep it linear; what matters here is never composed of more.
 */
const FOREIGN_RUN = /[^\0-\x7f]{1,32}/gu;

function spellRun(run: string): string {
  return run.normalize("NFKC").replace(NOT_PLAIN, (character) => LOOK_ALIKES.get(character) ?? "");
}

/** From Unicode's confusables (UTS #39), those that are not letters of a living script; plus U+3002, which host names take for a dot. */
const SLASHES = "\u1735\u2044\u2215\u2571\u27cb\u29f8\u3033\u31d3";
const BACKSLASHES = "\u2216\u2572\u27cd\u29f5\u29f9\u31d4";
const DOTS = "\u0701\u0702\u2024\u3002\ua4f8\ua60e";

const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  [[SLASHES, "/"] as const, [BACKSLASHES, "\\"] as const, [DOTS, "."] as const]
    .flatMap(([from, to]) => [...from].map((character) => [character, to] as const)),
);

const NOT_PLAIN = new RegExp(
  `[${SLASHES}${BACKSLASHES}${DOTS}]|\\p{Default_Ignorable_Code_Point}`,
  "gu",
);
