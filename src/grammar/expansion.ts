/**
 * What a shell or an environment would replace in a word: substitutions and variables.
 * @module
 */

import { isEscape } from "./percent.ts";

/** A place in a text that a shell would replace. */
export interface Expansion {
  readonly kind: "command" | "variable";
  /** As it begins: `$(`, `${`, a back-tick, or the variable with its signs. */
  readonly text: string;
}

/**
 * The first expansion of a kind in a text: `$(…)` and back-ticks; `${…}`; `$NAME` in capitals;
 * `%NAME%` of three characters or more.
 *
 * `$lower` and `Main$Inner` are names that programs give files, and are none; so is what percent
 * signs enclose when they belong to escapes (`caf%C3%A9`). Linear.
 */
export function findExpansion(text: string): Expansion | undefined {
  const substitution = /`|\$\(/.exec(text);
  if (substitution !== null) return { kind: "command", text: substitution[0] };
  if (text.includes("${")) return { kind: "variable", text: "${" };
  return shellVariable(text) ?? environmentVariable(text);
}

function shellVariable(text: string): Expansion | undefined {
  for (const { 0: name, index } of text.matchAll(/\$[A-Z_][A-Z0-9_]*/g)) {
    // `$Inner` begins with a capital and goes on in small letters: a nested class.
    if (!/[a-z]/.test(text.charAt(index + name.length))) return { kind: "variable", text: name };
  }
  return undefined;
}

/** `:` begins the string operations of cmd.exe: `%PATH:~0,1%`. */
const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_()]{2,}(?::.*)?$/s;

function environmentVariable(text: string): Expansion | undefined {
  let open = text.indexOf("%");
  while (open >= 0) {
    const close = text.indexOf("%", open + 1);
    if (close < 0) return undefined;
    const escapes = isEscape(text, open) && isEscape(text, close);
    const name = text.slice(open + 1, close);
    if (!escapes && ENVIRONMENT_NAME.test(name)) return { kind: "variable", text: `%${name}%` };
    open = close;
  }
  return undefined;
}
