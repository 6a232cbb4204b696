/**
 * The policies of a `serve` run, one for each upstream.
 * @module
 */

import { type Diagnostic, formatDiagnostic } from "./base/diagnostic.ts";
import { ConfigurationError } from "./base/error.ts";
import type { Limits } from "./base/limits.ts";
import { allMethods } from "./mcp/methods.ts";
import { loadPolicy } from "./policy/load.ts";
import type { Policy } from "./policy/policy.ts";

/** A policy to load, and the upstream it stands before. */
export interface WantedPolicy {
  readonly file: string;
  readonly argv: readonly string[];
  /** Undefined leaves it to the presets. */
  readonly name: string | undefined;
}

/**
 * Loads them all, in their order.
 *
 * @throws {ConfigurationError} with everything that is wrong with any of them.
 */
export async function loadPolicies(
  wanted: readonly WantedPolicy[],
  limits: Limits,
): Promise<readonly Policy[]> {
  const policies: Policy[] = [];
  const diagnostics = new Map<string, Diagnostic>();
  for (const one of wanted) {
    try {
      policies.push(await load(one, { wanted, limits }));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      // upstreams that share a policy share what is wrong with it
      for (const each of error.diagnostics) diagnostics.set(formatDiagnostic(each), each);
    }
  }
  if (diagnostics.size > 0) throw new ConfigurationError([...diagnostics.values()]);
  return policies;
}

async function load(
  { file, argv, name }: WantedPolicy,
  { wanted, limits }: { readonly wanted: readonly WantedPolicy[]; readonly limits: Limits },
): Promise<Policy> {
  const beside = wanted.flatMap((each) =>
    each.file === file && each.name !== undefined ? [each.name] : []
  );
  return await loadPolicy(file, {
    limits,
    knownMethods: new Set(allMethods().map(({ method }) => method)),
    upstream: { argv, beside, ...(name === undefined ? {} : { name }) },
  });
}
