/**
 * The flags of `wrap`, and so of `mcp-aegis` without a command.
 * @module
 */

import { FLAGS, LIMIT_FLAGS } from "./flags.ts";

const WRITTEN = "What is written down";

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
  pins: {
    kind: "text",
    value: "FILE|none",
    group: WRITTEN,
    brief: "what its tools were at first; a tool that changes is refused",
    default: "a file of the server's own",
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
