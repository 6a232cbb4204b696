/**
 * Bytes into a policy document and everything that is wrong with them, all at once.
 * @module
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import { DEFAULT_LIMITS, type Limits } from "../base/limits.ts";
import { buildDocument } from "./build.ts";
import type { PolicyDocument } from "./document.ts";
import { POLICY } from "./keys.ts";
import { Problems } from "./problems.ts";
import { checkShape } from "./check_shape.ts";
import { decode } from "./text.ts";
import { parseYaml } from "./yaml.ts";

/** Options of {@linkcode readPolicy}. */
export interface ReadOptions {
  /** The file as the operator named it, for diagnostics and rule references. */
  readonly file: string;
  readonly limits?: Pick<Limits, "maxPolicyFileBytes">;
}

/** A policy as read. */
export interface PolicyReading {
  /** Absent when the file holds nothing that could be understood. With errors it is incomplete. */
  readonly document: PolicyDocument | undefined;
  /** Everything wrong: errors first, each kind in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a policy, YAML or JSON. Never throws for what the file holds. */
export function readPolicy(source: string | Uint8Array, options: ReadOptions): PolicyReading {
  const { file, limits = DEFAULT_LIMITS } = options;
  const decoded = decode(source, { file, what: "policy", maxBytes: limits.maxPolicyFileBytes });
  if (!decoded.ok) return { document: undefined, diagnostics: [decoded.error] };
  const problems = new Problems(file, decoded.value);
  const root = parseYaml(decoded.value, problems);
  if (root === undefined || (root.kind === "scalar" && root.value === null)) {
    if (!problems.failed) problems.atOffset(0, EMPTY);
    return { document: undefined, diagnostics: problems.list() };
  }
  checkShape(root, POLICY, problems);
  const document = buildDocument(root, problems);
  return { document, diagnostics: problems.list() };
}

const EMPTY = {
  code: "empty-file",
  message: "The policy is empty",
  hint: 'Start with version: "1" and a mapping of principals',
  path: "",
};
