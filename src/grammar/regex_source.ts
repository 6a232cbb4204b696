/**
 * The source of a regular expression, looked at before it is compiled.
 * @module
 */

/** An expression whose leading lookaheads stand apart: it matches where all of them hold and `rest` matches. */
export interface SplitRegex {
  /** Each anchored at the start of the text. */
  readonly conditions: readonly { readonly source: string; readonly holds: boolean }[];
  /** Anchored as well. */
  readonly rest: string;
}

/**
 * Takes lookaheads away from the start of an anchored expression: `^(?!a)(?=b)c` asks three things
 * of one place, which RE2 can answer one by one. Undefined when there is nothing to take away, or
 * when an alternative at the top could do without them.
 */
export function splitLookaheads(source: string): SplitRegex | undefined {
  if (/\[\^?\]/.test(source)) return undefined; // an empty class to some, the start of one to others
  const conditions: { readonly source: string; readonly holds: boolean }[] = [];
  let at = 1;
  while (source.startsWith("(?=", at) || source.startsWith("(?!", at)) {
    const end = groupEnd(source, at);
    if (end === undefined) return undefined;
    conditions.push({ source: `^(?:${source.slice(at + 3, end)})`, holds: source[at + 2] === "=" });
    at = end + 1;
    if ("?*+{".includes(source[at] ?? " ")) return undefined; // a lookahead that need not hold
  }
  const rest = source.slice(at);
  if (!source.startsWith("^") || conditions.length === 0 || hasAlternative(rest)) return undefined;
  return { conditions, rest: `^${rest}` };
}

/**
 * The number of atoms when every counted repetition is written out: about what RE2 makes of it.
 * Text that does not parse has some number; the compiler says what is wrong with it.
 */
export function regexAtoms(source: string): number {
  const sums: number[] = [];
  let sum = 0;
  let last = 0; // atoms of what a repetition would repeat
  for (const { token, count } of tokensOf(source)) {
    if (token === "(") {
      sums.push(sum);
      sum = 0;
    } else if (token === ")") {
      last = sum + 1;
      sum = last + (sums.pop() ?? 0);
    } else if (count !== undefined) {
      sum += last * Math.max(0, count - 1);
      last *= Math.max(1, count);
    } else {
      last = 1;
      sum++;
    }
  }
  return sums.reduce((whole, part) => whole + part, sum);
}

function groupEnd(source: string, start: number): number | undefined {
  let depth = 0;
  for (const { token, at } of tokensOf(source, start)) {
    if (token === "(") depth++;
    else if (token === ")" && --depth === 0) return at;
  }
  return undefined;
}

function hasAlternative(source: string): boolean {
  let depth = 0;
  for (const { token } of tokensOf(source)) {
    if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (token === "|" && depth === 0) return true;
  }
  return false;
}

/** A piece of an expression: an escape, a class, a repetition, or one character. */
interface Token {
  readonly token: string;
  readonly at: number;
  /** The most times that a counted repetition repeats. */
  readonly count?: number;
}

function* tokensOf(source: string, start = 0): Iterable<Token> {
  const pieces = /\\[^]|\[\^?\]?(?:\\[^]|[^\]\\])*\]?|\{(\d{1,9})(?:,(\d{0,9}))?\}|[^]/gu;
  pieces.lastIndex = start;
  for (let piece = pieces.exec(source); piece !== null; piece = pieces.exec(source)) {
    const [token, least, most] = piece;
    if (least === undefined) yield { token, at: piece.index };
    else yield { token, at: piece.index, count: Math.max(Number(least), Number(most ?? least)) };
  }
}
