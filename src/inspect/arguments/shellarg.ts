/**
 * Values that would not stay one word in the command line of a careless server.
 * @module
 */

import { findShellEffect, type ShellEffect } from "../../grammar/shell_word.ts";
import type { Objection } from "../objection.ts";

/**
 * What is wrong with a value that a server puts into a command line as one word, if anything: it
 * ends the command, has a shell run something, opens a file, or is an option of the program.
 */
export function examineShellarg(value: string): Objection | undefined {
  const effect = findShellEffect(value);
  return effect === undefined ? undefined : objectionTo(effect);
}

function objectionTo(effect: ShellEffect): Objection {
  switch (effect.kind) {
    case "separator":
      return { rule: "shellarg-separator", detail: "holds what ends a shell command" };
    case "substitution":
      return {
        rule: "shellarg-substitution",
        detail: "holds something that a shell would replace",
      };
    case "redirection":
      return { rule: "shellarg-redirection", detail: "has a shell open a file elsewhere" };
    case "option":
      return { rule: "shellarg-option", detail: "would be read as an option of the program" };
    case "nul":
      return { rule: "shellarg-nul", detail: "holds a NUL, which ends a word" };
  }
}
