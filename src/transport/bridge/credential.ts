/**
 * What the proxy shows an upstream of its own: headers from the environment, a token from a file.
 *
 * Never from the command line, which everybody on the machine can read.
 * @module
 */

import { AegisError } from "../../base/error.ts";
import { Secret } from "../../base/secret.ts";
import type { Header } from "../http/upstream_link.ts";

/** Where one header comes from. */
export type CredentialSource =
  /** An environment variable, read once. */
  | { readonly kind: "environment"; readonly header: string; readonly variable: string }
  /** A file with the header's value, read for each request, so that it can be renewed. */
  | { readonly kind: "header_file"; readonly header: string; readonly path: string }
  /** An environment variable with a bearer token (RFC 6750), read once. */
  | { readonly kind: "token_environment"; readonly variable: string }
  /** A file with a bearer token, read for each request. */
  | { readonly kind: "token_file"; readonly path: string };

/** Real tokens have some KiB, and servers take 8 KiB of headers, commonly. */
const MAX_BYTES = 16 * 1024;
/** Field values (RFC 9110 §5.5) without obs-text. */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/;
/** A client's secret (RFC 6749 appendix A.2), in any script. */
const SECRET = /^\P{Cc}+$/u;
/** `b64token` (RFC 6750 §2.1). */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Reads every source once, and gives what reads them for each request.
 *
 * @throws {AegisError} `upstream-credential` when one cannot be read or holds no credential; its
 * message never tells what it holds.
 */
export async function upstreamCredential(
  sources: readonly CredentialSource[],
): Promise<() => Promise<readonly Header[]>> {
  const readers = sources.map(readerOf);
  const read = () => Promise.all(readers.map(async (reader) => await reader()));
  await read();
  return read;
}

function readerOf(source: CredentialSource): () => Header | Promise<Header> {
  switch (source.kind) {
    case "environment": {
      const { header, variable } = source;
      const secret = new Secret(Deno.env.get(variable) ?? "");
      return () => [header, checked(secret, VALUE, `the variable ${variable}`)];
    }
    case "header_file": {
      const { header, path } = source;
      return async () => [header, checked(await readFile(path), VALUE, `the file ${path}`)];
    }
    case "token_environment": {
      const { variable } = source;
      const secret = new Secret(Deno.env.get(variable) ?? "");
      return () => bearer(checked(secret, TOKEN, `the variable ${variable}`));
    }
    case "token_file": {
      const { path } = source;
      return async () => bearer(checked(await readFile(path), TOKEN, `the file ${path}`));
    }
  }
}

function bearer(token: string): Header {
  return ["authorization", `Bearer ${token}`];
}

/** Where a secret is: in an environment variable or in a file. */
export type SecretPlace =
  | { readonly kind: "env"; readonly variable: string }
  | { readonly kind: "file"; readonly path: string };

/**
 * Reads a secret, once.
 *
 * @throws {AegisError} `upstream-credential` when it cannot be read, is empty or has controls in it.
 */
export async function readSecret(place: SecretPlace): Promise<Secret> {
  const isFile = place.kind === "file";
  const where = isFile ? `the file ${place.path}` : `the variable ${place.variable}`;
  const secret = isFile
    ? await readFile(place.path)
    : new Secret(Deno.env.get(place.variable) ?? "");
  return new Secret(checked(secret, SECRET, where));
}

async function readFile(path: string): Promise<Secret> {
  try {
    using file = await Deno.open(path);
    const buffer = new Uint8Array(MAX_BYTES + 1);
    let size = 0;
    for (;;) {
      const read = await file.read(buffer.subarray(size));
      if (read === null || read === 0) break;
      size += read;
    }
    const text = size > MAX_BYTES ? "" : new TextDecoder().decode(buffer.subarray(0, size));
    return new Secret(text.trim());
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    throw unusable(`the file ${path}`, "cannot be read", { cause });
  }
}

function checked(secret: Secret, pattern: RegExp, where: string): string {
  const value = secret.reveal();
  if (value === "") throw unusable(where, "is not set, is empty or is too long");
  if (!pattern.test(value)) throw unusable(where, "holds what no such header may hold");
  return value;
}

function unusable(where: string, what: string, options?: ErrorOptions): AegisError {
  const message = `Cannot use ${where} as the upstream's credential: it ${what}`;
  return new AegisError("upstream-credential", message, options);
}
