/**
 * Which of our environment variables the child gets: a short list, and what the operator adds.
 * @module
 */

import { AegisError } from "../../base/error.ts";
import { printable } from "../../base/log.ts";

/** Passed on every system. */
const NAMES = [
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "DISPLAY", "WAYLAND_DISPLAY"],
  // Certificates of companies that look into TLS.
  ...["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"],
  ...["CURL_CA_BUNDLE", "DENO_CERT", "DENO_TLS_CA_STORE", "PIP_CERT", "AWS_CA_BUNDLE"],
  "GIT_SSL_CAINFO",
];

/** Passed in capitals and in small letters. */
const PROXY_NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY"];

/** Passed on Windows too; names there have no case. */
const WINDOWS_NAMES = [
  ...["SYSTEMROOT", "APPDATA", "LOCALAPPDATA", "USERPROFILE", "PATHEXT", "COMSPEC", "TEMP"],
];

const PREFIXES = ["LC_", "TMP", "XDG_"];

/** Settings of Node's version managers and of npm; passed unless the name speaks of a credential. */
const TOOL_PREFIXES = ["NVM_", "VOLTA_", "NPM_CONFIG_"];
const CREDENTIAL_PARTS = ["auth", "token", "passw", "secret", "credential", "_key", "_otp"];

/** Settings of this program; they may hold its secrets and name its policy. */
const OWN_PREFIXES = ["AEGIS_", "GUARDIAN_"];

/** What a shell notes for itself; nobody misses it. */
const BOOKKEEPING = new Set(["_", "SHLVL", "PWD", "OLDPWD"]);

/** Options of {@linkcode childEnvironment}. */
export interface EnvironmentOptions {
  /** `NAME` passes our value on, `NAME=VALUE` sets one. */
  readonly pass: readonly string[];
  /** As `Deno.build.os`. */
  readonly os: string;
}

/** The child's environment and what became of the rest. */
export interface ChildEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** Variables of ours that the child does not get, sorted; this program's own settings are not among them. */
  readonly withheld: readonly string[];
  /** Names the operator wanted to pass and that are never passed. */
  readonly refused: readonly string[];
  /** Names the operator wanted to pass and that are not set. */
  readonly unset: readonly string[];
}

/**
 * Chooses the child's environment.
 *
 * @throws {AegisError} `bad-env` when an entry of `pass` names no variable.
 */
export function childEnvironment(
  parentEnv: Readonly<Record<string, string>>,
  { pass, os }: EnvironmentOptions,
): ChildEnvironment {
  const windows = os === "windows";
  const env = new Map<string, string>();
  const spelling = new Map<string, string>();
  for (const [name, value] of Object.entries(parentEnv)) {
    spelling.set(windows ? name.toUpperCase() : name, name);
    if (passes(name, windows)) env.set(name, value);
  }
  const refused: string[] = [];
  const unset: string[] = [];
  for (const entry of pass) {
    const { name, value } = readEntry(entry);
    const ours = spelling.get(windows ? name.toUpperCase() : name);
    const given = value ?? (ours === undefined ? undefined : parentEnv[ours]);
    if (isOwn(name)) refused.push(name);
    else if (given === undefined) unset.push(name);
    else env.set(ours ?? name, given);
  }
  const withheld = Object.keys(parentEnv).filter((name) => !env.has(name) && !isOwn(name)).sort();
  return { env: Object.fromEntries(env), withheld, refused, unset };
}

/** Says on stderr, once, what the child did not get and how to pass it; names only. `undefined` when there is nothing to say. */
export function environmentNotice(
  { withheld, refused, unset }: Omit<ChildEnvironment, "env">,
): string | undefined {
  const sentences: string[] = [];
  const missed = withheld.filter((name) => !BOOKKEEPING.has(name));
  if (missed.length > 0) {
    const flags = missed.map((name) => `--env ${shellWord(name)}`).join(" ");
    sentences.push(
      `environment not passed to the server: ${
        missed.join(", ")
      }; pass what it needs with: ${flags}`,
    );
  }
  if (refused.length > 0) {
    sentences.push(`never passed, as they are settings of mcp-aegis: ${refused.join(", ")}`);
  }
  if (unset.length > 0) sentences.push(`asked for with --env but not set: ${unset.join(", ")}`);
  return sentences.length === 0 ? undefined : printable(sentences.join("; "));
}

function passes(name: string, windows: boolean): boolean {
  if (isOwn(name)) return false;
  const upper = name.toUpperCase();
  if (TOOL_PREFIXES.some((prefix) => upper.startsWith(prefix))) {
    const lower = name.toLowerCase();
    return !CREDENTIAL_PARTS.some((part) => lower.includes(part));
  }
  if (PROXY_NAMES.includes(upper)) return windows || name === upper || name === name.toLowerCase();
  const known = windows ? upper : name;
  if (windows && WINDOWS_NAMES.includes(known)) return true;
  return NAMES.includes(known) || PREFIXES.some((prefix) => known.startsWith(prefix));
}

function isOwn(name: string): boolean {
  const upper = name.toUpperCase();
  return OWN_PREFIXES.some((prefix) => upper.startsWith(prefix));
}

function readEntry(entry: string): { readonly name: string; readonly value: string | undefined } {
  const at = entry.indexOf("=");
  const name = at < 0 ? entry : entry.slice(0, at);
  const value = at < 0 ? undefined : entry.slice(at + 1);
  if (name === "" || entry.includes("\0")) {
    throw new AegisError(
      "bad-env",
      `Cannot pass an environment variable: expected NAME or NAME=VALUE, got "${
        printable(name)
      }" as the name`,
    );
  }
  return { name, value };
}

/** A name as a shell reads it as one word. */
function shellWord(name: string): string {
  return /^[\w@%+:,./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
