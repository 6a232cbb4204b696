/**
 * Reads AWK programs, as far as they run programs or open files. One pass over the text.
 * @module
 */

import type { CodeEffects, CodeToken } from "./code_effects.ts";

/** Reads an AWK program. */
export function readAwk(code: string): CodeEffects {
  const tokens = awkTokens(code);
  const strings = tokens.filter((token) => token.kind === "string").map((token) => token.text);
  const paths = strings.filter((text) => /^(?:\/|~|\.\.)/.test(text));
  const writes = new Set<string>();
  let anyPath = false;
  let runs = false;
  // Inside `print …` a `>` outside parentheses is a redirection and no comparison.
  let printing = false;
  let level = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "string") continue;
    const next = tokens[index + 1];
    switch (token.text) {
      case "|":
      case "|&":
      case "@":
        runs = true;
        break;
      case "system":
        if (next?.text === "(") runs = true;
        break;
      case "print":
      case "printf":
        printing = true;
        level = 0;
        break;
      case ";":
      case "{":
      case "}":
        printing = false;
        break;
      case "(":
        level++;
        break;
      case ")":
        level--;
        break;
      case ">":
      case ">>":
        if (printing && level <= 0) {
          const path = targetOf(tokens, index + 1);
          if (path === "") anyPath = true;
          else writes.add(path);
        }
        break;
    }
  }
  // A variable may hold any path that the program spells out.
  return { runs, writes: [...writes, ...(anyPath ? paths : [])], reads: strings };
}

/** The file behind a `>`: strings side by side are one. Empty when it is no string. */
function targetOf(tokens: readonly CodeToken[], from: number): string {
  let at = from;
  while (tokens[at]?.text === "(" && tokens[at]?.kind === "sign") at++;
  let path = "";
  for (; tokens[at]?.kind === "string"; at++) path += tokens[at]?.text ?? "";
  return path;
}

function awkTokens(code: string): CodeToken[] {
  const tokens: CodeToken[] = [];
  let at = 0;
  while (at < code.length) {
    const char = code[at] ?? "";
    if (char === "\n") {
      tokens.push({ kind: "sign", text: ";" });
      at++;
    } else if (char === "#") {
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
function startsRegex(before: CodeToken | undefined): boolean {
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
