/**
 * Which entries and rules speak of a principal.
 * @module
 */

import type { Principal } from "../access/principal.ts";
import type { PolicyDocument, PrincipalEntry, Rule } from "./document.ts";

/** Why an entry applies. */
export type Applies =
  | { readonly by: "name" }
  | { readonly by: "role"; readonly role: string }
  | { readonly by: "match" };

/** Finds the entries of a principal without looking at all of them. */
export class EntryIndex {
  readonly #byName = new Map<string, number[]>();
  readonly #byRole = new Map<string, number[]>();
  readonly #byToken = new Map<string, number[]>();
  readonly #entries: readonly PrincipalEntry[];

  constructor({ entries }: PolicyDocument) {
    this.#entries = entries;
    entries.forEach(({ name, roles, tokenId }, i) => {
      put(this.#byName, name, i);
      for (const role of roles) put(this.#byRole, role, i);
      if (tokenId !== undefined) put(this.#byToken, tokenId, i);
    });
  }

  /** Positions of the entries that apply, in the order of the file. */
  find({ id, kind, roles }: Principal): readonly number[] {
    if (kind === "upstream") return [];
    // INVARIANT: a token principal never matches by a name it could choose.
    const own = kind === "local" ? this.#byName.get(id) : this.#byToken.get(id);
    const found = new Set(own);
    for (const role of roles) {
      for (const i of this.#byRole.get(role) ?? []) found.add(i);
    }
    return [...found].sort((a, b) => a - b);
  }

  /** The entries at some positions. */
  at(positions: readonly number[]): readonly PrincipalEntry[] {
    return positions.flatMap((i) => this.#entries[i] ?? []);
  }
}

/** Why an entry applies to a principal, or `undefined` when it does not. */
export function whyApplies(
  entry: PrincipalEntry,
  { id, kind, roles }: Principal,
): Applies | undefined {
  switch (kind) {
    case "upstream":
      return undefined;
    case "local":
      if (entry.name === id) return { by: "name" };
      break;
    case "token":
      if (entry.tokenId === id) return { by: "match" };
      break;
  }
  const role = entry.roles.find((candidate) => roles.has(candidate));
  return role === undefined ? undefined : { by: "role", role };
}

/** True when the principal's token holds every scope that the rule asks for. */
export function holdsScopes(rule: Rule, { scopes }: Principal): boolean {
  return rule.scopes.every((scope) => scopes.has(scope));
}

function put(index: Map<string, number[]>, key: string, value: number): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, [value]);
  else values.push(value);
}
