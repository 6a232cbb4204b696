/**
 * Every key of a policy file: what it may hold, in one line for people and in full for the reader.
 * @module
 */

import { INSPECT } from "./inspect_keys.ts";
import { PRESET_NAMES } from "./presets.ts";
import type { Fault } from "../yaml/problems.ts";
import { CAPACITY, DURATION, EFFECT, MAY, MODE, NAME_LIST, nameFault, RULES } from "./rule_keys.ts";
import { SERVER } from "./server_keys.ts";
import type { RecordShape } from "../yaml/shape.ts";

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
            brief: "how many requests each principal may try; unless said, 600 refused ones in 1m",
          },
          arguments: {
            shape: {
              type: "choice",
              what: "a level of inspection",
              choices: ["off", "standard", "strict"],
              code: "unknown-level",
            },
            brief:
              "how far arguments are looked into: off, standard, or strict, which fails check " +
              "where an allowed tool has an argument that nobody declared",
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
    inspect: { shape: INSPECT, brief: "what is safe: paths, commands, URLs, SQL, results" },
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
