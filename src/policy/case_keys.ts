/**
 * Every key of a decision table (`*.cases.yaml`).
 * @module
 */

import { ACTIONS, ASKS } from "./document.ts";
import { isPlainText } from "./pattern.ts";
import type { Fault } from "../yaml/problems.ts";
import type { Field, ListShape, RecordShape, Shape } from "../yaml/shape.ts";

const NAME: Shape = { type: "text", what: "a name", fault: nameFault };
const NAMES: ListShape = { type: "list", what: "a list of names", of: NAME, unique: true };
const WORDS: ListShape = {
  type: "list",
  what: "a list of words",
  of: { type: "text", what: "a word" },
};

const UPSTREAM: Readonly<Record<string, Field>> = {
  target: { shape: WORDS, brief: "the upstream's command line, as a list of words" },
  server: { shape: NAME, brief: "the upstream's name, as --name gives it" },
};

const HINT: Shape = {
  type: "choice",
  what: "a hint",
  choices: ["readOnly", "notReadOnly", "destructive", "notDestructive"],
  code: "unknown-hint",
};

const CASE: RecordShape = {
  type: "record",
  what: "a case",
  keys: {
    ...UPSTREAM,
    principal: { shape: NAME, brief: 'a local name, "local-user" unless said otherwise' },
    roles: { shape: NAMES, brief: "the roles it holds" },
    issuer: { shape: NAME, brief: "of a token principal" },
    subject: { shape: NAME, brief: "of a token principal" },
    scopes: { shape: NAMES, brief: "the scopes of its token" },
    tool: { shape: NAME, brief: "what is called" },
    arguments: {
      shape: {
        type: "either",
        what: "a mapping of arguments, or unknown",
        of: [
          {
            type: "names",
            what: "a mapping of arguments",
            of: { type: "any", what: "the value of an argument" },
          },
          {
            type: "choice",
            what: "a mapping of arguments, or unknown",
            choices: ["unknown"],
            code: "unknown-arguments",
          },
        ],
      },
      brief: "what it is called with, nothing unless said; unknown: as it is listed",
    },
    hints: {
      shape: { type: "list", what: "a list of hints", of: HINT, unique: true },
      brief: "what the server says of that tool",
    },
    resource: { shape: NAME, brief: "or the URI that is read" },
    template: { shape: NAME, brief: "or the URI template that is listed" },
    prompt: { shape: NAME, brief: "or the prompt that is got" },
    method: { shape: NAME, brief: "or a method that MCP does not define" },
    asks: {
      shape: {
        type: "choice",
        what: "something that a server can ask",
        choices: ASKS,
        code: "unknown-ask",
      },
      brief: "or what the server asks of its client",
    },
    expect: {
      shape: {
        type: "choice",
        what: "an outcome",
        choices: ["allow", "deny", "depends", "observe"],
        code: "unknown-outcome",
      },
      required: true,
      brief: "allow, deny, depends (a template) or observe (a deny that is only written down)",
    },
    action: {
      shape: {
        type: "choice",
        what: "an action",
        choices: ACTIONS,
        code: "unknown-action",
      },
      brief: "what the call must count as",
    },
    rule: {
      shape: { type: "count", what: "a line of the policy", min: 1, max: 100_000_000 },
      brief: "the line of a rule that must have decided",
    },
  },
};

/** The whole file. */
export const CASES: RecordShape = {
  type: "record",
  what: "a decision table",
  keys: {
    policy: { shape: NAME, required: true, brief: "the policy, relative to this file" },
    ...UPSTREAM,
    cases: {
      shape: { type: "list", what: "a list of cases", of: CASE },
      required: true,
      brief: "one line for each: who, what, and what must come of it",
    },
  },
};

function nameFault(name: string): Fault | undefined {
  return name === "" || !isPlainText(name)
    ? { code: "bad-name", message: "A name cannot be empty or hold control characters" }
    : undefined;
}
