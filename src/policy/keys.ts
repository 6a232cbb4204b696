/**
 * Every key of a policy file: what it may hold, in one line for people and in full for the reader.
 * @module
 */

import { isPlainText, patternFault } from "./pattern.ts";
import { PRESET_NAMES } from "./presets.ts";
import type { Fault } from "./problems.ts";
import type { ChoiceShape, ListShape, RecordShape, Shape } from "./shape.ts";

/** What a rule can grant or refuse. */
export const ACTIONS = ["read", "write", "delete", "execute"] as const;

/** What a server can ask of its client. */
export const ASKS = ["sampling", "elicitation", "roots"] as const;

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

const ACTION: ChoiceShape = {
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

const EFFECT: ChoiceShape = {
  type: "choice",
  what: "an effect",
  choices: ["allow", "deny"],
  code: "unknown-effect",
};

const MODE: ChoiceShape = {
  type: "choice",
  what: "a mode",
  choices: ["enforce", "observe"],
  code: "unknown-mode",
};

const MAY: ListShape = {
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

const DURATION: Shape = {
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

const CAPACITY: Shape = { type: "count", what: "a whole number", min: 1, max: 1_000_000_000 };

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

const NAME_LIST: ListShape = {
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
      shape: { type: "later", what: "A condition (when)" },
      brief: "comes with a later version",
    },
    arguments: {
      shape: { type: "later", what: "A kind for an argument (arguments)" },
      brief: "comes with a later version",
    },
  },
};

const RULES: ListShape = { type: "list", what: "a list of rules", of: RULE };

const ENTRY: RecordShape = {
  type: "record",
  what: "a principal's entry",
  keys: {
    roles: { shape: NAME_LIST, brief: "also everyone who holds one of these roles" },
    match: {
      shape: {
        type: "record",
        what: "a match",
        keys: {
          issuer: {
            shape: { type: "text", what: "an issuer", fault: (text) => exactFault(text, "issuer") },
            required: true,
            brief: "the iss claim, exactly",
          },
          subject: {
            shape: {
              type: "text",
              what: "a subject",
              fault: (text) => exactFault(text, "subject"),
            },
            required: true,
            brief: "the sub claim, exactly",
          },
        },
      },
      brief: "also the one token principal of this issuer and subject",
    },
    tools: { shape: RULES, brief: 'rules for tools; "*" covers resources and prompts too' },
    resources: { shape: RULES, brief: "rules for resources, by URI" },
    prompts: { shape: RULES, brief: "rules for prompts, by name" },
  },
};

const TOOL: RecordShape = {
  type: "record",
  what: "a tool's entry",
  keys: {
    action: {
      shape: {
        type: "either",
        what: "an action",
        of: [ACTION, {
          type: "later",
          what: "An action found in an argument (action: { from: … })",
        }],
      },
      brief: "what a call of this tool does: read, write, delete or execute",
    },
    arguments: {
      shape: { type: "later", what: "A kind for an argument (arguments)" },
      brief: "comes with a later version",
    },
  },
};

const SERVER: RecordShape = {
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
  },
};

/** The whole file. */
export const POLICY: RecordShape = {
  type: "record",
  what: "a policy",
  keys: {
    version: {
      shape: { type: "written", what: 'the version, "1"', fault: versionFault, value: "1" },
      required: true,
      brief: 'the version of this grammar: "1"',
    },
    defaults: {
      shape: {
        type: "record",
        what: "the defaults",
        keys: {
          effect: {
            shape: EFFECT,
            brief: "what happens when no rule speaks; deny unless said otherwise",
          },
          server_may: {
            shape: MAY,
            brief: "what any server may ask of the client; nothing unless said",
          },
          mode: { shape: MODE, brief: "observe: what would be refused is only written down" },
          attempts: {
            shape: {
              type: "record",
              what: "the attempt limit",
              keys: {
                capacity: {
                  shape: CAPACITY,
                  required: true,
                  brief: "how many requests, refused ones included",
                },
                per: { shape: DURATION, required: true, brief: "in which time: 1m" },
              },
            },
            brief: "how many requests each principal may try; 600 in 1m unless said otherwise",
          },
          arguments: {
            shape: { type: "later", what: "Argument inspection (arguments)" },
            brief: "comes with a later version",
          },
        },
      },
      brief: "what holds where nothing else is said",
    },
    principals: {
      shape: {
        type: "names",
        what: "a mapping of principals",
        of: ENTRY,
        fault: (name) => nameFault(name, "principal's name"),
      },
      brief: "who may do what; the name of an entry is that of a local principal",
    },
    presets: {
      shape: {
        type: "either",
        what: "auto, none or a list of presets",
        of: [
          {
            type: "choice",
            what: "auto or none",
            choices: ["auto", "none"],
            code: "unknown-preset",
          },
          {
            type: "list",
            what: "a list of presets",
            unique: true,
            of: { type: "choice", what: "a preset", choices: PRESET_NAMES, code: "unknown-preset" },
          },
        ],
      },
      brief: "reviewed knowledge of well-known servers; auto unless said otherwise",
    },
    servers: {
      shape: {
        type: "names",
        what: "a mapping of servers",
        of: SERVER,
        fault: (name) =>
          /[:*]/.test(name)
            ? { code: "bad-name", message: "A server's name cannot hold : or *" }
            : nameFault(name, "server's name"),
      },
      brief: "what you know of each server, by its name",
    },
  },
};

function versionFault(
  { value, text }: { readonly value: unknown; readonly text: string },
): Fault | undefined {
  if (value === "1") return undefined;
  if (value === 1 && text === "1") {
    return {
      code: "unquoted-version",
      severity: "warning",
      message: "The version is a text",
      hint: 'Write version: "1"',
    };
  }
  return {
    code: "unknown-version",
    message: `This program reads version "1": found ${JSON.stringify(text.slice(0, 40))}`,
    hint: 'Write version: "1"',
  };
}

function nameFault(name: string, what: string): Fault | undefined {
  if (name === "") return { code: "bad-name", message: `A ${what} cannot be empty` };
  if (name !== name.trim() || !isPlainText(name)) {
    return {
      code: "bad-name",
      message: `A ${what} cannot start or end with a space, or hold control characters`,
    };
  }
  return undefined;
}

function exactFault(text: string, what: string): Fault | undefined {
  if (text.includes("*")) {
    return {
      code: "bad-name",
      message: `The ${what} is matched exactly: * is no wildcard here`,
      hint: "To match many, map a claim of the token to a role and list it under roles",
    };
  }
  if (what === "issuer" && text.includes("#")) {
    return { code: "bad-name", message: "An issuer cannot hold # (RFC 8414 §2)" };
  }
  return nameFault(text, what);
}
