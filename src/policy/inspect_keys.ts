/**
 * The keys of `inspect:` and of the kinds of arguments.
 * @module
 */

import { argumentPointer } from "./argument_key.ts";
import { DIALECTS, KIND_NAMES, kindFromText } from "./argument_kind.ts";
import {
  absoluteFault,
  globFault,
  hostFault,
  networkFault,
  programFault,
  schemeFault,
  sensitiveFault,
  suffixFault,
} from "./inspect_faults.ts";
import type { Fault } from "../yaml/problems.ts";
import type {
  ChoiceShape,
  FlagShape,
  ListShape,
  NamesShape,
  RecordShape,
  Shape,
} from "../yaml/shape.ts";

const YES_OR_NO: FlagShape = { type: "flag", what: "true or false" };

const FOLDER: Shape = { type: "text", what: "an absolute path", fault: absoluteFault };

function listOf(what: string, fault: (text: string) => Fault | undefined): ListShape {
  return {
    type: "list",
    what: `a list of ${what}`,
    unique: true,
    of: { type: "text", what, fault },
  };
}

function choiceOf(what: string, choices: readonly string[]): ChoiceShape {
  return { type: "choice", what, choices, code: "unknown-choice" };
}

const DIALECT = choiceOf("a dialect of SQL", DIALECTS);

const PATHS: RecordShape = {
  type: "record",
  what: "the rules for paths",
  keys: {
    cwd: { shape: FOLDER, brief: "what relative paths start from; the first root unless said" },
    roots: {
      shape: { type: "list", what: "a list of folders", of: FOLDER, unique: true },
      brief: "folders that may be read and written; without them no path is held against folders",
    },
    home: { shape: FOLDER, brief: "the agent's home, for ~ and $HOME in commands" },
    deny: {
      shape: listOf("globs", globFault),
      brief: "files inside the roots that stay closed: **/.env; ** spans folders, * stays in one",
    },
    except: {
      shape: listOf("globs", globFault),
      brief: "files that are open although deny names them",
    },
    ignore_case: { shape: YES_OR_NO, brief: "whether globs are compared without case; true" },
    local: {
      shape: YES_OR_NO,
      brief:
        "whether links are followed on this machine; unless said, when the server is started here",
    },
  },
};

const PROFILE: RecordShape = {
  type: "record",
  what: "a profile of commands",
  keys: {
    allow: {
      shape: listOf("programs", programFault),
      required: true,
      brief: "programs and builtins that may run, by their bare name",
    },
    project_scripts: {
      shape: YES_OR_NO,
      brief: "whether programs may run that are named by a path inside the working folder; false",
    },
    no_inline_code: {
      shape: listOf("programs", programFault),
      brief: "programs that may not be given code to run; unless said, the usual interpreters",
    },
    sensitive: {
      shape: listOf("paths", sensitiveFault),
      brief: "what may not be named: ~/.ssh, /etc/shadow, **/*.pem; unless said, the usual ones",
    },
    write_roots: {
      shape: { type: "list", what: "a list of folders", of: FOLDER, unique: true },
      brief: "where a command may write; the roots of paths unless said",
    },
  },
};

const URLS: RecordShape = {
  type: "record",
  what: "the rules for URLs",
  keys: {
    schemes: { shape: listOf("schemes", schemeFault), brief: "http and https unless said" },
    allow_hosts: {
      shape: listOf("hosts", hostFault),
      brief: "only these: example.com, or *.example.com for all below it",
    },
    deny_names: {
      shape: listOf("hosts", hostFault),
      brief:
        "names that stay closed: localhost, *.internal; unless said, those of private networks",
    },
    deny_suffixes: {
      shape: listOf("hosts", suffixFault),
      brief: "names that resolve to whatever they spell: nip.io; unless said, the known ones",
    },
    allow_networks: {
      shape: listOf("networks", networkFault),
      brief: "networks that are open although they are private: 10.1.0.0/16",
    },
  },
};

const RESULTS: RecordShape = {
  type: "record",
  what: "the rules for results",
  keys: {
    hidden: {
      shape: choiceOf("what to do with hidden text", ["remove", "refuse", "off"]),
      brief: "hidden characters and escape sequences; remove unless said",
    },
    secrets: {
      shape: choiceOf("what to do with secrets", ["redact", "refuse", "off"]),
      brief: "secrets that look alive; redact unless said",
    },
    injection: {
      shape: choiceOf("what to do with injections", ["mark", "refuse", "off"]),
      brief: "text that addresses the model as instructions; mark (in the audit) unless said",
    },
  },
};

/** `inspect:`, of the document and of a server. */
export const INSPECT: RecordShape = {
  type: "record",
  what: "what is safe",
  keys: {
    paths: { shape: PATHS, brief: "where files may be" },
    commands: {
      shape: {
        type: "names",
        what: "a mapping of profiles",
        of: PROFILE,
        fault: profileNameFault,
      },
      brief: "what commands may do, by profile; an argument without one asks for default",
    },
    urls: { shape: URLS, brief: "what may be fetched or connected to" },
    sql: {
      shape: {
        type: "record",
        what: "the rules for SQL",
        keys: { dialect: { shape: DIALECT, brief: "where nothing else is said; postgres" } },
      },
      brief: "how SQL is read",
    },
    results: { shape: RESULTS, brief: "what is done with what comes back" },
  },
};

const KIND_RECORD: RecordShape = {
  type: "record",
  what: "a kind of argument",
  keys: {
    kind: {
      shape: {
        type: "choice",
        what: "a kind of argument",
        choices: KIND_NAMES,
        code: "unknown-kind",
      },
      required: true,
      brief: "what the server does with it",
    },
    access: {
      shape: choiceOf("an access", ["read", "write"]),
      brief: "of a path; unless said, read where the tool only reads",
    },
    dialect: { shape: DIALECT, brief: "of SQL" },
    profile: {
      shape: { type: "text", what: "a profile", fault: profileNameFault },
      brief: "of SQL: read, dml, any; of a command: one of inspect.commands",
    },
  },
};

/** `arguments:` of a tool. */
export const ARGUMENTS: NamesShape = {
  type: "names",
  what: "a mapping of arguments",
  of: {
    type: "either",
    what: "a kind of argument",
    of: [{ type: "text", what: "a kind of argument", fault: kindFault }, KIND_RECORD],
  },
  fault: argumentFault,
};

function kindFault(text: string): Fault | undefined {
  const kind = kindFromText(text);
  return kind.ok ? undefined : kind.error;
}

/** What is wrong with the name of an argument, if anything. */
export function argumentFault(key: string): Fault | undefined {
  const pointer = argumentPointer(key);
  return pointer.ok ? undefined : pointer.error;
}

function profileNameFault(name: string): Fault | undefined {
  return /^[A-Za-z][\w-]{0,63}$/.test(name) ? undefined : {
    code: "bad-name",
    message: "The name of a profile is made of letters, digits, - and _",
    hint: "Write a short name, for example build",
  };
}
