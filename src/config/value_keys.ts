/**
 * Values that stand in more than one place of `aegis.yaml`.
 * @module
 */

import { isThisMachine, trustedUrl } from "../base/trusted_url.ts";
import type { Fault } from "../yaml/problems.ts";
import type { EitherShape, ListShape, RecordShape, TextShape } from "../yaml/shape.ts";
import { quoted } from "../yaml/shape_faults.ts";

/** A text that says something, within one line. */
export function plainShape(what: string): TextShape {
  return { type: "text", what, fault: (text) => plainFault(text, what) };
}

/** A path of a file, seen from the file that names it. */
export const FILE: TextShape = plainShape("a file");

/** Several such texts. */
export function plainList(what: string, each: string): ListShape {
  return { type: "list", what, of: plainShape(each), unique: true };
}

/** A variable of our environment. */
const VARIABLE: TextShape = {
  type: "text",
  what: "a variable's name",
  fault: (text) =>
    text === "" || /[=\0\s]/.test(text)
      ? { code: "bad-variable", message: "This is no name of a variable" }
      : undefined,
};

const WHERE_SECRET: RecordShape = {
  type: "record",
  what: "where a secret is",
  keys: {
    env: { shape: VARIABLE, brief: "the variable of our environment that holds it" },
    file: { shape: FILE, brief: "the file that holds it, relative to this one" },
  },
};

/** Where a secret is found; the secret itself may not stand in the file. */
export const SECRET: EitherShape = {
  type: "either",
  what: "where the secret is: { env: NAME } or { file: PATH }",
  of: [WHERE_SECRET, {
    type: "refused",
    what: "a secret",
    why: {
      code: "literal-secret",
      message: "A secret may not stand in this file",
      hint:
        "Say where it is: { env: NAME } or { file: PATH }; and change it, as it was written down",
    },
  }],
};

/** An address to which secrets may go, and from which keys may come. */
export const TRUSTED_URL: TextShape = {
  type: "text",
  what: "an https URL",
  fault: (text) =>
    trustedUrl(text) === undefined
      ? {
        code: "bad-url",
        message: "This must be an https URL, or http to this machine, without user and fragment",
      }
      : undefined,
};

/** An address of a server. */
export const WEB_URL: TextShape = {
  type: "text",
  what: "an http or https URL",
  fault: (text) => webFault(text),
};

/** How clients write the listener's address. */
export const PUBLIC_URL: TextShape = {
  type: "text",
  what: "an http or https URL",
  fault: (text) => {
    const url = URL.parse(text);
    return webFault(text) ??
      (url?.search === "" && url.hash === ""
        ? undefined
        : { code: "bad-url", message: "This URL may have neither a query nor a fragment" });
  },
};

/** Whether what goes to an address can be read by whoever stands between. */
export function isOpenToAll(url: URL): boolean {
  return url.protocol === "http:" && !isThisMachine(url);
}

// No message repeats a URL: it may hold a password.
function webFault(text: string): Fault | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return {
      code: "bad-url",
      message: "This must be an http or https URL",
      hint: "As in http://127.0.0.1:3001/mcp",
    };
  }
  return url.username === "" && url.password === "" ? undefined : {
    code: "literal-secret",
    message: "A URL may not hold a user or a password",
    hint: "Say what to show under headers, from a variable or a file",
  };
}

/** What is wrong with a text that must say something, if anything. */
export function plainFault(text: string, what: string): Fault | undefined {
  if (text.trim() === "") return { code: "bad-text", message: `${capital(what)} cannot be empty` };
  // deno-lint-ignore no-control-regex -- controls are what is looked for
  if (text.length > 4096 || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)) {
    return {
      code: "bad-text",
      message: `${capital(what)} is longer than 4096 characters or holds control characters: ` +
        quoted(text),
    };
  }
  return undefined;
}

function capital(what: string): string {
  return what.charAt(0).toUpperCase() + what.slice(1);
}
