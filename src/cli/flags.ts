/**
 * Flags that more than one command takes.
 * @module
 */

import { LIMITS, type LimitSpec } from "../base/limits.ts";
import { formatBytes } from "../config/units.ts";
import type { TextFlag } from "./flag.ts";

const ALLOWED = "What is allowed";
const WHO = "Who asks";
const SERVER = "Which server";
const WRITTEN = "What is written down";

/** Flags by name; a command takes those it needs. */
export const FLAGS = {
  policy: { kind: "text", value: "FILE", group: ALLOWED, brief: "the policy (required)" },
  principal: {
    kind: "text",
    value: "NAME",
    group: WHO,
    brief: "name of whoever uses this client",
    default: "local-user",
  },
  roles: { kind: "list", value: "A,B", group: WHO, brief: "their roles", default: "none" },
  target: {
    kind: "text",
    value: '"COMMAND"',
    group: SERVER,
    brief: "its command, split at spaces and quotes; no shell; or write -- COMMAND",
  },
  env: {
    kind: "many",
    value: "NAME[=VALUE]",
    group: SERVER,
    brief: "a variable the server may have; repeat for more",
  },
  name: {
    kind: "text",
    value: "NAME",
    group: SERVER,
    brief: "its name in patterns such as fs:*",
    default: "of the preset that knows it",
  },
  "audit-key": {
    kind: "text",
    value: "FILE",
    group: WRITTEN,
    brief: "key that seals the audit with HMAC",
  },
  json: { kind: "switch", group: "Output", brief: "print JSON for programs" },
} as const;

/** The flags that set limits; `config/limits.ts` reads their values. */
export const LIMIT_FLAGS = {
  "max-line-size": limitFlag(LIMITS.maxLineBytes),
  "max-arg-size": limitFlag(LIMITS.maxArgumentBytes),
  "max-depth": limitFlag(LIMITS.maxDepth),
} as const;

function limitFlag(spec: LimitSpec): TextFlag {
  const bytes = spec.unit === "bytes";
  const flag: TextFlag = {
    kind: "text",
    value: bytes ? "SIZE" : "N",
    group: "Limits",
    brief: spec.brief,
    default: bytes ? formatBytes(spec.default) : String(spec.default),
  };
  return spec.env === undefined ? flag : { ...flag, env: `AEGIS_${spec.env}` };
}
