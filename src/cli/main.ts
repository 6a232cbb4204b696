/**
 * The command line: finds the command, runs it, and turns what it throws into lines on stderr and
 * an exit code.
 * @module
 */

import { nearest } from "../base/diagnostic.ts";
import { AegisError, ConfigurationError } from "../base/error.ts";
import { printable } from "../base/log.ts";
import { type CommandEntry, COMMANDS, DEFAULT_COMMAND, findCommand } from "./commands.ts";
import { countDiagnostics, diagnosticLines } from "./diagnostics.ts";
import { CliError, EXIT, usageError } from "./exit.ts";
import { type Io, systemIo } from "./io.ts";
import { painter } from "./paint.ts";
import { wantsHelp } from "./parse.ts";
import { VERSION } from "./version.ts";

export type { Io } from "./io.ts";

/**
 * Runs the command line and gives the exit code.
 *
 * 0 done · 1 failed · 2 usage · 3 bad configuration or policy · 4 cases failed · 5 `explain` denies.
 */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    return complain(error, io);
  }
}

/** Runs the command line of this process and ends it. */
export async function runProcess(): Promise<never> {
  Deno.exit(await main(Deno.args, systemIo()));
}

async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const [first] = args;
  if (first === "--version" || first === "-V") {
    io.out(`mcp-aegis ${VERSION}\n`);
    return EXIT.done;
  }
  if (first === "help") return await printHelp(args.slice(1), io);
  if (first === undefined || first.startsWith("-")) {
    return wantsHelp(args) ? await printHelp([], io) : await run(DEFAULT_COMMAND, args, io);
  }
  const found = findCommand(args);
  if (found === undefined) throw unknownCommand(args);
  return wantsHelp(found.rest)
    ? await printHelp(found.entry.name.split(" "), io)
    : await run(found.entry, found.rest, io);
}

async function run(entry: CommandEntry, args: readonly string[], io: Io): Promise<number> {
  const command = await entry.load();
  return await command.execute(args, io);
}

async function printHelp(topic: readonly string[], io: Io): Promise<number> {
  const paint = painter(io.colour("out"));
  const help = await import("./help.ts");
  if (topic.length === 0) {
    const { page } = await DEFAULT_COMMAND.load();
    io.out(help.overview(page, { commands: COMMANDS, version: VERSION, paint }));
  } else if (topic[0] === "limits") {
    io.out(help.limitsPage(paint));
  } else {
    const found = findCommand(topic);
    if (found === undefined) throw unknownCommand(topic);
    io.out(help.commandPage((await found.entry.load()).page, paint));
  }
  return EXIT.done;
}

function unknownCommand(args: readonly string[]): CliError {
  const [first = ""] = args;
  const below = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (below.length > 0) {
    const names = below.map(({ name }) => `mcp-aegis ${name}`).join(", ");
    return usageError(`"${first}" needs a further word`, `There is ${names}`);
  }
  const near = nearest(first, COMMANDS.map(({ name }) => name));
  return usageError(
    `Unknown command ${JSON.stringify(first)}`,
    near === undefined
      ? `To stand in front of a server write: mcp-aegis --policy policies.yaml -- ${args.join(" ")}`
      : `Did you mean mcp-aegis ${near}?`,
  );
}

/** Errors about files that the operator configured. */
const CONFIGURATION_CODES: ReadonlySet<string> = new Set([
  "audit-file",
  "audit-key",
  "audit-place",
  "bad-lock-file",
  "pins-place",
  "tls-files",
  "trusted-proxy",
  "upstream-credential",
]);

/** Says what went wrong and gives the exit code for it. */
function complain(error: unknown, io: Io): number {
  const paint = painter(io.colour("err"));
  const say = (message: string, hint?: string) => {
    for (const line of message.split("\n")) {
      io.err(`mcp-aegis: ${paint("red", "error")}: ${printable(line)}\n`);
    }
    if (hint !== undefined) io.err(`mcp-aegis: ${paint("cyan", "hint")}: ${printable(hint)}\n`);
  };
  if (error instanceof CliError) {
    say(error.message, error.hint);
    return error.exit;
  }
  if (error instanceof ConfigurationError) {
    const { diagnostics } = error;
    io.err(diagnosticLines(diagnostics, paint));
    const files = new Set(diagnostics.map(({ file }) => file));
    say(`Cannot use ${[...files].join(", ")}: ${countDiagnostics(diagnostics)}`);
    return EXIT.configuration;
  }
  if (error instanceof AegisError) {
    say(error.message, "hint" in error && typeof error.hint === "string" ? error.hint : undefined);
    return CONFIGURATION_CODES.has(error.code) ? EXIT.configuration : EXIT.failed;
  }
  if (error instanceof Deno.errors.NotCapable) {
    say(`Cannot go on: ${error.message}`, "Start it with deno run -A, or allow what it asks for");
    return EXIT.failed;
  }
  say(
    `Unexpected failure: ${error instanceof Error ? error.stack ?? error.message : String(error)}`,
    "This is a fault of mcp-aegis; please report it with the lines above",
  );
  return EXIT.failed;
}

if (import.meta.main) await runProcess();
