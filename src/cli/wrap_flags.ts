/**
 * The flags of `wrap`, and so of `mcp-aegis` without a command.
 * @module
 */

import { FLAGS, LIMIT_FLAGS } from "./flags.ts";
import { RUN_FLAGS, WRITTEN_FLAGS } from "./run_flags.ts";
import { UPSTREAM_FLAGS } from "./upstream.ts";

/** The flags of `wrap`. */
export const WRAP_FLAGS = {
  policy: FLAGS.policy,
  "rate-limit": RUN_FLAGS["rate-limit"],
  principal: FLAGS.principal,
  roles: FLAGS.roles,
  target: FLAGS.target,
  env: FLAGS.env,
  ...UPSTREAM_FLAGS,
  name: FLAGS.name,
  mode: {
    kind: "choice",
    value: "MODE",
    choices: ["stdio", "http", "sse"],
    group: "Which server",
    brief: "http and sse: the same as serve --mode, with its flags",
    default: "stdio",
  },
  ...WRITTEN_FLAGS,
  ...LIMIT_FLAGS,
} as const;
