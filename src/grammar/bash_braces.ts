/**
 * Brace expansion, which Bash does on the text of a word before anything else.
 * @module
 */

/** A range with more steps than this is left as it stands. */
const MAX_RANGE = 32;

/** Characters that one more word counts for, besides its own. */
export const WORD_COST = 16;

/**
 * Every word that the braces of one word make, as source text; the word itself when it has none.
 * Nothing when writing them out takes more than `budget` characters.
 */
export function braceAlternatives(word: string, budget: number): string[] | undefined {
  const done: string[] = [];
  const open = [word];
  let left = budget;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const brace = findBrace(next);
    if (brace === undefined) {
      done.push(next);
      continue;
    }
    const { before, items, after } = brace;
    for (const item of items.toReversed()) {
      left -= before.length + item.length + after.length + WORD_COST;
      if (left < 0) return undefined;
      open.push(`${before}${item}${after}`);
    }
  }
  return done;
}

interface Brace {
  readonly before: string;
  readonly items: readonly string[];
  readonly after: string;
}

/** The outermost brace that expands: one with a comma at its own level, or a range. */
function findBrace(word: string): Brace | undefined {
  let found:
    | { readonly from: number; readonly to: number; readonly items: readonly string[] }
    | undefined;
  const starts: { at: number; commas: number[] }[] = [];
  for (let at = 0; at < word.length; at++) {
    const char = word[at];
    if (char === "\\") at++;
    else if (char === "'" || char === '"' || char === "`") at = closing(word, at, char);
    else if (char === "$" && word[at + 1] === "{") at = matching(word, at + 1, "{}");
    else if (char === "$" && word[at + 1] === "(") at = matching(word, at + 1, "()");
    else if (char === "{") starts.push({ at, commas: [] });
    else if (char === ",") starts.at(-1)?.commas.push(at);
    else if (char === "}") {
      const start = starts.pop();
      if (start === undefined) continue;
      const items = start.commas.length > 0
        ? pieces(word, [start.at, ...start.commas, at])
        : range(word.slice(start.at + 1, at));
      if (items !== undefined) found = { from: start.at, to: at, items };
      if (found !== undefined && starts.length === 0) break;
    }
  }
  if (found === undefined) return undefined;
  const { from, to, items } = found;
  return { before: word.slice(0, from), items, after: word.slice(to + 1) };
}

function pieces(word: string, marks: readonly number[]): string[] {
  const items: string[] = [];
  let from: number | undefined;
  for (const mark of marks) {
    if (from !== undefined) items.push(word.slice(from + 1, mark));
    from = mark;
  }
  return items;
}

function range(text: string): string[] | undefined {
  const [from = "", to = "", step = "1", more] = text.split("..");
  if (more !== undefined || !/^-?[0-9]{1,9}$/.test(step)) return undefined;
  const numbers = /^-?[0-9]{1,9}$/.test(from) && /^-?[0-9]{1,9}$/.test(to);
  const letters = from.length === 1 && to.length === 1;
  if (!numbers && !letters) return undefined;
  const first = numbers ? Number(from) : from.charCodeAt(0);
  const last = numbers ? Number(to) : to.charCodeAt(0);
  const by = Math.max(1, Math.abs(Number(step)));
  const count = Math.floor(Math.abs(last - first) / by) + 1;
  if (count > MAX_RANGE) return undefined;
  return Array.from({ length: count }, (_, index) => {
    const value = first + (last < first ? -by : by) * index;
    return numbers ? String(value) : `\\${String.fromCharCode(value)}`;
  });
}

function closing(word: string, at: number, quote: string): number {
  for (let end = at + 1; end < word.length; end++) {
    if (word[end] === "\\" && quote !== "'") end++;
    else if (word[end] === quote) return end;
  }
  return word.length;
}

function matching(word: string, at: number, pair: "{}" | "()"): number {
  let level = 0;
  for (let end = at; end < word.length; end++) {
    const char = word[end];
    if (char === "\\") end++;
    else if (char === "'" || char === '"') end = closing(word, end, char);
    else if (char === pair[0]) level++;
    else if (char === pair[1] && --level === 0) return end;
  }
  return word.length;
}
