/**
 * Text for people or models: what they would not see in it, and secrets that would leave with it.
 * Never shell, SQL, paths or HTML, which people write about.
 * @module
 */

import { carriedSecret } from "../../grammar/carried_secrets.ts";
import { withoutInvisible } from "../../grammar/invisible.ts";
import { findHidden, isPlainText } from "../../grammar/unicode.ts";
import { hiddenObjection } from "../hidden.ts";
import type { Objection } from "../objection.ts";

/** Looks at text: hidden channels, then live-looking secrets, also inside links and cut by invisible characters. */
export function examineText(value: string): Objection | undefined {
  const isPlain = isPlainText(value);
  const first = isPlain ? undefined : findHidden(value)[0];
  if (first !== undefined) return hiddenObjection(first.kind);
  const secret = carriedSecret(isPlain ? value : withoutInvisible(value));
  if (secret === undefined) return undefined;
  return { rule: `secret-${secret}`, detail: `holds what looks like a live secret (${secret})` };
}
