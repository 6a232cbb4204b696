/**
 * Every key of `aegis.yaml`: what it may hold, in one line for people and in full for the reader.
 * @module
 */

import type { RecordShape } from "../yaml/shape.ts";
import { LIMIT_KEYS } from "./limit_keys.ts";
import { UPSTREAM } from "./upstream_keys.ts";
import { FILE, plainList, plainShape, PUBLIC_URL } from "./value_keys.ts";
import { API_KEYS, ISSUER } from "./who_keys.ts";

const LISTEN: RecordShape = {
  type: "record",
  what: "the listener",
  keys: {
    host: { shape: plainShape("an address"), brief: "the address; 127.0.0.1 unless said" },
    port: {
      shape: { type: "count", what: "a port", min: 0, max: 65_535 },
      brief: "the port; 8443 unless said, 0 takes any free one",
    },
    publicUrl: {
      shape: PUBLIC_URL,
      brief: "how clients reach it when a balancer stands before it; its own address unless said",
    },
    allowHosts: {
      shape: plainList("a list of hosts", "a host"),
      brief: "more Host headers to answer, as NAME or NAME:PORT",
    },
    allowOrigins: {
      shape: plainList("a list of origins", "an origin"),
      brief: "Origins whose pages may ask",
    },
    tls: {
      shape: {
        type: "record",
        what: "a certificate and its key",
        keys: {
          cert: { shape: FILE, required: true, brief: "the file of the certificate chain (PEM)" },
          key: { shape: FILE, required: true, brief: "the file of its key (PEM)" },
        },
      },
      brief: "the certificate it shows, looked at again when it changes; no TLS unless said",
    },
    adminPort: {
      shape: { type: "count", what: "a port", min: 0, max: 65_535 },
      brief: "a port of 127.0.0.1 for monitoring; none unless said",
    },
    trustedProxies: {
      shape: plainList("a list of addresses", "an address"),
      brief: "addresses and networks whose X-Forwarded-For is believed",
    },
    keepAlive: {
      shape: { type: "count", what: "seconds", min: 0, max: 3600 },
      brief: "seconds of silence before a stream gets a comment; 15 unless said, 0 never",
    },
  },
};

const AUDIT: RecordShape = {
  type: "record",
  what: "the audit",
  keys: {
    to: { shape: FILE, brief: "a file, stderr or none; a file of its own per run unless said" },
    key: { shape: FILE, brief: "a file with the key that seals it with HMAC" },
    arguments: { shape: { type: "flag", what: "true or false" }, brief: "also write arguments" },
  },
};

const LOG: RecordShape = {
  type: "record",
  what: "the log",
  keys: {
    level: {
      shape: {
        type: "choice",
        what: "a level",
        choices: ["DEBUG", "INFO", "WARNING", "ERROR"],
        code: "unknown-level",
      },
      brief: "what stderr tells: DEBUG, INFO, WARNING or ERROR; INFO unless said",
    },
    format: {
      shape: {
        type: "choice",
        what: "a format",
        choices: ["text", "json"],
        code: "unknown-format",
      },
      brief: "text for people, json for programs; text unless said",
    },
  },
};

const TOKENS: RecordShape = {
  type: "record",
  what: "what holds for all tokens",
  keys: {
    skew: {
      shape: { type: "count", what: "seconds", min: 0, max: 60 },
      brief: "seconds that clocks may differ; 30 unless said",
    },
    requireAtJwt: {
      shape: { type: "flag", what: "true or false" },
      brief: "take only tokens whose typ is at+jwt (RFC 9068)",
    },
  },
};

/** The whole file. */
export const AEGIS: RecordShape = {
  type: "record",
  what: "a configuration",
  keys: {
    listen: { shape: LISTEN, brief: "where clients connect" },
    upstreams: {
      shape: { type: "list", what: "a list of upstreams", of: UPSTREAM },
      required: true,
      brief: "the servers behind it, each under a path of its own",
    },
    policy: { shape: FILE, brief: "the policy of every upstream that names none of its own" },
    issuers: {
      shape: { type: "list", what: "a list of issuers", of: ISSUER },
      brief: "authorization servers whose tokens are taken",
    },
    tokens: { shape: TOKENS, brief: "what holds for the tokens of all issuers" },
    apiKeys: { shape: API_KEYS, brief: "hashes of API keys, or the JSON file that holds them" },
    principal: {
      shape: plainShape("a principal"),
      brief: "whoever can connect is this one; on a loopback address only",
    },
    roles: { shape: plainList("a list of roles", "a role"), brief: "the roles of that principal" },
    rateLimit: {
      shape: { type: "count", what: "a number", min: 1, max: 1_000_000 },
      brief: "tool calls a minute for each principal; none unless said",
    },
    audit: { shape: AUDIT, brief: "where every verdict goes" },
    pins: {
      shape: FILE,
      brief:
        "the file with what tools were at first, or none; one of each server's own unless said",
    },
    log: { shape: LOG, brief: "what is told on stderr" },
    limits: { shape: LIMIT_KEYS, brief: "bounds; flags and variables go before them" },
  },
};
