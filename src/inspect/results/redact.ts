/**
 * Takes live-looking secrets out of a text.
 * @module
 */

import { findCarriedSecrets } from "../../grammar/carried_secrets.ts";

/** A text and which secrets were taken out of it. */
export interface RedactedText {
  readonly text: string;
  /** The rule of each secret, in order; empty when the text is as it came. */
  readonly redacted: readonly string[];
}

/**
 * Puts `[redacted:<rule>]` for every secret, open or in Base64. Linear.
 *
 * With `only`, no others are touched: rules (`github-token`), or all of an issuer (`github`).
 */
export function redactText(text: string, only?: readonly string[]): RedactedText {
  const all = findCarriedSecrets(text);
  const found = only === undefined ? all : all.filter(({ rule }) => covers(only, rule));
  if (found.length === 0) return { text, redacted: NONE };
  const parts: string[] = [];
  let from = 0;
  for (const secret of found) {
    parts.push(text.slice(from, secret.start), `[redacted:${secret.rule}]`);
    from = secret.end;
  }
  parts.push(text.slice(from));
  return { text: parts.join(""), redacted: found.map(({ rule }) => rule) };
}

const NONE: readonly string[] = [];

function covers(only: readonly string[], rule: string): boolean {
  return only.some((name) => rule === name || rule.startsWith(`${name}-`));
}
