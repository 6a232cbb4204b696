/**
 * Source code that goes to a file: what a reviewer would not see in it. Never shell, SQL or
 * passwords, which code is made of.
 * @module
 */

import { findHidden } from "../../grammar/unicode.ts";
import { hiddenObjection } from "../hidden.ts";
import type { Objection } from "../objection.ts";

/** Looks at source code: hidden channels, and invisible characters in identifiers. */
export function examineCode(value: string): Objection | undefined {
  const first = findHidden(value, { code: true })[0];
  return first === undefined ? undefined : hiddenObjection(first.kind);
}
