/**
 * Syntax errors of YAML in words that name the remedy.
 * @module
 */

import type { Fault } from "./problems.ts";

/** Where the parser stopped. */
export interface Around {
  readonly text: string;
  /** UTF-16 offset in the text. */
  readonly offset: number;
  readonly maxDepth: number;
}

/** What the library says, in words that name the remedy. */
export function syntaxFault(reason: string, { text, offset, maxDepth }: Around): Fault {
  if (reason.includes("maxDepth")) {
    return {
      code: "too-deep",
      message: `Nested more than ${maxDepth} levels deep`,
      hint: "About 8 levels are needed; look for a bracket that is not closed",
    };
  }
  for (const [part, fault] of KNOWN_REASONS) {
    if (reason.includes(part)) return fault;
  }
  const first = text.charAt(offset);
  if (RESERVED.has(first)) {
    return {
      code: "yaml-syntax",
      message: `A text cannot start with ${first}`,
      hint: "Put it in quotes",
    };
  }
  const misplaced = reason.includes("bad indentation") || reason.includes("end of the stream or a");
  if (misplaced) return isFirstOfLine(text, offset) ? INDENTATION : SECOND_COLON;
  const sentence = reason.charAt(0).toUpperCase() + reason.slice(1);
  return { code: "yaml-syntax", message: `Not valid YAML: ${sentence}` };
}

/** Characters that no plain text may start with (YAML 1.2.2 §5.3). */
const RESERVED: ReadonlySet<string> = new Set(["@", "`", "%"]);

const INDENTATION: Fault = {
  code: "yaml-indentation",
  message: "This line is indented differently from its neighbours",
  hint: "Align it with the lines it belongs to",
};

const SECOND_COLON: Fault = {
  code: "yaml-syntax",
  message: "This cannot stand here, on the line of another value",
  hint: 'Put it on a line of its own; a text that contains ": " needs quotes',
};

function isFirstOfLine(text: string, offset: number): boolean {
  let at = offset - 1;
  while (text.charAt(at) === " ") at--;
  return at < 0 || text.charAt(at) === "\n" || text.charAt(at) === "\r";
}

const KNOWN_REASONS: readonly (readonly [string, Fault])[] = [
  ["tab character", {
    code: "yaml-tab",
    message: "A tab is used for indentation",
    hint: "Indent with spaces",
  }],
  ["name of an alias node", {
    code: "unquoted-star",
    message: "A * must be quoted",
    hint: 'Write pattern: "*"',
  }],
  ["null byte", {
    code: "control-character",
    message: "The file holds a NUL character",
    hint: "Save it as plain UTF-8 text",
  }],
  ["non-printable", {
    code: "control-character",
    message: "The file holds a control character",
    hint: "Remove it, or write it as an escape in double quotes",
  }],
  ["deficient indentation", {
    code: "yaml-unclosed",
    message: "A bracket, brace or quote above is not closed, or this line is not indented below it",
    hint: "Look for one without its partner",
  }],
  ["stream within a flow", {
    code: "yaml-unclosed",
    message: "A bracket or brace is not closed",
    hint: "Look for a [ or { without its ] or }",
  }],
  ["quoted scalar", {
    code: "yaml-unclosed",
    message: "A quoted text is not closed, or is broken off",
    hint: "Look for a quote without its partner",
  }],
];
