/**
 * SHA-256 of whole byte strings: in JavaScript while little is hashed, natively once much was.
 *
 * Loading `node:crypto` takes 25 ms and 9 MB. It happens in the background when inputs of more than
 * 4 KiB have summed up to what takes about that long in JavaScript, so a run never pays more than
 * twice what it had to.
 * @module
 */

import { sha256, START, stateBytes } from "./sha256.ts";

const SMALL_BYTES = 4 * 1024;
const LOAD_AFTER_BYTES = 4 * 1024 * 1024; // 25 ms at 160 MB/s

type HexDigest = (bytes: Uint8Array) => string;

let native: HexDigest | undefined;
let loading: Promise<void> | undefined;
let largeBytes = 0;

/** The digest in hex; the same from either implementation. */
export function sha256Hex(bytes: Uint8Array): string {
  if (bytes.length <= SMALL_BYTES) return scriptDigest(bytes);
  if (native !== undefined) return native(bytes);
  largeBytes += bytes.length;
  if (largeBytes >= LOAD_AFTER_BYTES) void loadNativeDigest();
  return scriptDigest(bytes);
}

/** `sha256:` and the digest in hex, as hashes stand in the audit. */
export function digestText(bytes: Uint8Array): string {
  return `sha256:${sha256Hex(bytes)}`;
}

/** Makes later digests of large inputs native; where that fails they stay in JavaScript. */
export function loadNativeDigest(): Promise<void> {
  loading ??= import("node:crypto").then(
    ({ hash }) => {
      native = (bytes) => hash("sha256", bytes, "hex");
    },
    () => {
      // Only slower: the digest in JavaScript gives the same.
    },
  );
  return loading;
}

function scriptDigest(bytes: Uint8Array): string {
  const whole = { bytes, from: 0, to: bytes.length };
  return stateBytes(sha256().finish(START, whole, bytes.length)).toHex();
}
