/**
 * The tokens of a piece of SQL of which neither the beginning nor the dialect is known.
 * @module
 */

/** One token of a fragment. */
export interface FragmentToken {
  readonly kind: "word" | "number" | "string" | "mark" | "comment";
  /** Words in small letters; strings and comments without their marks. */
  readonly text: string;
  /** Whether it is a string that the text ends in: a quote outside the text closes it. */
  readonly open: boolean;
}

/** More than this is no fragment that somebody slipped into a value. */
const MAX_TOKENS = 256;

const SPACE = /\s+/y;
const INNER_COMMENT = /\/\*[^*]*\*\//y;
const COMMENT = /(?:--|#|\/\*)([^]*)/y;
const NUMBER = /(?:0x[0-9a-f]+|[0-9]+(?:\.[0-9]*)?(?:e[0-9]+)?)(?![\p{L}_])/iuy;
const WORD = /[\p{L}_@][\p{L}\p{M}\p{N}_$@.]*/uy;
const MARK = /<=>|<>|!=|<=|>=|\|\||&&|[^]/uy;

/** Reads tokens from `start` on. A comment that no mark closes ends the reading: it hides the rest of the statement. */
export function readFragment(text: string, start: number): readonly FragmentToken[] {
  const tokens: FragmentToken[] = [];
  for (let at = start; at < text.length && tokens.length < MAX_TOKENS;) {
    const space = match(SPACE, { text, at }) ?? match(INNER_COMMENT, { text, at });
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const comment = match(COMMENT, { text, at });
    if (comment !== undefined) {
      tokens.push({ kind: "comment", text: comment.replace(/^(?:--|#|\/\*)/, ""), open: false });
      break;
    }
    const { token, length } = readToken(text, at);
    tokens.push(token);
    at += length;
  }
  return tokens;
}

interface Place {
  readonly text: string;
  readonly at: number;
}

function match(pattern: RegExp, { text, at }: Place): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function readToken(
  text: string,
  at: number,
): { readonly token: FragmentToken; readonly length: number } {
  const quote = text[at];
  if (quote === "'" || quote === '"') {
    const end = text.indexOf(quote, at + 1);
    const inner = text.slice(at + 1, end < 0 ? undefined : end);
    const length = inner.length + (end < 0 ? 1 : 2);
    return { token: { kind: "string", text: inner, open: end < 0 }, length };
  }
  const number = match(NUMBER, { text, at });
  if (number !== undefined) return plain("number", number);
  const word = match(WORD, { text, at });
  if (word !== undefined) return plain("word", word);
  return plain("mark", match(MARK, { text, at }) ?? quote);
}

function plain(
  kind: "word" | "number" | "mark",
  source: string,
): { readonly token: FragmentToken; readonly length: number } {
  return { token: { kind, text: source.toLowerCase(), open: false }, length: source.length };
}
