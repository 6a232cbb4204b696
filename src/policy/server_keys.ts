/**
 * The keys of a server's entry and of its tools.
 * @module
 */

import { argumentFault, ARGUMENTS, INSPECT } from "./inspect_keys.ts";
import { ACTION, MAY, MODE, nameFault } from "./rule_keys.ts";
import type { RecordShape } from "../yaml/shape.ts";

const STATED_ACTION: RecordShape = {
  type: "record",
  what: "an action found in an argument",
  keys: {
    from: {
      shape: {
        type: "choice",
        what: "something that an action can be found in",
        choices: ["sql", "command"],
        code: "unknown-from",
      },
      required: true,
      brief: "sql: the statement decides; command: the command decides",
    },
    argument: {
      shape: { type: "text", what: "an argument", fault: argumentFault },
      brief: "in which argument; unless said, the only one of that kind",
    },
  },
};

const TOOL: RecordShape = {
  type: "record",
  what: "a tool's entry",
  keys: {
    action: {
      shape: { type: "either", what: "an action", of: [ACTION, STATED_ACTION] },
      brief: "what a call of this tool does: read, write, delete, execute, or { from: sql }",
    },
    arguments: {
      shape: ARGUMENTS,
      brief: 'what the server does with each argument: { path: path, "/edits/*/newText": code }',
    },
  },
};

/** A server's entry. */
export const SERVER: RecordShape = {
  type: "record",
  what: "a server's entry",
  keys: {
    tools: {
      shape: {
        type: "names",
        what: "a mapping of tool names",
        of: TOOL,
        fault: (name) =>
          name.includes("*")
            ? {
              code: "bad-name",
              message: "A tool is named exactly here: * is no wildcard",
              hint: "Name each tool; what is not named counts as execute",
            }
            : nameFault(name, "tool name"),
      },
      brief: "what each tool does, by its exact name",
    },
    may: {
      shape: MAY,
      brief: "what this server may ask of the client; replaces defaults.server_may",
    },
    trust: {
      shape: { type: "choice", what: "a trust", choices: ["annotations"], code: "unknown-trust" },
      brief: "annotations: believe what this server says of tools that nobody else has classified",
    },
    mode: {
      shape: MODE,
      brief: "observe: what would be refused of this server is only written down",
    },
    inspect: {
      shape: INSPECT,
      brief: "what is safe at this server; each group replaces the one of the policy's inspect",
    },
  },
};
