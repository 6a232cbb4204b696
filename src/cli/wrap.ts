/**
 * `mcp-aegis …` and `mcp-aegis wrap …`: stands between a client and the server it would have
 * started.
 * @module
 */

import { defineCommand } from "./command.ts";
import { FLAGS, LIMIT_FLAGS } from "./flags.ts";
import { readShimSettings } from "./shim_settings.ts";

const WRITTEN = "What is written down";
const USUAL_TARGET = '"npx -y @modelcontextprotocol/server-filesystem /tmp"';

/** The flags of `wrap`. */
export const WRAP_FLAGS = {
  policy: FLAGS.policy,
  "rate-limit": {
    kind: "number",
    value: "N",
    min: 1,
    max: 1_000_000,
    group: "What is allowed",
    brief: "tool calls a minute for each principal",
    default: "none",
  },
  principal: FLAGS.principal,
  roles: FLAGS.roles,
  target: FLAGS.target,
  env: FLAGS.env,
  name: FLAGS.name,
  mode: {
    kind: "choice",
    value: "MODE",
    choices: ["stdio", "http", "sse"],
    group: "Which server",
    brief: "stdio; http and sse are not in this version",
    default: "stdio",
  },
  audit: {
    kind: "text",
    value: "FILE|stderr|none",
    group: WRITTEN,
    brief: "where every verdict goes",
    default: "a file of its own per run",
  },
  "audit-key": FLAGS["audit-key"],
  "audit-arguments": {
    kind: "switch",
    group: WRITTEN,
    brief: "also write the arguments of calls, not only their hash",
  },
  "log-level": {
    kind: "choice",
    value: "LEVEL",
    choices: ["DEBUG", "INFO", "WARNING", "ERROR"],
    group: WRITTEN,
    brief: "what stderr tells: DEBUG, INFO, WARNING or ERROR",
    default: "INFO",
  },
  "log-format": {
    kind: "choice",
    value: "FORMAT",
    choices: ["text", "json"],
    group: WRITTEN,
    brief: "how: text for people, json for programs",
    default: "text",
  },
  ...LIMIT_FLAGS,
} as const;

/** The command that runs when none is named. */
export const wrapCommand = defineCommand({
  name: "wrap",
  brief: "stand between a client and the server it would have started",
  usage: [
    '--target "COMMAND" --policy FILE [flags]',
    "[wrap] --policy FILE [flags] -- COMMAND ARGS…",
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
      about: "before that: who could call which tool of this server?",
      command: "mcp-aegis check policies.yaml -- npx -y @modelcontextprotocol/server-memory",
    },
  ],
  flags: WRAP_FLAGS,
  rest: true,
  run(parsed, io) {
    const settings = readShimSettings(parsed, io);
    return Promise.reject(new Error(`later ${settings.argv}`));
  },
});
