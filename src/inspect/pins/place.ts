/**
 * Where a server's pins are kept, and under which name.
 * @module
 */

import { AegisError } from "../../base/error.ts";
import { type Machine, stateDirectory, thisMachine } from "../../base/state_place.ts";
import type { Digest } from "./fingerprint.ts";

/** Where pins go; `state` is a file for each server in the platform's state directory. */
export type PinChoice =
  | { readonly kind: "state" }
  | { readonly kind: "file"; readonly path: string };

/** The server that is pinned. */
export interface PinnedServer {
  /** The operator's name for it, else that of the preset that knows it; undefined: its command stands for it. */
  readonly name: string | undefined;
  readonly argv: readonly string[];
}

/** A lock file, and the name of the server in it. */
export interface PinPlace {
  readonly path: string;
  readonly server: string;
}

/** Options of {@linkcode openPinPlace}. */
export interface PinPlaceOptions {
  readonly choice: PinChoice;
  readonly digest: Digest;
  /** Default: this one. */
  readonly machine?: Machine;
}

/**
 * Finds the place of a server's pins; the folder in the state directory is made if it is not there.
 *
 * @throws {AegisError} `pins-place` when there is no such place.
 */
export async function openPinPlace(
  { name, argv }: PinnedServer,
  { choice, digest, machine = thisMachine() }: PinPlaceOptions,
): Promise<PinPlace> {
  const server = name ?? `command-${shortDigest(JSON.stringify(argv), digest)}`;
  if (choice.kind === "file") return { path: choice.path, server };
  const folder = stateDirectory(machine, { name: "pins", what: "the pins", flag: "--pins" });
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AegisError(
      "pins-place",
      `Cannot make the folder ${JSON.stringify(folder)}: ${why}; name a file with --pins`,
      { cause },
    );
  }
  const separator = machine.os === "windows" ? "\\" : "/";
  return { path: `${folder}${separator}${fileName(server, digest)}.json`, server };
}

/** What is a file of its own on every file system, also on those that fold case or end names at a dot. */
const PLAIN = /^[a-z0-9_-]{1,64}$/;
/** Names of devices. Microsoft, "Naming Files, Paths, and Namespaces". */
const DEVICE = /^(?:con|prn|aux|nul|(?:com|lpt)\d)$/;

function fileName(server: string, digest: Digest): string {
  return PLAIN.test(server) && !DEVICE.test(server)
    ? server
    : `name-${shortDigest(server, digest)}`;
}

/** 64 bits: enough to tell the servers of one person apart. */
function shortDigest(text: string, digest: Digest): string {
  return digest(new TextEncoder().encode(text)).replace(/^sha256:/, "").slice(0, 16);
}
