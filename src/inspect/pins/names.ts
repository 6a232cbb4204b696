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

/** Finds what is wrong with the names of one list, each name once: the tools of a server, or the servers. */
export function examineNames(names: Iterable<string>): readonly NameFault[] {
  const faults = new Map<string, NameFault>();
  const seen = new Set<string>();
  const bySkeleton = new Map<string, string>();
  for (const name of names) {
    if (seen.has(name)) {
      faults.set(name, { kind: "repeated", name });
      continue;
    }
    seen.add(name);
    const skeletons = nameSkeletons(name);
    const other = firstOf(bySkeleton, skeletons);
    if (!GRAMMAR.test(name)) faults.set(name, { kind: "grammar", name });
    else if (other !== undefined) faults.set(name, { kind: "look-alike", name, other });
    for (const skeleton of skeletons) {
      if (!bySkeleton.has(skeleton)) bySkeleton.set(skeleton, name);
    }
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
  for (const other of elsewhere) {
    for (const skeleton of nameSkeletons(other)) bySkeleton.set(skeleton, other);
  }
  const faults: NameFault[] = [];
  for (const name of names) {
    const other = elsewhere.has(name) ? undefined : firstOf(bySkeleton, nameSkeletons(name));
    if (other !== undefined) faults.push({ kind: "look-alike", name, other });
  }
  return faults;
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
