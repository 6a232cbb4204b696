/**
 * What differs between a server's tools and its pins, and the operator's word that it is good.
 * @module
 */

import type { JsonObject } from "../../base/json.ts";
import { comparePins, type PinChange } from "./compare.ts";
import type { Digest, ServerPins } from "./fingerprint.ts";
import { badLockFile, type LockedServers, readLockFile, updateLockFile } from "./lock_file.ts";
import { faultText, pinList, type PinnedList } from "./pin_list.ts";
import type { PinPlace } from "./place.ts";

export type { PinChange } from "./compare.ts";

/** A server's whole list beside its pins. */
export interface PinReview {
  /** Whether the server was pinned before. */
  readonly isPinned: boolean;
  /** How many tools it lists. */
  readonly tools: number;
  /** What differs; a tool that cannot be pinned is not among them. */
  readonly changes: readonly PinChange[];
  /** Tools whose names are refused until they are taken, by name; each text completes "the tool …". */
  readonly doubtful: ReadonlyMap<string, string>;
  /** Tools that cannot be pinned and stay refused, the same way. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Options of {@linkcode reviewPins} and {@linkcode takePins}. */
export interface ReviewOptions extends PinPlace {
  readonly digest: Digest;
}

/**
 * Compares all tools of a server with its pins.
 *
 * @throws {AegisError} `bad-lock-file`.
 */
export async function reviewPins(
  tools: readonly JsonObject[],
  options: ReviewOptions,
): Promise<PinReview> {
  const read = await readLockFile(options.path);
  if (!read.ok) throw badLockFile(options.path, read.error);
  return reviewOf(tools, { servers: read.value, options }).review;
}

/**
 * Pins all tools of a server as they are and forgets those that are gone; gives what was different.
 *
 * @throws {AegisError} `bad-lock-file`.
 */
export async function takePins(
  tools: readonly JsonObject[],
  options: ReviewOptions,
): Promise<PinReview> {
  let taken: PinReview | undefined;
  await updateLockFile(options.path, (servers) => {
    const { review, pins } = reviewOf(tools, { servers, options });
    taken = review;
    return review.changes.length === 0 && review.isPinned
      ? servers
      : new Map([...servers, [options.server, pins]]);
  });
  if (taken === undefined) throw new TypeError("Cannot tell what was taken: nothing was compared");
  return taken;
}

function reviewOf(
  tools: readonly JsonObject[],
  { servers, options }: { readonly servers: LockedServers; readonly options: ReviewOptions },
): { readonly review: PinReview; readonly pins: ServerPins } {
  const before = servers.get(options.server);
  const locked = before ?? new Map();
  const list = pinList(tools, { locked, digest: options.digest });
  const refused = textsOf(list, ["repeated", "too-many"]);
  const pins = new Map([...list.listed].filter(([name]) => !refused.has(name)));
  return {
    review: {
      isPinned: before !== undefined,
      tools: list.listed.size,
      changes: comparePins(locked, pins).filter(({ name }) => !refused.has(name)),
      doubtful: textsOf(list, ["grammar", "look-alike"]),
      refused,
    },
    pins,
  };
}

function textsOf({ faults }: PinnedList, kinds: readonly string[]): ReadonlyMap<string, string> {
  const found = [...faults.values()].filter(({ kind }) => kinds.includes(kind));
  return new Map(found.map((fault) => [fault.name, faultText(fault)]));
}
