/**
 * The flags of `serve`.
 * @module
 */

import { FLAGS, LIMIT_FLAGS } from "./flags.ts";
import { UPSTREAM_FLAGS } from "./upstream.ts";
import { RUN_FLAGS, WRITTEN_FLAGS } from "./run_flags.ts";

const SERVER = "Which server";
const LISTEN = "Where clients connect";
const WHO = "Who asks";

/** The flags of `serve`. */
export const SERVE_FLAGS = {
  config: {
    kind: "text",
    value: "FILE",
    group: SERVER,
    brief: "several servers, and all that flags say (aegis.yaml)",
  },
  policy: FLAGS.policy,
  "rate-limit": RUN_FLAGS["rate-limit"],
  upstream: {
    kind: "text",
    value: "URL",
    group: SERVER,
    brief: "its endpoint; or write its command",
  },
  "upstream-transport": {
    kind: "choice",
    value: "KIND",
    choices: ["streamable", "sse"],
    group: SERVER,
    brief: "what --upstream speaks: streamable, or sse (2024-11-05)",
    default: "streamable",
  },
  "upstream-token-file": UPSTREAM_FLAGS["upstream-token-file"],
  "upstream-header-env": UPSTREAM_FLAGS["upstream-header-env"],
  target: FLAGS.target,
  env: FLAGS.env,
  "max-children": {
    kind: "number",
    value: "N",
    min: 1,
    max: 10_000,
    group: SERVER,
    brief: "servers of a command that run at once, one for each session",
    default: "64",
  },
  name: FLAGS.name,
  port: {
    kind: "number",
    value: "N",
    min: 0,
    max: 65_535,
    group: LISTEN,
    brief: "the port; 0 takes any free one",
    default: "8443",
  },
  host: {
    kind: "text",
    value: "ADDRESS",
    group: LISTEN,
    brief: "the address to listen on",
    default: "127.0.0.1, where nobody else can connect",
  },
  path: {
    kind: "text",
    value: "PATH",
    group: LISTEN,
    brief: "the path of the endpoint",
    default: "that of the upstream",
  },
  "sse-path": {
    kind: "text",
    value: "PATH",
    group: LISTEN,
    brief: "the path for clients of HTTP+SSE (2024-11-05)",
    default: "sse beside the endpoint",
  },
  mode: {
    kind: "choice",
    value: "MODE",
    choices: ["http", "sse"],
    group: LISTEN,
    brief: "http: only Streamable HTTP; sse: only HTTP+SSE",
    default: "both",
  },
  "allow-host": {
    kind: "many",
    value: "NAME[:PORT]",
    group: LISTEN,
    brief: "another Host header to answer; repeat for more",
  },
  "allow-origin": {
    kind: "many",
    value: "ORIGIN",
    group: LISTEN,
    brief: "an Origin whose pages may ask; repeat for more",
  },
  "tls-cert": {
    kind: "text",
    value: "FILE",
    group: LISTEN,
    brief: "the certificate chain as PEM; a changed file is taken into use",
    default: "no TLS",
  },
  "tls-key": { kind: "text", value: "FILE", group: LISTEN, brief: "its key as PEM" },
  "trusted-proxy": {
    kind: "many",
    value: "CIDR",
    group: LISTEN,
    brief: "whose X-Forwarded-For the audit believes; repeat for more",
  },
  "admin-port": {
    kind: "number",
    value: "N",
    min: 0,
    max: 65_535,
    group: LISTEN,
    brief: "port on 127.0.0.1 for /healthz, /readyz and /metrics; 0 any free one",
    default: "none",
  },
  "keep-alive": {
    kind: "number",
    value: "SECONDS",
    min: 0,
    max: 3600,
    group: LISTEN,
    brief: "silence of a stream before a comment is sent; 0 never",
    default: "15",
  },
  principal: {
    kind: "text",
    value: "NAME",
    group: WHO,
    brief: "whoever can connect is this one; on a loopback address only",
  },
  roles: { kind: "list", value: "A,B", group: WHO, brief: "their roles", default: "none" },
  issuer: {
    kind: "many",
    value: "URL",
    group: WHO,
    brief: "an authorization server whose tokens are taken; repeat for more",
  },
  "jwks-uri": {
    kind: "text",
    value: "URL",
    group: WHO,
    brief: "where the keys of the one issuer are",
    default: "its metadata says",
  },
  "jwks-file": {
    kind: "text",
    value: "FILE",
    group: WHO,
    brief: "a file with the keys of the one issuer",
  },
  audience: {
    kind: "many",
    value: "TEXT",
    group: WHO,
    brief: "who a token must be for; repeat for more",
    default: "the address of the endpoint",
  },
  "roles-claim": {
    kind: "many",
    value: "NAME[.NAME]",
    group: WHO,
    brief: "a claim that holds roles, as realm_access.roles; repeat for more",
    default: "roles",
  },
  "token-skew": {
    kind: "number",
    value: "SECONDS",
    min: 0,
    max: 60,
    group: WHO,
    brief: "how far clocks may differ",
    default: "30",
  },
  "require-at-jwt": {
    kind: "switch",
    group: WHO,
    brief: "take only tokens whose typ is at+jwt (RFC 9068)",
  },
  scope: {
    kind: "many",
    value: "SCOPE",
    group: WHO,
    brief: "a scope that clients are told to ask for first; repeat for more",
  },
  "api-keys": {
    kind: "text",
    value: "FILE",
    group: WHO,
    brief: "JSON with hashes of API keys, for places without an issuer",
  },
  "public-url": {
    kind: "text",
    value: "URL",
    group: LISTEN,
    brief: "how clients reach the listener when a balancer stands before it",
    default: "its own address",
  },
  ...WRITTEN_FLAGS,
  ...LIMIT_FLAGS,
} as const;
