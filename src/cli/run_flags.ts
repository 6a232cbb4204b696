/**
 * Flags of the commands that stand in front of a server: `wrap` and `serve`.
 * @module
 */

import { FLAGS } from "./flags.ts";

const WRITTEN = "What is written down";

/** What is allowed, beside the policy. */
export const RUN_FLAGS = {
  "rate-limit": {
    kind: "number",
    value: "N",
    min: 1,
    max: 1_000_000,
    group: "What is allowed",
    brief: "tool calls a minute for each principal",
    default: "none",
  },
} as const;

/** What is written down. */
export const WRITTEN_FLAGS = {
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
    brief: "what its tools were at first; a changed tool is refused",
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
} as const;
