/**
 * The keys of a rule, and the words and numbers that several parts of a policy share.
 * @module
 */

import { ACTIONS, ASKS } from "./document.ts";
import { isPlainText, patternFault } from "./pattern.ts";
import type { Fault } from "../yaml/problems.ts";
import type { ChoiceShape, ListShape, RecordShape, Shape } from "../yaml/shape.ts";

/** The longest duration, so that a slip of the unit is seen: 30 days. */
const MAX_DURATION_MS = 30 * 24 * 60 * 60 * 1000;

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `500ms`, `10s`, `1m`, `2h`, `1d`; `undefined` for anything else. */
export function durationMs(text: string): number | undefined {
  const match = /^([0-9]{1,9})(ms|s|m|h|d)$/.exec(text);
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? ""] ?? NaN);
  return ms >= 1 && ms <= MAX_DURATION_MS ? ms : undefined;
}

export const ACTION: ChoiceShape = {
  type: "choice",
  what: "an action",
  choices: ACTIONS,
  code: "unknown-action",
  instead: {
    "*": "Write execute: it covers read, write and delete",
    all: "Write execute: it covers read, write and delete",
    call: "Write execute",
    list: "Lists need no grant: each item is shown to whoever may use it",
    control: "Protocol upkeep is open to everyone who is identified; it needs no grant",
    "ask-client": "What a server may ask stands under servers.<name>.may",
    update: "Write write",
    create: "Write write",
    remove: "Write delete",
  },
};

export const EFFECT: ChoiceShape = {
  type: "choice",
  what: "an effect",
  choices: ["allow", "deny"],
  code: "unknown-effect",
};

export const MODE: ChoiceShape = {
  type: "choice",
  what: "a mode",
  choices: ["enforce", "observe"],
  code: "unknown-mode",
};

export const MAY: ListShape = {
  type: "list",
  what: "a list of what the server may ask of its client",
  unique: true,
  of: {
    type: "choice",
    what: "something that a server can ask",
    choices: ASKS,
    code: "unknown-ask",
    instead: { ping: "A ping is always answered; it needs no grant" },
  },
};

export const DURATION: Shape = {
  type: "text",
  what: "a duration such as 30s, 1m or 2h",
  fault: (text) =>
    durationMs(text) === undefined
      ? {
        code: "bad-duration",
        message: `${JSON.stringify(text.slice(0, 80))} is not a duration`,
        hint: "Write a whole number and a unit (ms, s, m, h, d), at most 30d: 30s, 1m, 2h",
      }
      : undefined,
};

export const CAPACITY: Shape = {
  type: "count",
  what: "a whole number",
  min: 1,
  max: 1_000_000, // with the longest duration a bucket still counts exactly (rate_limit/bucket.ts)
};

const RATE: RecordShape = {
  type: "record",
  what: "a rate",
  keys: {
    capacity: {
      shape: CAPACITY,
      required: true,
      brief: "how many calls at once, and per duration",
    },
    per: {
      shape: DURATION,
      required: true,
      brief: "how long until all of them have come back: 1m",
    },
    cost: { shape: CAPACITY, brief: "what one call draws; 1 unless said otherwise" },
    key: {
      shape: { type: "choice", what: "a key", choices: ["principal"], code: "unknown-rate-key" },
      brief: "whose calls are counted together: each principal's, the only choice",
    },
  },
};

export const NAME_LIST: ListShape = {
  type: "list",
  what: "a list of names",
  unique: true,
  of: { type: "text", what: "a name", fault: (name) => nameFault(name, "name") },
};

const METHODS: ListShape = {
  type: "list",
  what: "a list of method names",
  unique: true,
  of: {
    type: "text",
    what: "a method name",
    fault: (name) =>
      name.includes("*")
        ? {
          code: "bad-name",
          message: "A method is named exactly: * is no wildcard here",
          hint: "List each method by its full name",
        }
        : nameFault(name, "method name"),
  },
};

const RULE: RecordShape = {
  type: "record",
  what: "a rule",
  keys: {
    pattern: {
      shape: { type: "text", what: "a pattern", fault: patternFault },
      brief: 'which names: "fs:*", "read_file"; * is the only wildcard',
    },
    actions: {
      shape: { type: "list", what: "a list of actions", of: ACTION, unique: true },
      brief: "read, write, delete, execute (which covers the other three)",
    },
    effect: { shape: EFFECT, brief: "allow unless it says deny; a deny wins over every allow" },
    methods: { shape: METHODS, brief: "methods that MCP does not define" },
    scopes: {
      shape: NAME_LIST,
      brief: "the rule counts only for tokens that hold all of these scopes",
    },
    rate: { shape: RATE, brief: "how often, for each principal" },
    mode: { shape: MODE, brief: "observe: a deny is written down and not enforced" },
    when: {
      shape: { type: "text", what: "a condition" },
      brief: "a condition in CEL over args, principal and context; the rule counts where it holds",
    },
    redact: {
      shape: {
        type: "list",
        what: "a list of secrets",
        unique: true,
        of: { type: "text", what: "the name of a rule for secrets", fault: secretFault },
      },
      brief: "secrets taken out of what comes back: [secrets] for all, or the names of their rules",
    },
    max_result_bytes: {
      shape: { type: "count", what: "a whole number", min: 1, max: 1_000_000_000 },
      brief: "the largest result, in bytes of JSON",
    },
  },
};

export const RULES: ListShape = { type: "list", what: "a list of rules", of: RULE };

function secretFault(name: string): Fault | undefined {
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(name) ? undefined : {
    code: "bad-name",
    message: `${JSON.stringify(name.slice(0, 80))} is not the name of a rule for secrets`,
    hint: "Write secrets for all of them, or a name such as github-token",
  };
}

/** What is wrong with a name, if anything. */
export function nameFault(name: string, what: string): Fault | undefined {
  if (name === "") return { code: "bad-name", message: `A ${what} cannot be empty` };
  if (name !== name.trim() || !isPlainText(name)) {
    return {
      code: "bad-name",
      message: `A ${what} cannot start or end with a space, or hold control characters`,
    };
  }
  return undefined;
}
