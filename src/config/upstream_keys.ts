/**
 * The keys of an upstream in `aegis.yaml`.
 * @module
 */

import type { Fault } from "../yaml/problems.ts";
import type { RecordShape, Shape } from "../yaml/shape.ts";
import { isHeaderName, isTakenHeader } from "./header_name.ts";
import { FILE, plainList, plainShape, SECRET, TRUSTED_URL, WEB_URL } from "./value_keys.ts";

/** A path as a request holds it; what a client would never send is refused. */
const PATH: Shape = { type: "text", what: "a path", fault: pathFault };

const COMMAND: Shape = {
  type: "either",
  what: "a command: a list of words, or a text",
  of: [{
    type: "list",
    what: "a list of words",
    of: {
      type: "text",
      what: "a word",
      fault: (word) =>
        word.includes("\0")
          ? { code: "bad-command", message: "A word of a command cannot hold a NUL character" }
          : undefined,
    },
  }, { type: "text", what: "a command" }],
};

const ENV: Shape = {
  type: "list",
  what: "a list of variables",
  of: {
    type: "text",
    what: "a variable",
    // no message repeats an entry: its value may be a secret
    fault: (text) =>
      text === "" || text.startsWith("=") || text.includes("\0")
        ? {
          code: "bad-variable",
          message: "This names no variable",
          hint: "Write NAME to pass ours on, or NAME=VALUE",
        }
        : undefined,
  },
};

const HEADERS: Shape = {
  type: "names",
  what: "a mapping of headers",
  of: SECRET,
  fault: (name) =>
    !isHeaderName(name)
      ? { code: "bad-header", message: "This is no name of a header" }
      : isTakenHeader(name)
      ? { code: "bad-header", message: `The protocol needs the header "${name}" for itself` }
      : undefined,
};

const GRANT: RecordShape = {
  type: "record",
  what: "how a token is granted",
  keys: {
    tokenEndpoint: {
      shape: TRUSTED_URL,
      required: true,
      brief: "where tokens are granted: https, or http to this machine",
    },
    clientId: { shape: plainShape("a client's id"), required: true, brief: "as registered there" },
    clientSecret: { shape: SECRET, required: true, brief: "where the client's secret is" },
    authMethod: {
      shape: {
        type: "choice",
        what: "a way to show the secret",
        choices: ["client_secret_basic", "client_secret_post"],
        code: "unknown-method",
      },
      brief: "client_secret_basic unless said otherwise (RFC 6749 §2.3.1)",
    },
    resource: {
      shape: WEB_URL,
      brief: "the upstream as the server knows it (RFC 8707); its url unless said",
    },
    scopes: { shape: plainList("a list of scopes", "a scope"), brief: "what to ask for" },
  },
};

/** One upstream. */
export const UPSTREAM: RecordShape = {
  type: "record",
  what: "an upstream",
  keys: {
    name: {
      shape: { type: "text", what: "a name", fault: nameFault },
      required: true,
      brief: "its name in patterns, as fs in fs:read_*",
    },
    path: { shape: PATH, brief: "where clients find it; /NAME/mcp unless said" },
    ssePath: { shape: PATH, brief: "where clients of HTTP+SSE do; sse beside path unless said" },
    mode: {
      shape: { type: "choice", what: "a mode", choices: ["http", "sse"], code: "unknown-mode" },
      brief: "http: only Streamable HTTP; sse: only HTTP+SSE; both unless said",
    },
    url: { shape: WEB_URL, brief: "its endpoint; or say its command" },
    transport: {
      shape: {
        type: "choice",
        what: "a transport",
        choices: ["streamable", "sse"],
        code: "unknown-transport",
        instead: {
          stdio: "Give its command instead of a url: then it is stdio",
          http: 'Write "streamable"',
        },
      },
      brief: "what its url speaks: streamable unless said, or sse (2024-11-05)",
    },
    command: { shape: COMMAND, brief: "what starts it, in words; a text is split, no shell" },
    env: { shape: ENV, brief: "variables it may have: NAME, or NAME=VALUE" },
    maxChildren: {
      shape: { type: "count", what: "a number", min: 1, max: 10_000 },
      brief: "servers of its command that run at once; 64 unless said",
    },
    policy: {
      shape: FILE,
      brief: "its policy, relative to this file; else that of the whole file",
    },
    headers: { shape: HEADERS, brief: "headers to show it, each from a variable or a file" },
    token: { shape: SECRET, brief: "the bearer token to show it; a file is read for each request" },
    credentials: {
      shape: {
        type: "record",
        what: "the credentials",
        keys: {
          clientCredentials: {
            shape: GRANT,
            brief: "a token for the proxy itself (RFC 6749 §4.4)",
          },
          tokenExchange: {
            shape: GRANT,
            brief: "a token on behalf of each client, in exchange for the client's (RFC 8693)",
          },
        },
      },
      brief: "the bearer token to show it, as an authorization server grants it",
    },
    audiences: {
      shape: plainList("a list of audiences", "an audience"),
      brief: "who tokens of its clients must be for; the address of its endpoint unless said",
    },
    scopes: {
      shape: plainList("a list of scopes", "a scope"),
      brief: "scopes that its clients are told to ask for first",
    },
  },
};

function nameFault(name: string): Fault | undefined {
  // deno-lint-ignore no-control-regex -- controls are what is looked for
  return name !== "" && name.length <= 256 && !/[:*\s\u0000-\u001f\u007f-\u009f]/.test(name)
    ? undefined
    : {
      code: "bad-name",
      message: "An upstream's name is not empty and holds no colon, star or space",
      hint: "It stands before the colon of patterns, as fs in fs:read_*",
    };
}

/** What is wrong with a path, if anything. */
export function pathFault(path: string): Fault | undefined {
  const url = path.startsWith("/") && !path.startsWith("//")
    ? URL.parse(`http://host${path}`)
    : null;
  if (url === null || url.search !== "" || url.hash !== "" || url.host !== "host") {
    return { code: "bad-path", message: "This is no path of a URL", hint: "As in /fs/mcp" };
  }
  if (url.pathname !== path) {
    return {
      code: "bad-path",
      message: "No client asks for this path as it is written",
      hint: `Write ${url.pathname}`,
    };
  }
  return path === WELL_KNOWN || path.startsWith(`${WELL_KNOWN}/`)
    ? { code: "bad-path", message: `Paths under ${WELL_KNOWN} tell clients who may be asked` }
    : undefined;
}

/** RFC 8615. */
const WELL_KNOWN = "/.well-known";
