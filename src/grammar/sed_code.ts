/**
 * Reads sed scripts, as far as they run programs or open files. One pass over the text.
 * @module
 */

import type { CodeEffects } from "./code_effects.ts";

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
