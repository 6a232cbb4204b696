/**
 * The keys of `aegis.yaml` that say who may be proved, and how.
 * @module
 */

import type { Fault } from "../yaml/problems.ts";
import type { EitherShape, RecordShape, Shape } from "../yaml/shape.ts";
import { FILE, plainList, plainShape, TRUSTED_URL } from "./value_keys.ts";

/** Signatures that a token may have; those that `identity/jws.ts` verifies. */
export const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;

const ROLES: Shape = plainList("a list of roles", "a role");

const CLAIM: Shape = {
  type: "either",
  what: "a claim: a text, or the list of names that leads to it",
  of: [plainShape("a claim"), plainList("a list of names", "a name")],
};

/** An issuer of tokens. */
export const ISSUER: RecordShape = {
  type: "record",
  what: "an issuer",
  keys: {
    issuer: {
      shape: { type: "text", what: "an issuer", fault: issuerFault },
      required: true,
      brief: "the iss claim of its tokens, to the letter",
    },
    jwksUri: { shape: TRUSTED_URL, brief: "where its keys are; its metadata says unless said" },
    jwksFile: { shape: FILE, brief: "a file with its keys, relative to this one" },
    audiences: {
      shape: plainList("a list of audiences", "an audience"),
      brief: "who its tokens must be for, at every upstream; better said of each upstream",
    },
    algorithms: {
      shape: {
        type: "list",
        what: "a list of algorithms",
        unique: true,
        of: {
          type: "choice",
          what: "an asymmetric signature algorithm",
          choices: ALGORITHMS,
          code: "unknown-algorithm",
          instead: {
            none: "A token without a signature proves nothing",
            HS256: "A shared key proves nothing about who signed",
          },
        },
      },
      brief: "signatures that are taken; all of them unless said",
    },
    roles: {
      shape: { type: "list", what: "a list of claims", of: CLAIM },
      brief: "claims that hold roles, as realm_access.roles; roles unless said",
    },
    roleMap: {
      shape: { type: "names", what: "a mapping of the values of those claims", of: ROLES },
      brief: "the roles that each value gives; with it, no other value gives one",
    },
  },
};

const API_KEY: RecordShape = {
  type: "record",
  what: "an API key",
  keys: {
    id: { shape: plainShape("an id"), required: true, brief: "who holds it" },
    hash: {
      shape: {
        type: "text",
        what: "a hash",
        fault: (text) =>
          /^sha256:[0-9a-f]{64}$/.test(text) ? undefined : {
            code: "bad-hash",
            message: "This must be sha256: and 64 lower-case hexadecimal digits",
            hint: "Write the hash of the key, never the key",
          },
      },
      required: true,
      brief: "sha256: and the SHA-256 of the key in hexadecimal",
    },
    roles: { shape: ROLES, brief: "the roles of its holder" },
    scopes: { shape: plainList("a list of scopes", "a scope"), brief: "the scopes of its holder" },
  },
};

/** API keys, or the file that holds them. */
export const API_KEYS: EitherShape = {
  type: "either",
  what: "a file, or a list of API keys",
  of: [FILE, { type: "list", what: "a list of API keys", of: API_KEY }],
};

function issuerFault(text: string): Fault | undefined {
  // A principal is `issuer#subject`: without # in the issuer, no two are written alike.
  return text === "" || /[#\s\p{Cc}]/u.test(text)
    ? { code: "bad-issuer", message: "An issuer is a text without #, spaces and controls" }
    : undefined;
}
