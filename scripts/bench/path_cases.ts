/**
 * The whole path as the proxy benchmark measures it: what each case starts, and the policy it has.
 * @module
 */

/** Case names of the benchmark and of our own. */
export const CASES = {
  direct: "direct",
  pump: "deno-pump",
  parse: "deno-parse",
  reserialise: "floor-reserialise",
  bundled: "aegis",
  source: "aegis-source",
} as const;

/** Rules of the policy that every measured call is decided by. */
export const POLICY_RULES = 50;

/** Where the programs of the cases are. */
export interface CaseFiles {
  readonly deno: string;
  /** Main file of the bundle. */
  readonly bundled: string;
  /** `src/cli/main.ts`. */
  readonly source: string;
  /** `floor_reserialise.ts`. */
  readonly floor: string;
}

/** The tools that are called. */
const CALLED = ["source", "echo"];

/** A policy of 50 rules, none for nothing, in which the one that allows most calls stands last. */
export function benchPolicy(): string {
  const others = Array.from({ length: POLICY_RULES - CALLED.length }, (_, at) => {
    const n = String(at + 1).padStart(2, "0");
    return `      - { pattern: "tool_${n}_*", actions: [read] }`;
  });
  return [
    'version: "1"',
    "defaults: { effect: deny }",
    "principals:",
    "  bench:",
    "    roles: []",
    "    tools:",
    ...others,
    ...CALLED.map((tool) => `      - { pattern: "${tool}", actions: [execute] }`),
    "",
  ].join("\n");
}

/** The cases that are ours, in the form of the benchmark's case files. */
export function caseFile({ deno, bundled, source, floor }: CaseFiles): string {
  const shim = (name: string, main: string) => ({
    name,
    needs: [deno],
    files: { "policy.yaml": benchPolicy() },
    argv: [
      ...[deno, "run", "-A", "--no-prompt", main, "wrap"],
      ...["--policy", "{dir}/policy.yaml", "--principal", "bench"],
      // The most there is; a round makes a tenth of it.
      ...["--rate-limit", "1000000", "--audit", "{dir}/audit.jsonl", "--", "{backend}"],
    ],
  });
  return JSON.stringify(
    {
      stdio: [
        {
          name: CASES.reserialise,
          needs: [deno],
          argv: [deno, "run", "-A", "--no-config", floor, "{backend}"],
        },
        shim(CASES.bundled, bundled),
        shim(CASES.source, source),
      ],
    },
    null,
    2,
  );
}
