/**
 * Which names a rule's pattern speaks of, given where it stands and which server is asked.
 * @module
 */

import type { RuleList, Target } from "./document.ts";
import { covers, type Glob, glob, matches, meets } from "./pattern.ts";
import type { Fault } from "../yaml/problems.ts";

/**
 * Reads a pattern.
 *
 * `server:name` is split at its first colon, so that no tool can spell its way into the rules of
 * another server. Under `resources`, `scheme://…` is a URI of any server.
 */
export function targetOf(pattern: string, list: RuleList): Target {
  const whole = glob(pattern);
  const colon = pattern.indexOf(":");
  if (colon < 0 || (list === "resources" && pattern.startsWith("//", colon + 1))) {
    return { whole, qualified: undefined };
  }
  const server = glob(pattern.slice(0, colon));
  return { whole, qualified: { server, name: glob(pattern.slice(colon + 1)) } };
}

/** What is wrong with the colon of a pattern, if anything. */
export function targetFault(pattern: string, list: RuleList): Fault | undefined {
  const { qualified } = targetOf(pattern, list);
  const empty = qualified?.server.text === ""
    ? "before"
    : qualified?.name.text === ""
    ? "after"
    : "";
  if (empty !== "") {
    return {
      code: "bad-pattern",
      message: `Nothing stands ${empty} the colon of ${JSON.stringify(pattern)}`,
      hint: 'Write "server:name", for example "fs:*"',
    };
  }
  return undefined;
}

/** True when the pattern speaks of this name of this server. */
export function speaksOf(target: Target, server: string | null, name: string): boolean {
  const names = namesAt(target, server);
  return names !== undefined && matches(names, name);
}

/** True when the pattern speaks of every expansion of a template. */
export function speaksOfAll(target: Target, server: string | null, template: Glob): boolean {
  const names = namesAt(target, server);
  return names !== undefined && covers(names, template);
}

/** True when the pattern speaks of some expansion of a template. */
export function speaksOfSome(target: Target, server: string | null, template: Glob): boolean {
  const names = namesAt(target, server);
  return names !== undefined && meets(names, template);
}

/**
 * The names that the pattern speaks of at one server. An upstream without a name is matched by the
 * whole pattern against the bare name, as in version 1.
 */
export function namesAt({ whole, qualified }: Target, server: string | null): Glob | undefined {
  if (qualified === undefined || server === null) return whole;
  return matches(qualified.server, server) ? qualified.name : undefined;
}

/** True when, at every server with a name, `wide` speaks of all that `narrow` speaks of. */
export function includes(wide: Target, narrow: Target): boolean {
  if (narrow.qualified === undefined) {
    return wide.qualified === undefined && covers(wide.whole, narrow.whole);
  }
  if (wide.qualified === undefined) return covers(wide.whole, narrow.qualified.name);
  return covers(wide.qualified.server, narrow.qualified.server) &&
    covers(wide.qualified.name, narrow.qualified.name);
}
