/**
 * The certificate of a listener, from files that are looked at again while it runs.
 * @module
 */

import { AegisError } from "../../base/error.ts";
import type { Logger } from "../../base/log.ts";

/** PEM texts of the certificate chain and its key. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/** Where the certificate chain and its key are, both as PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** Options of {@linkcode watchTls}. */
export interface WatchTlsOptions {
  /** What is in use. */
  readonly current: TlsPair;
  /** How often the files are looked at, in milliseconds. Default 5000. */
  readonly everyMs?: number;
  /** Takes the pair into use; what it throws leaves the one before in place. */
  readonly replace: (tls: TlsPair) => void;
  readonly log: Logger;
}

const LOOK_EVERY_MS = 5000;
const MAX_FILE_BYTES = 1_000_000;

/**
 * Reads both files and sees that they belong together.
 *
 * @throws {AegisError} `tls-files` when one cannot be read, is not what it should be, is out of its
 * time, or when the key is of another certificate.
 */
export async function readTls(files: TlsFiles, nowMs: number = Date.now()): Promise<TlsPair> {
  const [cert, key] = await Promise.all([
    readPem(files.cert, "--tls-cert"),
    readPem(files.key, "--tls-key"),
  ]);
  const { X509Certificate, createPrivateKey } = await import("node:crypto");
  const leaf = made(() => new X509Certificate(cert), `${files.cert} holds no certificate as PEM`);
  const secret = made(
    () => createPrivateKey(key),
    `${files.key} holds no key as PEM, or one with a passphrase`,
  );
  const from = new Date(leaf.validFrom).getTime();
  const until = new Date(leaf.validTo).getTime();
  if (nowMs > until) throw fault(`The certificate in ${files.cert} has expired: ${leaf.validTo}`);
  if (nowMs < from) {
    throw fault(`The certificate in ${files.cert} is not valid before ${leaf.validFrom}`);
  }
  if (!leaf.checkPrivateKey(secret)) {
    throw fault(`The key in ${files.key} does not belong to the certificate in ${files.cert}`);
  }
  return { cert, key };
}

/** Takes changed files into use until the function it gives is called. */
export function watchTls(
  files: TlsFiles,
  { current, everyMs = LOOK_EVERY_MS, replace, log }: WatchTlsOptions,
): () => void {
  let used = current;
  let complaint = "";
  let isLooking = false;
  const look = async () => {
    try {
      const found = await readTls(files);
      complaint = "";
      if (found.cert === used.cert && found.key === used.key) return;
      replace(found);
      used = found;
      log.log("INFO", `Took the changed certificate in ${files.cert} into use`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== complaint) {
        log.log("ERROR", `Cannot use the changed certificate, the one before stays: ${message}`);
      }
      complaint = message;
    }
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look().finally(() => isLooking = false);
  }, everyMs);
  return () => clearInterval(timer);
}

async function readPem(path: string, flag: string): Promise<string> {
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_FILE_BYTES) throw fault(`Cannot read ${flag} ${path}: it has ${size} bytes`);
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof AegisError) throw error;
    const detail = error instanceof Deno.errors.NotFound ? "there is no such file" : String(error);
    throw fault(`Cannot read ${flag} ${path}: ${detail}`, error);
  }
}

function made<T>(make: () => T, message: string): T {
  try {
    return make();
  } catch (error) {
    throw fault(message, error);
  }
}

function fault(message: string, cause?: unknown): AegisError {
  return new AegisError("tls-files", message, { cause });
}
