/**
 * Whether a text that stands for one value goes on as SQL.
 *
 * The text has to be unmistakable: one plain value whose quote is closed, or a number, then SQL that
 * is complete up to the end. Apostrophes, and `or`, `union` and `select` as words, are none.
 * @module
 */
import { isOneValue } from "./one_value.ts";
import { type FragmentToken, readFragment } from "./loose_sql_tokens.ts";

/** How a value goes on: a second query, a condition that decides, a second statement, or a comment that hides the rest. */
export type SqlBreakout = "union" | "condition" | "statement" | "comment";

/** Names have hardly more apostrophes; each one may be where the value ends. */
const MAX_QUOTES = 4;

const JOINERS: ReadonlySet<string> = new Set(["or", "and", "xor", "||", "&&"]);
const COMPARISONS: ReadonlySet<string> = new Set(
  ["=", "<=>", "<>", "!=", "<", ">", "<=", ">=", "like", "rlike", "regexp", "is", "in", "between"],
);
const CONSTANTS: ReadonlySet<string> = new Set(["true", "false", "null"]);
/** What goes on behind a condition. */
const CLAUSES: ReadonlySet<string> = new Set(["having", "limit", "order", "group"]);
const FILLERS: ReadonlySet<string> = new Set(["not", "!", ")", "by", "exists"]);
const SIGNS: ReadonlySet<string> = new Set(["-", "+", "~"]);
const OPERATORS: ReadonlySet<string> = new Set(["-", "+", "*", "/", "^", "&", "|", "||", "%"]);

/** Finds how a value goes on as SQL, if it does. */
export function findSqlBreakout(text: string): SqlBreakout | undefined {
  const value = text.trim();
  if (value.includes("\n")) return undefined;
  for (const quote of ["'", '"']) {
    let at = value.indexOf(quote);
    for (let count = 0; at >= 0 && count < MAX_QUOTES; count++) {
      if (!isOneValue(value.slice(0, at))) break;
      const rest = readFragment(value, at + 1);
      // The quote that opens stands outside, so the first one closes it, the second opens, and so on.
      const found = count % 2 === 0 ? readAfterQuote(rest) : readCommon(withoutBrackets(rest));
      if (found !== undefined) return found;
      at = value.indexOf(quote, at + 1);
    }
  }
  return readAfterValue(value);
}

/** What follows a closed quote: it has to hide the quote that the server adds, or to use it. */
function readAfterQuote(tokens: readonly FragmentToken[]): SqlBreakout | undefined {
  const rest = withoutBrackets(tokens);
  const [first] = rest;
  if (first === undefined) return undefined;
  if (first.kind === "comment") return /^[\s+-]*$/.test(first.text) ? "comment" : undefined;
  const known = readCommon(rest);
  if (known !== undefined) return known;
  if (first.kind === "string") return undefined;
  if (!JOINERS.has(first.text) && !CLAUSES.has(first.text)) {
    return OPERATORS.has(first.text) && holdsSubquery(rest) ? "condition" : undefined;
  }
  if (comparesConstants(rest)) return "condition";
  if (!endsQuietly(rest)) return undefined;
  return isCondition(rest) ? "condition" : undefined;
}

/** Without the properties of Unicode, which take V8 a while to make. */
const NUMBER_START = /^[-+(0-9n]/i;
const NUMBER = /^[-+(]*(?:[0-9]+(?:\.[0-9]+)?|null)\)*(?![\p{L}\p{N}_.])/iu;
const WORD = /^[\p{L}\p{N}_@.-]+\)*\s*(?=;)/u;

/** What follows a number, or a word and a semicolon. */
function readAfterValue(value: string): SqlBreakout | undefined {
  const number = NUMBER_START.test(value) ? NUMBER.exec(value)?.[0] : undefined;
  if (number === undefined) {
    const word = value.includes(";") ? WORD.exec(value.slice(0, 256))?.[0] : undefined;
    return word === undefined ? undefined : readCommon(readFragment(value, word.length));
  }
  const rest = withoutBrackets(readFragment(value, number.length));
  const known = readCommon(rest);
  if (known !== undefined) return known;
  if (rest.length === 0 || !JOINERS.has(rest[0].text)) return undefined;
  return comparesConstants(rest) || holdsSubquery(rest) ? "condition" : undefined;
}

function withoutBrackets(tokens: readonly FragmentToken[]): readonly FragmentToken[] {
  const start = tokens.findIndex(({ kind, text }) => kind !== "mark" || text !== ")");
  return start <= 0 ? tokens : tokens.slice(start);
}

/** A UNION, or a semicolon and a statement. */
function readCommon(tokens: readonly FragmentToken[]): SqlBreakout | undefined {
  const words = texts(tokens);
  if (words[0] === ";") return isStatement(tokens.slice(1)) ? "statement" : undefined;
  if (words[0] !== "union") return undefined;
  const start = words.findIndex((word, at) => at > 0 && !["all", "distinct", "("].includes(word));
  if (start < 0 || words[start] !== "select") return undefined;
  return isSelection(tokens.slice(start + 1)) ? "union" : undefined;
}

/** Words and marks; what stands in strings and comments is no SQL. */
function texts(tokens: readonly FragmentToken[]): readonly string[] {
  return tokens.map(({ kind, text }) => kind === "string" || kind === "comment" ? "" : text);
}

/** What follows SELECT: columns from somewhere, several values, or values and a comment. */
function isSelection(tokens: readonly FragmentToken[]): boolean {
  const words = texts(tokens);
  const from = words.indexOf("from");
  if (from > 0 && tokens[from + 1] !== undefined) return true;
  const [first, second] = tokens;
  if (first === undefined) return false;
  const isValue = first.kind === "number" || first.kind === "string" || first.text === "null" ||
    first.text === "*" || first.text.startsWith("@");
  return isValue || second?.text === "," || second?.text === "(" || endsQuietly(tokens);
}

function isStatement(tokens: readonly FragmentToken[]): boolean {
  const [verb, second, third, fourth] = texts(tokens);
  const ends = (at: number): boolean => {
    const token = tokens[at];
    return token === undefined || token.kind === "comment" || token.open ||
      [";", ",", "cascade", "where"].includes(token.text);
  };
  switch (verb) {
    case "drop": {
      const name = third === "if" ? 4 : 2;
      return /^(?:table|database|schema|view|index|user|role)$/.test(second ?? "") &&
        tokens[name]?.kind === "word" && ends(name + 1);
    }
    case "truncate":
      return second === "table" && ends(3);
    case "delete":
      return second === "from" && tokens[2]?.kind === "word" && ends(3);
    case "insert":
      return second === "into" && /^(?:\(|values|select)$/.test(fourth ?? "");
    case "update":
      return third === "set" && texts(tokens)[4] === "=";
    case "alter":
    case "create":
      return /^(?:table|user|database|role|login)$/.test(second ?? "") && tokens.length > 3;
    case "select":
      return isSelection(tokens.slice(1));
    case "waitfor":
      return second === "delay" || second === "time";
    case "exec":
    case "execute":
      return tokens[1]?.kind === "word" && /^(?:xp_|sp_|master)/.test(second ?? "");
    case "shutdown":
      return ends(1);
    default:
      return false;
  }
}

/** Whether the quote that the server adds does no harm: a comment hides it, or it closes a string. */
function endsQuietly(tokens: readonly FragmentToken[]): boolean {
  const last = tokens.at(-1);
  if (last === undefined) return false;
  return last.kind === "comment" ? isShort(last) : last.open && !/\s\S/.test(last.text);
}

/** Behind a comment mark attacks have nothing, or a mark or a word against trimming; people write a sentence. */
function isShort({ text }: FragmentToken): boolean {
  return !/\S\s+\S/.test(text);
}

/** `or 1=1`, `and ('x')=('x`. */
function comparesConstants(tokens: readonly FragmentToken[]): boolean {
  const [left, comparison, right] = tokens.slice(1).filter(({ kind, text }) =>
    kind === "string" || !["(", ")", "not", "!"].includes(text)
  );
  return right !== undefined && isConstant(left) && isConstant(right) &&
    /^(?:[<=>!]{1,3}|like|is)$/.test(comparison.text);
}

function isConstant({ kind, text }: FragmentToken): boolean {
  return kind === "number" || kind === "string" || (kind === "word" && CONSTANTS.has(text));
}

/**
 * `or true--`, `or ''-'`, `and name = 'x`, `and sleep(5)--`, `or exists (select …)--`: operands and
 * operators by turns up to the end, at least one operator, call or constant among them.
 */
function isCondition(tokens: readonly FragmentToken[]): boolean {
  const isSymbol = /^\W/.test(tokens[0].text); // program code joins strings with them
  if (isSymbol && !holdsSubquery(tokens) && !tokens.some(({ text }) => COMPARISONS.has(text))) {
    return false;
  }
  let decides = false;
  let wantsOperand = true;
  for (let at = 1; at < tokens.length; at++) {
    const token = tokens[at];
    if (token.kind === "comment") return decides && !wantsOperand;
    if (token.kind === "mark" && token.text === "(") {
      if (tokens[at + 1]?.text === "select") return true;
      if (wantsOperand && tokens[at - 1].text !== "in") continue;
      at = endOfBrackets(tokens, at); // a call or a list
      decides = true;
      wantsOperand = false;
    } else if (token.kind !== "string" && FILLERS.has(token.text)) {
      continue;
    } else if (isOperator(token)) {
      if (wantsOperand && !SIGNS.has(token.text)) return false;
      wantsOperand = true;
      decides ||= !JOINERS.has(token.text);
    } else if (token.kind !== "mark" && (wantsOperand || areBothStrings(tokens, at))) {
      decides ||= !wantsOperand || (isConstant(token) && !token.open);
      wantsOperand = false;
    } else return false;
  }
  return decides && !wantsOperand;
}

function endOfBrackets(tokens: readonly FragmentToken[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const { kind, text } = tokens[at];
    if (kind === "mark" && text === "(") depth++;
    if (kind === "mark" && text === ")" && --depth === 0) return at;
  }
  return tokens.length;
}

function isOperator({ kind, text }: FragmentToken): boolean {
  return kind !== "string" &&
    (COMPARISONS.has(text) || OPERATORS.has(text) || JOINERS.has(text) || CLAUSES.has(text));
}

/** Two strings side by side are one. */
function areBothStrings(tokens: readonly FragmentToken[], at: number): boolean {
  return tokens[at].kind === "string" && tokens[at - 1].kind === "string";
}

function holdsSubquery(tokens: readonly FragmentToken[]): boolean {
  const words = texts(tokens);
  return words.some((word, at) => word === "(" && words[at + 1] === "select") &&
    words.includes(")");
}
