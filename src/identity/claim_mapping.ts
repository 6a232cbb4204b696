/**
 * What a verified token's claims make of its principal: roles and scopes.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member } from "../base/json.ts";

/**
 * Where a claim stands: the exact name of a top-level claim, dots and slashes included
 * (`"https://example.com/roles"`), or the names on the way to a nested one (`["realm_access", "roles"]`).
 */
export type ClaimPath = string | readonly string[];

/** How claims become roles. */
export interface ClaimMapping {
  /**
   * The claims that hold roles: arrays of texts, or one text of roles with spaces between. All that are
   * there are united. Default `["roles"]` (RFC 9068 §2.2.3.1).
   */
  readonly roles?: readonly ClaimPath[];
  /**
   * The roles that a value of those claims gives, by the exact value. With it, a value that is not named
   * gives none. Default: each value is a role.
   */
  readonly roleMap?: Readonly<Record<string, readonly string[]>>;
}

/** The roles that claims give. */
export function rolesOf(
  claims: JsonObject,
  { roles = ["roles"], roleMap }: ClaimMapping = {},
): ReadonlySet<string> {
  const values = roles.flatMap((path) => textsIn(claimAt(claims, path)));
  if (roleMap === undefined) return new Set(values);
  return new Set(
    values.flatMap((value) => Object.hasOwn(roleMap, value) ? roleMap[value] ?? [] : []),
  );
}

/** The scopes of a token: `scope` (RFC 8693 §4.2), else `scp`. */
export function scopesOf(claims: JsonObject): ReadonlySet<string> {
  return new Set(textsIn(member(claims, "scope") ?? member(claims, "scp")));
}

function claimAt(claims: JsonObject, path: ClaimPath): JsonValue | undefined {
  if (typeof path === "string") return member(claims, path);
  let here: JsonValue | undefined = claims;
  for (const name of path) here = isObject(here) ? member(here, name) : undefined;
  return here;
}

function textsIn(value: JsonValue | undefined): readonly string[] {
  if (typeof value === "string") return value.split(" ").filter((text) => text !== "");
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === "string" && item !== "");
}
