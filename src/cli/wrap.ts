/**
 * `mcp-aegis …` and `mcp-aegis wrap …`: stands between a client and the server it would have
 * started.
 * @module
 */

import { startShim } from "../shim.ts";
import { type Command, defineCommand } from "./command.ts";
import { readWrapPlan } from "./wrap_plan.ts";
import { WRAP_FLAGS } from "./wrap_flags.ts";

const USUAL_TARGET = '"npx -y @modelcontextprotocol/server-filesystem /tmp"';

const shimCommand: Command = defineCommand({
  name: "wrap",
  brief: "stand between a client and the server it would have started",
  usage: [
    '--target "COMMAND" --policy FILE [flags]',
    "[wrap] --policy FILE [flags] -- COMMAND ARGS…",
    "[wrap] --upstream URL --policy FILE [flags]",
  ],
  examples: [
    {
      about: "write this where your client's configuration names the server",
      command:
        `mcp-aegis --target ${USUAL_TARGET} \\\n          --policy policies.yaml --principal developer --roles dev`,
    },
    {
      about: "the same without quoting, 60 calls a minute, the audit in a file you name",
      command:
        "mcp-aegis --policy policies.yaml --roles dev --rate-limit 60 --audit audit.jsonl \\\n" +
        "          -- npx -y @modelcontextprotocol/server-filesystem /tmp",
    },
    {
      about: "in front of a server that runs elsewhere",
      command: "mcp-aegis --upstream https://mcp.example/mcp --upstream-token-file token \\\n" +
        "          --policy policies.yaml --roles dev",
    },
    {
      about: "before that: who could call which tool of this server?",
      command: "mcp-aegis check policies.yaml -- npx -y @modelcontextprotocol/server-memory",
    },
  ],
  flags: WRAP_FLAGS,
  rest: true,
  run: async (parsed, io) => {
    const { kind, plan } = readWrapPlan(parsed, io);
    if (kind === "command") return await startShim(plan);
    const { startBridge } = await import("../bridge.ts");
    return await startBridge(plan);
  },
});

/** The command that runs when none is named: the shim, or the HTTP proxy when `--mode` says so. */
export const wrapCommand: Command = {
  page: shimCommand.page,
  execute: async (args, io) => {
    if (!wantsProxy(args)) return await shimCommand.execute(args, io);
    const { serveCommand } = await import("./serve.ts");
    return await serveCommand.execute(args, io);
  },
};

/** Whether `--mode http` or `--mode sse` stands before any `--`; the grammar of either command says the rest. */
function wantsProxy(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const flags = end === -1 ? args : args.slice(0, end);
  return flags.some((word, at) => {
    const mode = word === "--mode" ? flags[at + 1] : /^--mode=(.*)$/.exec(word)?.[1];
    return /^(?:http|sse)$/i.test(mode ?? "");
  });
}
