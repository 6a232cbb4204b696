/**
 * Names that could be taken for others.
 * @module
 */

import { nameSkeletons } from "../../grammar/name_skeleton.ts";

/** What is wrong with a name. */
export type NameFault =
  /** Outside the protocol's grammar. */
  | { readonly kind: "grammar"; readonly name: string }
  /** Listed more than once. */
  | { readonly kind: "repeated"; readonly name: string }
  /** A look-alike of another name, which stands earlier or elsewhere. */
  | { readonly kind: "look-alike"; readonly name: string; readonly other: string };

/** MCP 2025-11-25, server/tools: 1 to 128 of these characters. */
const GRAMMAR = /^[A-Za-z0-9_.-]{1,128}$/;
const MAX_LENGTH = 128;

/**
 * Finds what is wrong with the names of one list, each name once: the tools of a server, or the
 * servers. Names in `taken` were taken as they are: nothing but a repetition is wrong with them,
 * and what only looks like one of them is a look-alike.
 */
export function examineNames(
  names: Iterable<string>,
  taken: Iterable<string> = [],
): readonly NameFault[] {
  const faults = new Map<string, NameFault>();
  const known = new Set<string>();
  const bySkeleton = new Map<string, string>();
  for (const name of taken) {
    known.add(name);
    addSkeletons(bySkeleton, name);
  }
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) faults.set(name, { kind: "repeated", name });
    if (seen.has(name) || known.has(name)) {
      seen.add(name);
      continue;
    }
    seen.add(name);
    if (!GRAMMAR.test(name)) {
      faults.set(name, { kind: "grammar", name });
      continue;
    }
    const other = firstOf(bySkeleton, nameSkeletons(name));
    if (other === undefined) addSkeletons(bySkeleton, name);
    else faults.set(name, { kind: "look-alike", name, other });
  }
  return [...faults.values()];
}

/**
 * Finds the names of one server that are look-alikes of another server's. Equal names are none: two
 * servers may have a `search` each, and a call says which server it is for.
 */
export function lookalikesAcross(
  names: Iterable<string>,
  others: Iterable<string>,
): readonly NameFault[] {
  const elsewhere = new Set(others);
  const bySkeleton = new Map<string, string>();
  for (const other of elsewhere) addSkeletons(bySkeleton, other);
  const faults: NameFault[] = [];
  for (const name of names) {
    const other = elsewhere.has(name) ? undefined : firstOf(bySkeleton, nameSkeletons(name));
    if (other !== undefined) faults.push({ kind: "look-alike", name, other });
  }
  return faults;
}

/** A name too long for the grammar is refused wherever it stands; nothing is compared with it. */
function addSkeletons(bySkeleton: Map<string, string>, name: string): void {
  if (name.length > MAX_LENGTH) return;
  for (const skeleton of nameSkeletons(name)) {
    if (!bySkeleton.has(skeleton)) bySkeleton.set(skeleton, name);
  }
}

function firstOf(
  bySkeleton: ReadonlyMap<string, string>,
  skeletons: readonly string[],
): string | undefined {
  for (const skeleton of skeletons) {
    const name = bySkeleton.get(skeleton);
    if (name !== undefined) return name;
  }
  return undefined;
}
