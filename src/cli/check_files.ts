/**
 * Everything wrong with the files that an operator names: policies, and configurations with theirs.
 * @module
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import type { Limits } from "../base/limits.ts";
import type { AegisFile, UpstreamSettings } from "../config/aegis.ts";
import { isAegis, readAegis } from "../config/read_aegis.ts";
import { allMethods } from "../mcp/methods.ts";
import { checkPolicy, type PolicyCheck, type Upstream } from "../policy/load.ts";
import { splitWords } from "../transport/stdio/words.ts";
import { readBounded } from "../yaml/file.ts";
import { count, countDiagnostics, diagnosticLines } from "./diagnostics.ts";
import { CliError } from "./exit.ts";
import type { Paint } from "./paint.ts";
import { readKeys } from "./serve_identity.ts";

/** A policy, and the upstream of a configuration for which it was checked. */
export interface CheckedPolicy extends PolicyCheck {
  readonly file: string;
  readonly upstream: string | undefined;
}

/** A configuration; what is wrong with its policies stands with them. */
export interface CheckedConfiguration {
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Empty when there are errors. */
  readonly upstreams: readonly {
    readonly name: string;
    readonly path: string | null;
    readonly ssePath: string | null;
    readonly policy: string;
  }[];
}

/** Options of {@linkcode checkFiles}. */
export interface CheckOptions {
  readonly limits: Limits;
  /** The upstream of policies that are named by themselves. */
  readonly upstream: Upstream | undefined;
}

/** What was checked. */
export interface CheckedFiles {
  readonly checked: readonly CheckedPolicy[];
  readonly configurations: readonly CheckedConfiguration[];
}

/** Checks every file, and every policy that a configuration among them names. */
export async function checkFiles(
  files: readonly string[],
  { limits, upstream }: CheckOptions,
): Promise<CheckedFiles> {
  const checked: CheckedPolicy[] = [];
  const configurations: CheckedConfiguration[] = [];
  for (const file of files) {
    const read = await readBounded(file, { what: "policy", maxBytes: limits.maxPolicyFileBytes });
    if (!read.ok) {
      checked.push({ file, upstream: undefined, policy: undefined, diagnostics: [read.error] });
    } else if (isAegis(read.value)) {
      const { configuration, policies } = await checkAegis(read.value, { file, limits });
      configurations.push(configuration);
      checked.push(...policies);
    } else {
      checked.push(await policyOf(read.value, { file, limits, upstream }));
    }
  }
  return { checked, configurations };
}

/** What is wrong with a configuration, for people. */
export function configurationText(
  { file, diagnostics, upstreams }: CheckedConfiguration,
  paint: Paint,
): string {
  const isBad = diagnostics.some(({ severity }) => severity === "error");
  const ink = isBad ? "red" : diagnostics.length > 0 ? "yellow" : "green";
  const size = isBad ? "" : `; ${count(upstreams.length, "upstream")}`;
  const said = paint(ink, countDiagnostics(diagnostics));
  return `${diagnosticLines(diagnostics, paint)}${file}: ${said}${size}\n`;
}

async function checkAegis(
  source: Uint8Array,
  { file, limits }: { readonly file: string; readonly limits: Limits },
): Promise<{
  readonly configuration: CheckedConfiguration;
  readonly policies: readonly CheckedPolicy[];
}> {
  const split = (text: string) => splitWords(text, { windows: Deno.build.os === "windows" });
  const { aegis, diagnostics } = readAegis(source, { file, limits, split });
  if (aegis === undefined) {
    return { configuration: { file, diagnostics, upstreams: [] }, policies: [] };
  }
  const policies: CheckedPolicy[] = [];
  for (const each of aegis.upstreams) {
    const beside = aegis.upstreams.flatMap(({ name, policyFile }) =>
      policyFile === each.policyFile ? [name] : []
    );
    policies.push(await policyFor(each, { limits, beside }));
  }
  const upstreams = aegis.upstreams.map(({ name, path, ssePath, policyFile }) => ({
    name,
    path,
    ssePath,
    policy: policyFile,
  }));
  const all = [...diagnostics, ...await keyFaults(aegis)];
  return { configuration: { file, diagnostics: all, upstreams }, policies };
}

async function policyFor(
  { name, target, policyFile: file }: UpstreamSettings,
  { limits, beside }: { readonly limits: Limits; readonly beside: readonly string[] },
): Promise<CheckedPolicy> {
  const read = await readBounded(file, { what: "policy", maxBytes: limits.maxPolicyFileBytes });
  if (!read.ok) return { file, upstream: name, policy: undefined, diagnostics: [read.error] };
  const argv = target.kind === "stdio" ? target.argv : [target.url.href];
  const options = { file, limits, upstream: { name, argv, beside } };
  return { ...await policyOf(read.value, options), upstream: name };
}

async function policyOf(
  source: Uint8Array,
  { file, limits, upstream }: CheckOptions & { readonly file: string },
): Promise<CheckedPolicy> {
  const knownMethods = new Set(allMethods().map(({ method }) => method));
  const options = { file, limits, knownMethods };
  const check = await checkPolicy(
    source,
    upstream === undefined ? options : { ...options, upstream },
  );
  return { file, upstream: undefined, ...check };
}

async function keyFaults({ who }: AegisFile): Promise<readonly Diagnostic[]> {
  if (who.apiKeyFile === undefined) return [];
  try {
    await readKeys(who.apiKeyFile);
    return [];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [{
      code: "bad-api-keys",
      severity: "error",
      message: error.message,
      file: who.apiKeyFile,
      line: 1,
      column: 1,
      path: "",
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    }];
  }
}
