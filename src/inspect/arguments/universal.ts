/**
 * Hidden channels, which no argument has a use for, whatever its kind.
 * @module
 */

import { findHidden } from "../../grammar/unicode.ts";
import { hiddenObjection } from "../hidden.ts";
import type { Objection } from "../objection.ts";

/** Looks at any string or key of an argument: NUL, controls, escape sequences, hidden and reordering Unicode. */
export function examineUniversal(text: string): Objection | undefined {
  const first = findHidden(text)[0];
  return first === undefined ? undefined : hiddenObjection(first.kind);
}
