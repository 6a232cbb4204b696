/**
 * Every command by the words that start it; its code is loaded when it is named.
 * @module
 */

import type { Command } from "./command.ts";

/** An entry of the list that `--help` prints. */
export interface CommandEntry {
  /** Words, separated by one space. */
  readonly name: string;
  readonly brief: string;
  load(): Promise<Command>;
}

/** What runs when no command is named. */
export const DEFAULT_COMMAND: CommandEntry = {
  name: "wrap",
  brief: "stand in front of a server; the default when no command is named",
  load: async () => (await import("./wrap.ts")).wrapCommand,
};

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  DEFAULT_COMMAND,
  {
    name: "serve",
    brief: "stand in front of a server that many clients reach over HTTP",
    load: async () => (await import("./serve.ts")).serveCommand,
  },
  {
    name: "check",
    brief: "find everything wrong with a policy; with a server, show who may call what",
    load: async () => (await import("./check.ts")).checkCommand,
  },
  {
    name: "test",
    brief: "run decision tables (*.cases.yaml)",
    load: async () => (await import("./test_command.ts")).testCommand,
  },
  {
    name: "explain",
    brief: "one decision: which rules, which checks, why, and what would allow it",
    load: async () => (await import("./explain.ts")).explainCommand,
  },
  {
    name: "pin",
    brief: "what has changed in a server's tools since they were taken, and to take it",
    load: async () => (await import("./pin.ts")).pinCommand,
  },
  {
    name: "audit verify",
    brief: "find every edit, insertion, reordering or removal in audit files",
    load: async () => (await import("./audit_verify.ts")).auditVerifyCommand,
  },
  {
    name: "audit summary",
    brief: "what was refused, or would have been, and what would allow it",
    load: async () => (await import("./audit_summary.ts")).auditSummaryCommand,
  },
  {
    name: "verify",
    brief: "send attacks through a real gateway and see whether each promise is kept",
    load: async () => (await import("./verify.ts")).verifyCommand,
  },
];

/** The longest command that the arguments start with, and what is left of them. */
export function findCommand(
  args: readonly string[],
): { readonly entry: CommandEntry; readonly rest: readonly string[] } | undefined {
  for (const entry of COMMANDS) {
    const words = entry.name.split(" ");
    if (words.every((word, i) => args[i] === word)) {
      return { entry, rest: args.slice(words.length) };
    }
  }
  return undefined;
}
