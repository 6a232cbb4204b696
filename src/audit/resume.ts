/**
 * Finds where a writer's chain ends among its files, and where it goes on.
 * @module
 */

import { CHAIN_START, type ChainEnd, type ChainHeader } from "./chain_writer.ts";
import { type Claim, claimNewFile, claimOldFile, refused } from "./claim.ts";
import { baseName, directoryOf, segmentNumbers, segmentPath } from "./file_name.ts";
import { fileState } from "./file_state.ts";
import type { Seal } from "./seal.ts";

/** A chain ready to be written. */
export interface Resumed {
  /** Holds the writer's lock; its first file. */
  readonly claim: Claim;
  /** The file to write; may be the same. */
  readonly segment: Segment;
  /** The end of the chain so far. */
  readonly end: ChainEnd;
  readonly header: Omit<ChainHeader, "startedMs">;
  /** Whether the header is still to be written. */
  readonly begins: boolean;
}

/** One file of a chain. */
export interface Segment {
  readonly claim: Claim;
  /** 1 for the writer's first file. */
  readonly number: number;
  readonly bytes: number;
}

const MAX_NUMBERS_TRIED = 1000;

/**
 * Looks from the newest file back for one that holds lines.
 *
 * @throws {AegisError} `audit-file` when the first file holds something else than an audit.
 */
export function resumeChain(
  claim: Claim,
  { seal, fresh, maxFileBytes }: {
    readonly seal: Seal;
    /** The file was made just now, under a name of its own. */
    readonly fresh: boolean;
    readonly maxFileBytes: number;
  },
): Resumed {
  const later = fresh ? [] : segmentNumbers(claim.path, namesBeside(claim.path));
  const newest = later[0] ?? 1;
  for (const number of [...later, 1]) {
    const path = segmentPath(claim.path, number);
    const state = fresh ? { kind: "blank", bytes: 0 } as const : fileState(path, seal);
    switch (state.kind) {
      case "blank":
        if (number > 1) continue;
        return state.bytes === 0 && newest === 1
          ? firstChain(claim)
          : otherChain(claim, newest, undefined);
      case "foreign":
        if (number > 1) return otherChain(claim, newest, { path, why: "it is no audit" });
        throw refused(path, "it holds something else than an audit; name another file");
      case "closed":
        return otherChain(claim, newest, { path, why: state.why });
      case "open": {
        const { header: { chain, part }, end, bytes, torn } = state;
        if (number === newest && torn === undefined && bytes < maxFileBytes) {
          const segment = { claim: number === 1 ? claim : claimOldFile(path), number, bytes };
          return { claim, segment, end, header: { chain, part }, begins: false };
        }
        const file = baseName(path);
        const continues = torn === undefined ? { file } : { file, torn };
        const header = { chain, part: part + 1, continues };
        return { claim, segment: newSegment(claim, newest), end, header, begins: true };
      }
    }
  }
  return firstChain(claim);
}

/** Makes the file for a writer's next lines; one that is there and empty was left by a crash. */
export function newSegment(claim: Claim, newest: number): Segment {
  const first = Math.max(newest, 2);
  for (let number = first; number < first + MAX_NUMBERS_TRIED; number++) {
    const path = segmentPath(claim.path, number);
    const made = claimNewFile(path);
    if (made !== undefined) return { claim: made, number, bytes: 0 };
    if (Deno.statSync(path).size === 0) return { claim: claimOldFile(path), number, bytes: 0 };
  }
  throw refused(claim.path, `the next ${MAX_NUMBERS_TRIED} names for its files are taken`);
}

function firstChain(claim: Claim): Resumed {
  const header = { chain: crypto.randomUUID(), part: 1 };
  const segment = { claim, number: 1, bytes: 0 };
  return { claim, segment, end: CHAIN_START, header, begins: true };
}

/** A chain of its own behind files whose chain cannot go on. */
function otherChain(
  claim: Claim,
  newest: number,
  before: { readonly path: string; readonly why: string } | undefined,
): Resumed {
  const after = before === undefined ? undefined : { file: baseName(before.path), why: before.why };
  const header = {
    chain: crypto.randomUUID(),
    part: 1,
    ...(after === undefined ? undefined : { after }),
  };
  return { claim, segment: newSegment(claim, newest), end: CHAIN_START, header, begins: true };
}

function* namesBeside(path: string): Iterable<string> {
  for (const entry of Deno.readDirSync(directoryOf(path))) yield entry.name;
}
