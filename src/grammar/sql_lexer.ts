/**
 * Text → tokens of SQL, by the lexical rules of each dialect's own server. Linear; what it does not
 * know is a fault.
 * @module
 */

import { SQL_BOUNDS, type SqlDialect, type SqlFaultCode } from "./sql_facts.ts";

/** One token. */
export interface SqlToken {
  readonly type:
    /** A keyword or a name. */
    | "word"
    /** A name in quotes. */
    | "quoted"
    | "string"
    | "number"
    /** A parameter or a variable: `?`, `:id`, `$1`, `@x`. */
    | "parameter"
    | "punctuation";
  /** Words lower-cased, names and strings without quotes and escapes, all else as it stands. */
  readonly text: string;
}

/** All tokens of a text without its comments, or why there are none. */
export function readSqlTokens(
  text: string,
  dialect: SqlDialect,
): readonly SqlToken[] | SqlFaultCode {
  if (text.length > SQL_BOUNDS.maxSqlChars) return "too_long";
  if (text.includes("\0") || !text.isWellFormed()) return "syntax";
  const tokens: SqlToken[] = [];
  let depth = 0;
  let setOperations = 0;
  for (let at = 0; at < text.length;) {
    const step = readOne(text, { at, dialect });
    if (typeof step === "string") return step;
    at = step.next;
    const { token } = step;
    if (token === undefined) continue;
    tokens.push(token);
    depth = Math.max(0, depth + nesting(token));
    if (token.type === "word" && SET_OPERATIONS.has(token.text)) setOperations++;
    if (
      tokens.length > SQL_BOUNDS.maxTokens || depth > SQL_BOUNDS.maxDepth ||
      setOperations > SQL_BOUNDS.maxSetOperations
    ) return "too_complex";
  }
  return tokens;
}

const SET_OPERATIONS: ReadonlySet<string> = new Set(["union", "except", "intersect", "minus"]);

function nesting({ type, text }: SqlToken): number {
  if (type !== "punctuation") return 0;
  return text === "(" || text === "[" ? 1 : text === ")" || text === "]" ? -1 : 0;
}

/** Where a token begins, and by whose rules. */
interface Place {
  readonly at: number;
  readonly dialect: SqlDialect;
}

/** What stood at a place: a token, or white space or a comment without one. */
interface Step {
  readonly next: number;
  readonly token?: SqlToken;
}

function readOne(text: string, place: Place): Step | SqlFaultCode {
  const { at, dialect } = place;
  const char = text[at] ?? "";
  if (SPACE.has(char)) return { next: at + 1 };
  if (isNameStart(char)) return readWord(text, place);
  if (isDigit(char) || (char === "." && isDigit(text[at + 1] ?? ""))) {
    return readNumber(text, place);
  }
  const other = readComment(text, place) ?? readQuoted(text, place);
  if (other !== undefined) return other;
  if (char === "?" || char === "@" || char === ":" || char === "$") {
    const parameter = readParameter(text, place);
    if (parameter !== undefined) return parameter;
  }
  if (dialect !== "postgres" && OPERATOR_STARTS.has(char)) {
    const operator = OPERATORS.find((one) => text.startsWith(one, at));
    if (operator !== undefined) {
      return { next: at + operator.length, token: { type: "punctuation", text: operator } };
    }
  }
  if (!PUNCTUATION.has(char)) return "syntax";
  return { next: at + 1, token: { type: "punctuation", text: char } };
}

const SPACE: ReadonlySet<string> = new Set([" ", "\t", "\n", "\r", "\f", "\v"]);
/** Longest first. */
const OPERATORS = [
  ...["<=>", "->>", "<=", ">=", "<>", "!=", "==", "||", "&&", "<<", ">>", ":=", "->"],
];
const OPERATOR_STARTS: ReadonlySet<string> = new Set(
  OPERATORS.map((operator) => operator[0] ?? ""),
);
const PUNCTUATION: ReadonlySet<string> = new Set("()[]{},;.+-*/%<>=!~^&|:@#?`$\\");

function readComment(text: string, { at, dialect }: Place): Step | SqlFaultCode | undefined {
  if (text.startsWith("--", at)) {
    // MySQL: "--" is a comment only before white space, a control character or the end.
    const after = text.charCodeAt(at + 2);
    if (dialect !== "mysql" || Number.isNaN(after) || after <= 0x20) return toLineEnd(text, at);
  }
  if (dialect === "mysql" && text[at] === "#") return toLineEnd(text, at);
  if (!text.startsWith("/*", at)) return undefined;
  // MySQL and MariaDB run it. No other server writes comments so, but may not be what it is said to be.
  if (text[at + 2] === "!" || /^m!/i.test(text.slice(at + 2, at + 4))) return "executable_comment";
  if (dialect === "postgres") return nestedComment(text, at);
  const end = text.indexOf("*/", at + 2);
  return end < 0 ? "syntax" : { next: end + 2 };
}

function toLineEnd(text: string, at: number): Step {
  const end = text.indexOf("\n", at);
  return { next: end < 0 ? text.length : end + 1 };
}

function nestedComment(text: string, start: number): Step | SqlFaultCode {
  let depth = 0;
  for (let at = start; at < text.length;) {
    if (text.startsWith("/*", at)) depth++;
    else if (text.startsWith("*/", at)) depth--;
    else {
      at++;
      continue;
    }
    at += 2;
    if (depth === 0) return { next: at };
  }
  return "syntax";
}

function readQuoted(text: string, place: Place): Step | SqlFaultCode | undefined {
  const { at, dialect } = place;
  const char = text[at];
  if (char === "'") {
    return inQuotes(text, { at, quote: "'", type: "string", escapes: dialect === "mysql" });
  }
  if (char === '"') {
    const isString = dialect === "mysql";
    return inQuotes(text, {
      at,
      quote: '"',
      type: isString ? "string" : "quoted",
      escapes: isString,
    });
  }
  if (char === "`" && dialect !== "postgres") {
    return inQuotes(text, { at, quote: "`", type: "quoted", escapes: false });
  }
  if (char === "[" && dialect === "sqlite") {
    const end = text.indexOf("]", at);
    if (end < 0) return "syntax";
    return { next: end + 1, token: { type: "quoted", text: text.slice(at + 1, end) } };
  }
  return char === "$" && dialect === "postgres" ? dollarQuoted(text, at) : undefined;
}

/** A token between two equal quotes, which a doubled quote does not end. */
interface Quoting {
  readonly at: number;
  readonly quote: string;
  readonly type: "string" | "quoted";
  /** Whether a backslash takes the next character with it. */
  readonly escapes: boolean;
}

function inQuotes(text: string, { at, quote, type, escapes }: Quoting): Step | SqlFaultCode {
  const parts: string[] = [];
  let from = at + 1;
  for (let next = from; next < text.length; next++) {
    const char = text[next];
    if (escapes && char === "\\") {
      parts.push(text.slice(from, next));
      from = ++next;
    } else if (char === quote) {
      parts.push(text.slice(from, next));
      if (text[next + 1] !== quote) {
        return { next: next + 1, token: { type, text: parts.join("") } };
      }
      from = ++next;
    }
  }
  return "syntax";
}

/** `$$…$$` and `$tag$…$tag$`. A tag is looked for no further than a name may be long. */
function dollarQuoted(text: string, at: number): Step | SqlFaultCode | undefined {
  const tag = /^\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]{0,127})?\$/.exec(text.slice(at, at + 130))
    ?.[0];
  if (tag === undefined) return undefined;
  const end = text.indexOf(tag, at + tag.length);
  if (end < 0) return "syntax";
  return {
    next: end + tag.length,
    token: { type: "string", text: text.slice(at + tag.length, end) },
  };
}

const NUMBER = /0[xX][0-9a-fA-F_]+|[\d_]*\.?[\d_]*(?:[eE][+-]?\d[\d_]*)?/y;

function readNumber(text: string, { at, dialect }: Place): Step | SqlFaultCode {
  NUMBER.lastIndex = at;
  const number = NUMBER.exec(text)?.[0] ?? "";
  const next = at + number.length;
  if (!isNamePart(text[next] ?? "")) return { next, token: { type: "number", text: number } };
  // MySQL lets a name begin with digits.
  return dialect !== "sqlite" && text[at] !== "." ? readWord(text, { at, dialect }) : "syntax";
}

function readWord(text: string, { at, dialect }: Place): Step | SqlFaultCode {
  let next = at + 1;
  while (isNamePart(text[next] ?? "")) next++;
  const word = text.slice(at, next).toLowerCase();
  const prefixed = text[next] === "'" && next === at + 1;
  if (prefixed && (word === "x" || word === "b" || word === "n" || word === "e")) {
    const escapes = word === "e" ? dialect === "postgres" : word === "n" && dialect === "mysql";
    return inQuotes(text, { at: next, quote: "'", type: "string", escapes });
  }
  return { next, token: { type: "word", text: word } };
}

function readParameter(text: string, { at, dialect }: Place): Step | undefined {
  const char = text[at];
  let next = at + 1;
  if (char === "@" && text[next] === "@") next++;
  if (dialect === "mysql" && char !== "@" && char !== "?") return undefined;
  while (isNamePart(text[next] ?? "")) next++;
  if (next === at + 1 && char !== "?") return undefined;
  return { next, token: { type: "parameter", text: text.slice(at, next) } };
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}

/** All three take every character beyond ASCII for a letter. */
function isNameStart(char: string): boolean {
  return (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || char === "_" ||
    char >= "\x80";
}

function isNamePart(char: string): boolean {
  return isNameStart(char) || isDigit(char) || char === "$";
}
