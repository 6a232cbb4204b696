/**
 * Which room may import which: the table of ARCHITECTURE.md as data, and the bounds of a file.
 *
 * An entry of a room's list is a room (`base`), one file of a room (`audit/sink.ts`), or either with
 * `type ` before it, which allows `import type` alone. A room always sees itself.
 * @module
 */

/** A top-level folder of `src/`, a file that stands in `src/` itself, or `mod.ts`. */
export type RoomName = string;

const BELOW_ASSEMBLY = [
  "base",
  "yaml",
  "jsonrpc",
  "mcp",
  "grammar",
  "access",
  "identity",
  "policy",
  "inspect",
  "rate_limit",
  "audit",
  "gateway",
  "transport",
  "config",
];

/** What each room may import. A room that is not listed here does not exist. */
export const ROOMS: Readonly<Record<RoomName, readonly string[]>> = {
  base: [],
  yaml: ["base"],
  jsonrpc: ["base"],
  mcp: ["base", "jsonrpc"],
  grammar: ["base"],
  access: ["base", "mcp"],
  identity: ["base", "access"],
  policy: ["base", "yaml", "access", "grammar"],
  inspect: ["base", "access", "grammar"],
  rate_limit: ["base", "access"],
  audit: ["base", "access"],
  gateway: ["base", "jsonrpc", "mcp", "access", "type audit/sink.ts", "type audit/entry.ts"],
  transport: [
    "base",
    "jsonrpc/id_finder.ts",
    "gateway",
    "type access/principal.ts",
    "type access/verdict.ts",
  ],
  config: ["base", "yaml"],
  "assemble.ts": BELOW_ASSEMBLY,
  "run_plan.ts": BELOW_ASSEMBLY,
  "local_run.ts": [...BELOW_ASSEMBLY, "assemble.ts", "run_plan.ts"],
  "shim.ts": [...BELOW_ASSEMBLY, "assemble.ts", "local_run.ts"],
  "bridge.ts": [...BELOW_ASSEMBLY, "assemble.ts", "local_run.ts"],
  "serve.ts": [
    ...[...BELOW_ASSEMBLY, "assemble.ts", "serve_credential.ts", "serve_edge.ts"],
    ...["run_plan.ts", "serve_identity.ts", "serve_policies.ts", "serve_target.ts"],
  ],
  "serve_edge.ts": BELOW_ASSEMBLY,
  "serve_identity.ts": BELOW_ASSEMBLY,
  "serve_target.ts": [...BELOW_ASSEMBLY, "type serve_credential.ts"],
  "serve_credential.ts": BELOW_ASSEMBLY,
  "serve_policies.ts": BELOW_ASSEMBLY,
  "http.ts": BELOW_ASSEMBLY,
  verify: [...BELOW_ASSEMBLY, "assemble.ts"],
  cli: [
    ...["base", "yaml", "config", "policy", "audit", "transport", "access", "mcp/methods.ts"],
    ...["inspect/pins/place.ts", "inspect/pins/review.ts"],
    ...["assemble.ts", "type local_run.ts", "shim.ts", "bridge.ts"],
    ...["serve.ts", "serve_identity.ts", "serve_target.ts", "type serve_credential.ts", "verify"],
    // `check` shows what is known of arguments, `explain` what would be said of a call's.
    ...["inspect/check.ts", "inspect/pointers.ts", "inspect/schema_place.ts", "inspect/survey.ts"],
  ],
  "mod.ts": [
    ...BELOW_ASSEMBLY,
    "assemble.ts",
    "shim.ts",
    "bridge.ts",
    "serve.ts",
    "http.ts",
    "cli",
  ],
};

/** Where a run starts, and what a run of the shim loads before its first message. */
export const ENTRIES = {
  /** What no import reaches from here is dead. */
  all: ["mod.ts", "src/cli/main.ts"],
  /** What these import statically costs every client its start: no `node:`, no lazy package. */
  start: [
    "src/cli/main.ts",
    "src/cli/wrap.ts",
    "src/assemble.ts",
    "src/local_run.ts",
    "src/shim.ts",
  ],
  /** The packages that a start cannot do without. */
  startPackages: ["js-yaml"],
} as const;

/** The file that alone makes `Cleared`, and the room that alone may use its makers. */
export const CLEARED = {
  file: "src/gateway/clear.ts",
  room: "gateway",
  type: "Cleared",
  /** Values that make nothing, open to every room. */
  open: ["isCleared"],
} as const;

/** Files outside `src/` that are data of one room. */
export const DATA = { folder: "policies/presets/", room: "policy" } as const;

/** Build products of `scripts/make_wasm.ts`: no rule is meant for them. */
export const GENERATED = "src/grammar/wasm";

/** Bounds of one file. */
export const FILE_RULES = {
  maxLines: 400,
  /** The aim is 5. Types are free: a port and the shapes it speaks of belong together. */
  maxValueExports: 10,
  /** Files that export more, each with its reason. */
  moreExports: {
    "src/mcp/correlation.ts": "one small reader for each member that ties two messages together",
  } as Readonly<Record<string, string>>,
  /** Names that say nothing about what is inside. */
  emptyNames: ["utils", "util", "helpers", "helper", "common", "misc"],
} as const;
