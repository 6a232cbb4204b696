/**
 * A policy file into a policy: read, check everything, recognise the upstream, compile.
 * @module
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import { AegisError, ConfigurationError } from "../base/error.ts";
import { DEFAULT_LIMITS, type Limits } from "../base/limits.ts";
import { compilePolicy } from "./compile.ts";
import type { ConditionCompiler } from "./condition_reader.ts";
import type { PolicyDocument } from "./document.ts";
import { readBounded } from "../yaml/file.ts";
import { lintPolicy } from "./lint.ts";
import { isPlainText } from "./pattern.ts";
import { knowledgeAt, type Policy, type PolicyModel } from "./policy.ts";
import { loadPreset, type Preset } from "./presets.ts";
import { type NamedSecret, openPolicy } from "./read.ts";
import { listedFor } from "./recognise.ts";
import { recogniseCommand } from "./recognise_command.ts";
import type { ActionReaders } from "./statement.ts";
import { statementsAt } from "./tool_kinds.ts";

/** Options of {@linkcode loadPolicy} and {@linkcode parsePolicy}. */
export interface PolicyOptions {
  /**
   * The upstream that the policy will stand before. Without it rules apply as to an upstream
   * without a name, and what depends on it is not checked.
   */
  readonly upstream?: Upstream;
  /** The largest file. Default: every bound at its default. */
  readonly limits?: Pick<Limits, "maxPolicyFileBytes">;
  /** Every method of the protocol, to find rules whose `methods:` can never take effect. */
  readonly knownMethods?: ReadonlySet<string>;
  /** Loads the compiler of conditions; called only when some rule has a `when:`. Default: CEL. */
  readonly conditions?: () => Promise<ConditionCompiler>;
  /**
   * Say what a SQL statement or a command does, for tools whose `action` is found in one. Default:
   * the parsers of this program, loaded when some tool of the upstream needs them.
   */
  readonly actionReaders?: ActionReaders;
}

/** What the operator says of the upstream. */
export interface Upstream {
  /** Its name; null or absent: the short name of the preset that recognises `argv`, if any. */
  readonly name?: string | null;
  /** The target's command line. */
  readonly argv?: readonly string[];
  /** Other upstreams that the same policy stands before: rules for them are no slip. */
  readonly beside?: readonly string[];
}

/** Options of {@linkcode parsePolicy}. */
export interface ParseOptions extends PolicyOptions {
  /** The file as diagnostics name it. Default: `policy`. */
  readonly file?: string;
}

/**
 * Loads a policy file.
 *
 * @example
 * ```ts
 * import { loadPolicy } from "@aegis/cli";
 * import assert from "node:assert/strict";
 *
 * const policy = await loadPolicy("policies/read_only_files.yaml", {
 *   upstream: { argv: ["npx", "-y", "@modelcontextprotocol/server-filesystem", "/tmp"] },
 * });
 * assert.equal(policy.upstreamName, "fs");
 * assert.deepEqual(policy.presets, ["filesystem"]);
 * ```
 *
 * @throws {ConfigurationError} with everything that is wrong, when the file cannot be read or is
 * no sound policy.
 * @throws {AegisError} `bad-upstream-name`.
 */
export async function loadPolicy(path: string, options: PolicyOptions = {}): Promise<Policy> {
  const { maxPolicyFileBytes } = options.limits ?? DEFAULT_LIMITS;
  const read = await readBounded(path, { what: "policy", maxBytes: maxPolicyFileBytes });
  if (!read.ok) throw new ConfigurationError([read.error]);
  return await parsePolicy(read.value, { ...options, file: path });
}

/**
 * Makes a policy from text or bytes.
 *
 * @example
 * ```ts
 * import { parsePolicy } from "@aegis/cli";
 * import assert from "node:assert/strict";
 *
 * const policy = await parsePolicy(`
 * version: "1"
 * principals:
 *   dev: { roles: [dev], tools: [{ pattern: "*", actions: [read] }] }
 * `);
 * assert.equal(policy.ruleCount, 1);
 * ```
 *
 * @throws {ConfigurationError} with everything that is wrong.
 * @throws {AegisError} `bad-upstream-name`.
 */
export async function parsePolicy(
  source: string | Uint8Array,
  options: ParseOptions = {},
): Promise<Policy> {
  const { policy, diagnostics } = await checkPolicy(source, options);
  if (policy === undefined) throw new ConfigurationError(diagnostics);
  return policy;
}

/** A policy and everything found in it; without a policy when there are errors. */
export interface PolicyCheck {
  readonly policy: Policy | undefined;
  /** Errors first. */
  readonly diagnostics: readonly Diagnostic[];
}

/** As {@linkcode parsePolicy}, but gives what is wrong instead of throwing it. */
export async function checkPolicy(
  source: string | Uint8Array,
  { file = "policy", upstream, limits, knownMethods, conditions = inCel, actionReaders }:
    ParseOptions = {},
): Promise<PolicyCheck> {
  const opened = openPolicy(source, limits === undefined ? { file } : { file, limits });
  const reading = opened.read(opened.hasConditions ? await conditions() : undefined);
  const { document } = reading;
  if (document === undefined) return { policy: undefined, diagnostics: reading.diagnostics };
  const { name, preset } = await identify(document, upstream);
  const lint = lintPolicy(document, {
    ...(upstream === undefined
      ? {}
      : { upstream: { name, preset, beside: upstream.beside ?? [] } }),
    ...(knownMethods === undefined ? {} : { knownMethods }),
  });
  const secrets = await unknownSecrets(opened.secrets);
  const diagnostics = errorsFirst([...reading.diagnostics, ...lint, ...secrets]);
  if (diagnostics[0]?.severity === "error") return { policy: undefined, diagnostics };
  const hash = await hashOf(source);
  const policy = compilePolicy(document, {
    hash,
    upstreamName: name,
    warnings: diagnostics,
    isLocal: (upstream?.argv ?? []).length > 0,
    actionReaders: actionReaders ?? await defaultReaders({ document, upstreamName: name, preset }),
    ...(preset === undefined ? {} : { preset }),
  });
  return { policy, diagnostics };
}

/** Loaded only for a policy with conditions: it costs a start more than all the rest of the policy. */
async function inCel(): Promise<ConditionCompiler> {
  const { conditionCompiler } = await import("./rule_conditions.ts");
  return conditionCompiler();
}

/** Loaded only for a policy that names rules for secrets. */
async function unknownSecrets(named: readonly NamedSecret[]): Promise<readonly Diagnostic[]> {
  if (named.length === 0) return [];
  const { lintSecrets } = await import("./lint_secrets.ts");
  return lintSecrets(named);
}

/** The readers that the tools of the policy's own upstream need. */
async function defaultReaders(model: PolicyModel): Promise<ActionReaders> {
  const statements = statementsAt(knowledgeAt(model, model.upstreamName));
  if (statements.length === 0) return {};
  const { loadReaders } = await import("./statement_readers.ts");
  return await loadReaders(statements);
}

/** The upstream's name and the preset that applies to it. */
async function identify(
  { presets }: PolicyDocument,
  { name = null, argv = [] }: Upstream = {},
): Promise<{ readonly name: string | null; readonly preset: Preset | undefined }> {
  if (name !== null && (name === "" || /[:*]/.test(name) || !isPlainText(name))) {
    throw new AegisError(
      "bad-upstream-name",
      `Cannot name the upstream ${JSON.stringify(name)}: a name is not empty and holds no : or *`,
    );
  }
  const recognised = recogniseCommand(argv);
  const called = name ?? recognised?.shortName ?? null;
  const wanted = presets.use === "auto"
    ? recognised?.name
    : presets.use === "none"
    ? undefined
    : listed(presets.names, { recognised: recognised?.name, called });
  return { name: called, preset: wanted === undefined ? undefined : await loadPreset(wanted) };
}

/**
 * Of listed presets: the one that recognises the target; for a target that none recognises, the
 * only one whose short name the operator gave the upstream.
 */
function listed(
  names: readonly string[],
  { recognised, called }: {
    readonly recognised: string | undefined;
    readonly called: string | null;
  },
): string | undefined {
  if (recognised !== undefined) return names.includes(recognised) ? recognised : undefined;
  const [first, second] = called === null ? [] : listedFor(called, names);
  return second === undefined ? first?.name : undefined;
}

async function hashOf(source: string | Uint8Array): Promise<string> {
  const bytes = typeof source === "string" ? new TextEncoder().encode(source) : source;
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return `sha256:${new Uint8Array(digest).toHex()}`;
}

function errorsFirst(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const rank = ({ severity }: Diagnostic) => severity === "error" ? 0 : 1;
  return diagnostics.toSorted((a, b) => rank(a) - rank(b));
}
