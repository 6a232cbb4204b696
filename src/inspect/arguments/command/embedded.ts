/**
 * Code in the small languages of `awk`, `sed`, `sqlite3` and `psql`, as far as it runs programs or
 * opens files. Each reader is one pass over the text.
 * @module
 */

/** What such code does outside its language. */
export interface CodeEffects {
  /** Runs a program, loads a library, or cannot be read. */
  readonly runs: boolean;
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

/** One token of AWK. */
interface Token {
  readonly kind: "string" | "word" | "sign";
  readonly text: string;
}

/** Reads an AWK program. */
export function readAwk(code: string): CodeEffects {
  const tokens = awkTokens(code);
  const writes: string[] = [];
  const reads: string[] = [];
  let runs = false;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token.kind === "string") continue;
    if (token.text === "|" || token.text === "|&") runs = true;
    else if (token.kind === "word" && token.text === "system" && next?.text === "(") runs = true;
    else if (token.text === "@") runs = true;
    else if ((token.text === ">" || token.text === ">>") && next?.kind === "string") {
      writes.push(next.text);
    } else if (token.text === "<" && next?.kind === "string") reads.push(next.text);
    else if (token.text === "ARGV" || token.text === "ARGC") reads.push(...allStrings(tokens));
  }
  // A name that is put together from strings first is still named.
  reads.push(...allStrings(tokens));
  return { runs, writes, reads };
}

function allStrings(tokens: readonly Token[]): string[] {
  return tokens.filter((token) => token.kind === "string").map((token) => token.text);
}

function awkTokens(code: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < code.length) {
    const char = code[at] ?? "";
    if (char === "#") {
      const end = code.indexOf("\n", at);
      at = end < 0 ? code.length : end;
    } else if (char === '"') {
      const end = endOfQuoted(code, at, '"');
      tokens.push({ kind: "string", text: code.slice(at + 1, end).replace(/\\(.)/g, "$1") });
      at = end + 1;
    } else if (char === "/" && startsRegex(tokens.at(-1))) {
      at = endOfQuoted(code, at, "/") + 1;
      tokens.push({ kind: "string", text: "" });
    } else if (/[A-Za-z_]/.test(char)) {
      let end = at + 1;
      while (end < code.length && /[A-Za-z0-9_]/.test(code[end] ?? "")) end++;
      tokens.push({ kind: "word", text: code.slice(at, end) });
      at = end;
    } else if (/[0-9.]/.test(char)) {
      tokens.push({ kind: "word", text: char });
      at++;
    } else {
      const two = code.slice(at, at + 2);
      const sign = ["||", "&&", ">>", "|&", ">=", "<=", "==", "!="].includes(two) ? two : char;
      if (!/\s/.test(sign)) tokens.push({ kind: "sign", text: sign });
      at += sign.length;
    }
  }
  return tokens;
}

/** A slash divides only behind a value. */
function startsRegex(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === "word") {
    return ["return", "print", "case", "in", "getline", "else", "do"].includes(before.text);
  }
  if (before.kind === "string") return false;
  return before.text !== ")" && before.text !== "]" && before.text !== "$" &&
    before.text !== "++" && before.text !== "--";
}

/** Where the closing delimiter stands; the end of the code when there is none. */
function endOfQuoted(code: string, from: number, delimiter: string): number {
  let inClass = false;
  for (let at = from + 1; at < code.length; at++) {
    const char = code[at];
    if (char === "\\") at++;
    else if (char === delimiter && !inClass) return at;
    else if (delimiter === "/" && char === "[") inClass = true;
    else if (delimiter === "/" && char === "]") inClass = false;
  }
  return code.length;
}

/** Reads a sed script. */
export function readSed(code: string): CodeEffects {
  const writes: string[] = [];
  const reads: string[] = [];
  let runs = false;
  let at = 0;
  const line = () => {
    const end = code.indexOf("\n", at);
    const text = code.slice(at, end < 0 ? code.length : end);
    at = end < 0 ? code.length : end + 1;
    return text.trim();
  };
  const lastBracket = code.lastIndexOf("]");
  const past = (delimiter: string) => {
    at = endOfSed(code, at, { delimiter, lastBracket }) + 1;
  };
  while (at < code.length) {
    const char = code[at] ?? "";
    at++;
    switch (char) {
      case "/":
        past("/");
        break;
      case "\\":
        at++;
        past(code[at - 1] ?? "");
        break;
      case "s": {
        const delimiter = code[at] ?? "";
        at++;
        past(delimiter);
        past(delimiter);
        const flags = /[0-9gGpPiImMe]*/y;
        flags.lastIndex = at;
        const given = flags.exec(code)?.[0] ?? "";
        at += given.length;
        if (given.includes("e")) runs = true;
        if (code[at] === "w") {
          at++;
          writes.push(line());
        }
        break;
      }
      case "y": {
        const delimiter = code[at] ?? "";
        at++;
        past(delimiter);
        past(delimiter);
        break;
      }
      case "e":
        runs = true;
        break;
      case "w":
      case "W":
        writes.push(line());
        break;
      case "r":
      case "R":
        reads.push(line());
        break;
      case "a":
      case "i":
      case "c": {
        let text = line();
        while (text.endsWith("\\") && at < code.length) text = line();
        break;
      }
      case ":":
      case "b":
      case "t":
      case "T": {
        const label = /[^;\n}]*/y;
        label.lastIndex = at;
        at += label.exec(code)?.[0].length ?? 0;
        break;
      }
      case "#":
        line();
        break;
      default:
        // Addresses, blocks and commands without an argument.
        break;
    }
  }
  return { runs, writes, reads };
}

function endOfSed(
  code: string,
  from: number,
  how: { readonly delimiter: string; readonly lastBracket: number },
): number {
  const { delimiter, lastBracket } = how;
  let inClass = false;
  for (let at = from; at < code.length; at++) {
    const char = code[at];
    if (char === "\\") at++;
    else if (char === delimiter && !inClass) return at;
    else if (char === "[" && !inClass) {
      inClass = lastBracket >= at + 2 && delimiter !== "[";
      if (code[at + 1] === "]" || code[at + 1] === "^") at++;
    } else if (char === "]") inClass = false;
  }
  return code.length;
}

const DOT_RUNS = /^(?:shell|system|load|excel|www|edit)/;
const DOT_WRITES = /^(?:output|once|save|backup|log|trace|clone|archive|ar)$/;
const DOT_READS = /^(?:read|import|open|restore|cd)$/;

/** Reads SQL for `sqlite3` or `psql`, with the commands that their shells add. */
export function readClientSql(code: string): CodeEffects {
  const writes: string[] = [];
  const reads: string[] = [];
  let runs = false;
  for (const line of code.split("\n")) {
    const text = line.trim();
    if (text.startsWith(".")) {
      const [name = "", ...words] = text.slice(1).split(/\s+/);
      if (DOT_RUNS.test(name) || words.some((word) => word.replace(/^["']/, "").startsWith("|"))) {
        runs = true;
      } else if (DOT_WRITES.test(name)) writes.push(...words.map(unquoted));
      else if (DOT_READS.test(name)) reads.push(...words.map(unquoted));
    }
  }
  for (const line of code.split("\n")) {
    const given = line.split(/\s+/);
    for (const [index, word] of given.entries()) {
      const file = given[index + 1] ?? "";
      if (/^\\(?:o|out|g|gx|w|write|s)$/.test(word)) {
        if (file.startsWith("|")) runs = true;
        else writes.push(unquoted(file));
      } else if (/^\\(?:i|ir|include)$/.test(word)) reads.push(unquoted(file));
    }
  }
  const words: string[] = [];
  const meta = code.includes("\\");
  let copies = false;
  for (const token of sqlTokens(code)) {
    if (token.kind === "string") {
      reads.push(token.text);
      const call = words.slice(-2).join(" ");
      if (call === "writefile (" || words.at(-1) === "into") writes.push(token.text);
      continue;
    }
    const word = token.text.toLowerCase();
    if (word === "\\!") runs = true;
    if (word === "copy" || word === "\\copy") copies = true;
    if (word === ";") copies = false;
    if (copies && word === "program" && (words.at(-1) === "to" || words.at(-1) === "from")) {
      runs = true;
    }
    if (word === "(" && (words.at(-1) === "load_extension" || words.at(-1) === "edit")) runs = true;
    if (word === "`" && meta) runs = true;
    words.push(word);
    if (words.length > 8) words.shift();
  }
  return { runs, writes, reads };
}

function unquoted(word: string): string {
  return word.replace(/^["']/, "").replace(/["']$/, "");
}

function* sqlTokens(code: string): Generator<Token> {
  const pattern =
    /--[^\n]*|\/\*|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|\\[A-Za-z]+|\\!|[A-Za-z_][A-Za-z0-9_]*|\S/gy;
  for (let at = 0; at < code.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(code);
    if (match === null) {
      pattern.lastIndex = at + 1;
      continue;
    }
    const text = match[0];
    if (text.startsWith("--")) continue;
    if (text === "/*") {
      const end = code.indexOf("*/", at + 2);
      pattern.lastIndex = end < 0 ? code.length : end + 2;
      continue;
    }
    const quoted = match[1] ?? match[2];
    if (quoted !== undefined) yield { kind: "string", text: quoted };
    else yield { kind: "word", text };
  }
}
