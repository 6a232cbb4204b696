/**
 * Reads what `sqlite3` and `psql` are given: SQL, with the commands that these clients add to it, as
 * far as it runs programs or opens files.
 * @module
 */

import type { CodeEffects, CodeToken } from "./code_effects.ts";

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

function* sqlTokens(code: string): Generator<CodeToken> {
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
