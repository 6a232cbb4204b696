/**
 * Reviewed knowledge of well-known servers. The index is here; what each tool does stands in
 * `policies/presets/*.json` and is loaded only when it is needed.
 * @module
 */

import { AegisError } from "../base/error.ts";
import { type PresetKnowledge, readPreset } from "./preset_file.ts";

/** How a preset is named and what it knows how to recognise. */
export interface PresetInfo {
  readonly name: string;
  /** The name an upstream gets when its target is recognised and the operator gave none. */
  readonly shortName: string;
  /** Package names with their registry: `npm:@scope/name`. */
  readonly packages: readonly string[];
  /** Programs that these packages install. */
  readonly programs: readonly string[];
}

/** A loaded preset. */
export interface Preset extends PresetInfo, PresetKnowledge {}

interface Entry extends PresetInfo {
  load(): Promise<{ readonly default: unknown }>;
}

const INDEX: readonly Entry[] = [
  {
    name: "filesystem",
    shortName: "fs",
    packages: ["npm:@modelcontextprotocol/server-filesystem"],
    programs: ["mcp-server-filesystem"],
    load: () => import("../../policies/presets/filesystem.json", { with: { type: "json" } }),
  },
  {
    name: "everything",
    shortName: "everything",
    packages: ["npm:@modelcontextprotocol/server-everything"],
    programs: ["mcp-server-everything"],
    load: () => import("../../policies/presets/everything.json", { with: { type: "json" } }),
  },
  {
    name: "memory",
    shortName: "memory",
    packages: ["npm:@modelcontextprotocol/server-memory"],
    programs: ["mcp-server-memory"],
    load: () => import("../../policies/presets/memory.json", { with: { type: "json" } }),
  },
  {
    name: "mcp-sqlite",
    shortName: "db",
    packages: ["npm:mcp-sqlite"],
    programs: ["mcp-sqlite-server"],
    load: () => import("../../policies/presets/mcp_sqlite.json", { with: { type: "json" } }),
  },
  {
    name: "sqlite-npx",
    shortName: "db",
    packages: ["npm:mcp-server-sqlite-npx"],
    programs: ["mcp-server-sqlite-npx"],
    load: () => import("../../policies/presets/sqlite_npx.json", { with: { type: "json" } }),
  },
  {
    name: "postgres",
    shortName: "db",
    packages: ["npm:@modelcontextprotocol/server-postgres"],
    programs: ["mcp-server-postgres"],
    load: () => import("../../policies/presets/postgres.json", { with: { type: "json" } }),
  },
  {
    name: "git",
    shortName: "git",
    packages: ["npm:@cyanheads/git-mcp-server"],
    programs: ["git-mcp-server"],
    load: () => import("../../policies/presets/git.json", { with: { type: "json" } }),
  },
  {
    name: "commands",
    shortName: "commands",
    packages: ["npm:mcp-server-commands"],
    programs: ["mcp-server-commands"],
    load: () => import("../../policies/presets/commands.json", { with: { type: "json" } }),
  },
  {
    name: "playwright",
    shortName: "browser",
    packages: ["npm:@playwright/mcp"],
    programs: ["playwright-mcp"],
    load: () => import("../../policies/presets/playwright.json", { with: { type: "json" } }),
  },
  {
    name: "desktop-commander",
    shortName: "desktop",
    packages: ["npm:@wonderwhy-er/desktop-commander"],
    programs: ["desktop-commander"],
    load: () => import("../../policies/presets/desktop_commander.json", { with: { type: "json" } }),
  },
];

/** Every preset by name. */
export const PRESETS: ReadonlyMap<string, PresetInfo> = new Map(
  INDEX.map((preset) => [preset.name, preset]),
);

/** The names that a policy may list under `presets`. */
export const PRESET_NAMES: readonly string[] = INDEX.map(({ name }) => name);

/** The preset that knows a package (`npm:@scope/name`), if any. */
export function presetOf(packageName: string): PresetInfo | undefined {
  return INDEX.find(({ packages }) => packages.includes(packageName));
}

/**
 * Loads a preset.
 *
 * @throws {AegisError} `unknown-preset`, or `bad-preset` when its file is not sound.
 */
export async function loadPreset(name: string): Promise<Preset> {
  const entry = INDEX.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    throw new AegisError(
      "unknown-preset",
      `Cannot load preset "${name}": there is none of that name`,
    );
  }
  const { name: _, load, ...info } = entry;
  const { default: file } = await load();
  return { ...info, name, ...readPreset(file, name) };
}
