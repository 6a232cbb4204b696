/**
 * `mcp-aegis check`: everything wrong with a policy, and who may reach what of a real server.
 * @module
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import type { Upstream } from "../policy/load.ts";
import { modelOf, type Policy } from "../policy/policy.ts";
import { isTable } from "./case_files.ts";
import {
  type CheckedConfiguration,
  type CheckedPolicy,
  checkFiles,
  configurationText,
} from "./check_files.ts";
import { type Command, defineCommand } from "./command.ts";
import { count, countDiagnostics, diagnosticLines } from "./diagnostics.ts";
import { EXIT, usageError } from "./exit.ts";
import { type Exposure, exposureOf } from "./exposure.ts";
import { exposureText } from "./exposure_text.ts";
import type { FlagValues } from "./flag.ts";
import { FLAGS } from "./flags.ts";
import type { Io } from "./io.ts";
import { type KnownArguments, knownArguments, toolListings } from "./known_arguments.ts";
import { knownArgumentsText } from "./known_arguments_text.ts";
import { limitsOf } from "./limits.ts";
import { listingFaults } from "./listing_faults.ts";
import { LIST_TIMEOUT_MS, type Listing, listServer } from "./list_server.ts";
import { type Paint, painter } from "./paint.ts";
import { readTarget, type Target } from "./target.ts";

const CHECK_FLAGS = {
  strict: { kind: "switch", group: "What counts", brief: "fail on warnings too" },
  target: FLAGS.target,
  env: FLAGS.env,
  name: FLAGS.name,
  json: FLAGS.json,
} as const;

/** `mcp-aegis check`. */
export const checkCommand: Command = defineCommand({
  name: "check",
  brief: "find everything wrong with a policy; with a server, show who may reach what",
  usage: [
    "check POLICY… [--strict] [--json]",
    "check POLICY… -- COMMAND ARGS…",
    "check aegis.yaml [--strict] [--json]",
  ],
  examples: [
    {
      about: "all problems at once, each with its place",
      command: "mcp-aegis check policies.yaml",
    },
    {
      about: "start the server, list its tools, and show who may call each of them",
      command:
        "mcp-aegis check policies.yaml -- npx -y @modelcontextprotocol/server-filesystem /tmp",
    },
    {
      about: "a configuration of serve, and every policy that it names",
      command: "mcp-aegis check aegis.yaml",
    },
    { about: "in a build", command: "mcp-aegis check --strict --json policies/*.yaml" },
  ],
  flags: CHECK_FLAGS,
  words: "POLICY",
  rest: true,
  notes: [
    "Decision tables (*.cases.yaml) among the files are left to mcp-aegis test.",
    "Ends with 3 when a file has errors (with --strict also for warnings).",
  ],
  async run({ flags, words, rest }, io) {
    if (words.every(isTable)) {
      throw usageError(
        "Cannot check without a policy",
        words.length === 0
          ? "For example: mcp-aegis check policies.yaml"
          : "That is a decision table: mcp-aegis test runs it",
      );
    }
    const { limits } = limitsOf(io);
    const target = readTarget({ target: flags.target, rest, env: flags.env });
    const upstream = upstreamOf(flags, target);
    const { checked, configurations } = await checkFiles(words.filter((word) => !isTable(word)), {
      limits,
      upstream,
    });
    if (upstream !== undefined && configurations.length > 0) {
      throw usageError(
        "Cannot hold a configuration against --name or a command: its upstreams are in it",
        "Check the policy alone to see who may reach what of a server",
      );
    }
    const usable = checked.every(({ policy }) => policy !== undefined);
    const paint = painter(io.colour("out"));
    if (!flags.json) {
      io.out(configurations.map((each) => configurationText(each, paint)).join(""));
      printProblems(checked, { io, paint });
    }
    const listing = usable && target !== undefined
      ? await listServer(target, { limits, timeoutMs: LIST_TIMEOUT_MS })
      : undefined;
    const held = listing === undefined ? [] : await holdAgainst(listing, checked);
    const diagnostics = [
      ...configurations,
      ...checked,
      ...held.map(({ faults }) => ({ diagnostics: faults })),
    ];
    const passed = diagnostics.every((of) => isSound(of.diagnostics, flags.strict));
    if (flags.json) {
      io.out(JSON.stringify(asJson(checked, { passed, held, configurations }), null, 2) + "\n");
    } else printHeld(held, { io, paint });
    return passed ? EXIT.done : EXIT.configuration;
  },
});

/** A sound policy, held against what a server lists. */
interface Held {
  readonly file: string;
  readonly policy: Policy;
  readonly exposure: readonly Exposure[];
  readonly known: KnownArguments;
  /** What only shows beside the server's list. */
  readonly faults: readonly Diagnostic[];
}

async function holdAgainst(
  listing: Listing,
  checked: readonly CheckedPolicy[],
): Promise<readonly Held[]> {
  const held: Held[] = [];
  for (const { file, policy } of checked) {
    if (policy === undefined) continue;
    const exposure = exposureOf(policy, listing);
    const known = await knownArguments(policy, { listing, exposure });
    const faults = listingFaults(policy, { tools: toolListings(listing), known });
    held.push({ file, policy, exposure, known, faults });
  }
  return held;
}

function upstreamOf(
  { name }: FlagValues<typeof CHECK_FLAGS>,
  target: Target | undefined,
): Upstream | undefined {
  if (name === undefined && target === undefined) return undefined;
  return { name: name ?? null, argv: target?.argv ?? [] };
}

function isSound(diagnostics: readonly Diagnostic[], strict: boolean): boolean {
  return !diagnostics.some(({ severity }) => strict || severity === "error");
}

function asJson(
  checked: readonly CheckedPolicy[],
  { passed, held, configurations }: {
    readonly passed: boolean;
    readonly held: readonly Held[];
    readonly configurations: readonly CheckedConfiguration[];
  },
) {
  return {
    ok: passed,
    ...(configurations.length === 0 ? {} : { configurations }),
    policies: checked.map(({ file, upstream, policy, diagnostics }) => {
      const served = held.find((one) => one.policy === policy);
      return {
        file,
        ...(upstream === undefined ? {} : { upstream }),
        hash: policy?.hash ?? null,
        diagnostics: [...diagnostics, ...served?.faults ?? []],
        ...(served === undefined ? {} : {
          server: served.policy.upstreamName,
          presets: served.policy.presets,
          exposure: served.exposure,
          arguments: served.known,
        }),
      };
    }),
  };
}

interface Output {
  readonly io: Io;
  readonly paint: Paint;
}

function printProblems(checked: readonly CheckedPolicy[], { io, paint }: Output): void {
  for (const { file, upstream, policy, diagnostics } of checked) {
    io.out(diagnosticLines(diagnostics, paint));
    const ink = policy === undefined ? "red" : diagnostics.length > 0 ? "yellow" : "green";
    const size = policy === undefined ? "" : `; ${sizeOf(policy)}`;
    const whose = upstream === undefined ? "" : ` for ${upstream}`;
    io.out(`${file}${whose}: ${paint(ink, countDiagnostics(diagnostics))}${size}\n`);
  }
}

function printHeld(held: readonly Held[], { io, paint }: Output): void {
  for (const { file, policy, exposure, known, faults } of held) {
    if (held.length > 1) io.out(`\n${file}:\n`);
    io.out(exposureText(policy, { exposure, paint }));
    io.out(knownArgumentsText(known, { rules: policy.inspection, paint }));
    if (faults.length === 0) continue;
    io.out(`\n${diagnosticLines(faults, paint)}`);
    const ink = isSound(faults, false) ? "yellow" : "red";
    io.out(`${file}, beside what the server lists: ${paint(ink, countDiagnostics(faults))}\n`);
  }
}

function sizeOf(policy: Policy): string {
  const { entries } = modelOf(policy).document;
  const size = `${count(entries.length, "principal")}, ${count(policy.ruleCount, "rule")}`;
  return policy.observing ? `${size}, some only observed` : size;
}
