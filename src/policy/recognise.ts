/**
 * Which package a command line runs, so that the preset that knows it can be applied.
 *
 * Only the operator's own words are read, and only the one word that names what is run: a directory
 * or an option that looks like a package never counts. What is not plain is not recognised; then
 * the upstream has no name and every tool counts as `execute`.
 * @module
 */

import { type PresetInfo, presetOf, PRESETS } from "./presets.ts";

/** Options of {@linkcode recognise}. */
export interface RecogniseOptions {
  /**
   * Follows symbolic links, so that `node_modules/.bin/name` is seen as the package it belongs to.
   * Without it, or where it gives nothing, such a program is not recognised.
   */
  readonly realPath?: (path: string) => string | undefined;
}

/** The preset that knows what the command runs, or `undefined`. */
export function recognise(
  argv: readonly string[],
  options: RecogniseOptions = {},
): PresetInfo | undefined {
  const [command = "", ...rest] = argv;
  switch (programOf(command)) {
    case "npx":
    case "pnpx":
    case "bunx":
      return fromRunner(rest);
    case "npm":
      return isOneOf(rest[0], ["exec", "x"]) ? fromRunner(rest.slice(1)) : undefined;
    case "pnpm":
    case "yarn":
      return rest[0] === "dlx" ? fromRunner(rest.slice(1)) : undefined;
    case "bun":
      return rest[0] === "x" ? fromRunner(rest.slice(1)) : fromScript(rest, options);
    case "deno":
      return fromDeno(rest);
    case "node":
      return fromScript(rest, options);
    case "cmd":
      return rest[0]?.toLowerCase() === "/c" ? recognise(rest.slice(1), options) : undefined;
    default:
      return fromPath(command, options);
  }
}

/** The program's name without folder, ending and case: `C:\node\NPX.CMD` is `npx`. */
function programOf(command: string): string {
  const name = command.split(/[\\/]/).at(-1) ?? "";
  return name.toLowerCase().replace(/\.(?:exe|cmd|bat|ps1)$/, "");
}

/** Options of the runners that stand alone; any other option could take the next word as its value. */
const RUNNER_SWITCHES: ReadonlySet<string> = new Set([
  "-y",
  "--yes",
  "-q",
  "--quiet",
  "-s",
  "--silent",
  "--prefer-offline",
  "--prefer-online",
  "--offline",
  "--bun",
  "--ignore-scripts",
]);

function fromRunner(args: readonly string[]): PresetInfo | undefined {
  let wanted: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? "";
    const asked = /^(?:--package|-p)=(.+)$/.exec(word)?.[1];
    if (word === "-p" || word === "--package" || asked !== undefined) {
      if (wanted !== undefined) return undefined;
      wanted = asked ?? args[++i];
    } else if (word === "--" || !word.startsWith("-")) {
      return fromSpecifier(word === "--" ? args[i + 1] : word, wanted);
    } else if (!RUNNER_SWITCHES.has(word)) {
      return undefined;
    }
  }
  return undefined;
}

/** With `--package`, the word that is run names a program of that package, not the package. */
function fromSpecifier(
  word: string | undefined,
  wanted: string | undefined,
): PresetInfo | undefined {
  if (word === undefined) return undefined;
  if (wanted === undefined) return npmPackage(word);
  const preset = npmPackage(wanted);
  return preset?.programs.includes(word) === true ? preset : undefined;
}

/**
 * `@scope/name@version`. What stands for the version is a number, a range or a tag; an alias, a
 * folder, an address or a repository there runs something else.
 */
function npmPackage(specifier: string): PresetInfo | undefined {
  const at = specifier.indexOf("@", 1);
  const name = at < 0 ? specifier : specifier.slice(0, at);
  const version = at < 0 ? "latest" : specifier.slice(at + 1);
  return /^[\w.^~<>=*|+ -]+$/.test(version) ? presetOf(`npm:${name}`) : undefined;
}

/** Options of `deno` that stand alone. */
const DENO_SWITCH =
  /^(?:-[AqRWNESI]+|--(?:allow|deny|ignore)-[a-z-]+(?:=.*)?|--(?:quiet|no-prompt|no-lock|no-check|no-config|no-remote|cached-only|frozen)|--node-modules-dir(?:=.*)?|--unstable-[a-z-]+|--reload|-r)$/;

function fromDeno(args: readonly string[]): PresetInfo | undefined {
  const words = isOneOf(args[0], ["run", "x"]) ? args.slice(1) : args;
  for (const word of words) {
    if (!word.startsWith("-")) return fromDenoSpecifier(word);
    if (!DENO_SWITCH.test(word)) return undefined;
  }
  return undefined;
}

function fromDenoSpecifier(word: string): PresetInfo | undefined {
  const specifier = /^npm:\/?(.+)$/.exec(word)?.[1];
  if (specifier === undefined) return undefined;
  const [first = "", second = "", third] = specifier.split("/");
  // A path into the package would run another of its files.
  if (first.startsWith("@")) {
    return third === undefined ? npmPackage(`${first}/${second}`) : undefined;
  }
  return second === "" ? npmPackage(first) : undefined;
}

/** Options of `node` that stand alone, and those whose value is the next word. */
const NODE_SWITCH =
  /^--(?:no-warnings|enable-source-maps|no-deprecation|trace-[a-z-]+|experimental-[a-z-]+|use-[a-z-]+|[a-z-]+=.*)$/;

function fromScript(args: readonly string[], options: RecogniseOptions): PresetInfo | undefined {
  for (const word of args) {
    if (!word.startsWith("-")) return fromPath(word, options);
    if (!NODE_SWITCH.test(word)) return undefined;
  }
  return undefined;
}

function fromPath(path: string, { realPath }: RecogniseOptions): PresetInfo | undefined {
  const steps = stepsOf(path);
  const inner = steps.lastIndexOf("node_modules");
  if (inner < 0) return undefined;
  const [first = "", second = ""] = steps.slice(inner + 1);
  if (first === ".bin") {
    const real = realPath?.(path);
    return real === undefined || stepsOf(real).includes(".bin") ? undefined : fromPath(real, {});
  }
  return presetOf(`npm:${first.startsWith("@") ? `${first}/${second}` : first}`);
}

/** The folders of a path, with `.` and `..` worked out. */
function stepsOf(path: string): readonly string[] {
  const steps: string[] = [];
  for (const step of path.split(/[\\/]/)) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return steps;
}

function isOneOf(word: string | undefined, words: readonly string[]): boolean {
  return word !== undefined && words.includes(word);
}

/** The listed presets that an upstream of this name stands for: the operator wrote both. */
export function listedFor(name: string, listed: readonly string[]): readonly PresetInfo[] {
  return listed.flatMap((preset) => PRESETS.get(preset) ?? []).filter(({ shortName }) =>
    shortName === name
  );
}
