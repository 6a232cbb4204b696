/**
 * The flags of `mcp-aegis explain`.
 * @module
 */

import { FLAGS } from "./flags.ts";

const WHAT = "What is asked for (one of these)";
const CALL = "With which arguments (of a call)";

/** The flags of `explain`. */
export const EXPLAIN_FLAGS = {
  policy: { ...FLAGS.policy, brief: "the policy (required, unless the audit names it)" },
  principal: FLAGS.principal,
  roles: FLAGS.roles,
  target: FLAGS.target,
  name: FLAGS.name,
  tool: { kind: "text", value: "NAME", group: WHAT, brief: "a call of this tool" },
  resource: { kind: "text", value: "URI", group: WHAT, brief: "reading this resource" },
  prompt: { kind: "text", value: "NAME", group: WHAT, brief: "getting this prompt" },
  method: { kind: "text", value: "METHOD", group: WHAT, brief: "any other method" },
  "audit-line": {
    kind: "text",
    value: "FILE:LINE",
    group: WHAT,
    brief: "what an audit line records; FILE:TRACE works too",
  },
  argument: {
    kind: "many",
    value: "POINTER=VALUE",
    group: CALL,
    brief: "one text: path=/etc/hosts, /edits/0/newText=x; repeat for more",
  },
  arguments: {
    kind: "text",
    value: "JSON",
    group: CALL,
    brief: "all of them, as an object",
  },
  list: {
    kind: "switch",
    group: CALL,
    brief: "start the server, and go by its schema and hints and by guesses too",
  },
  json: FLAGS.json,
} as const;
