/**
 * The files of a writer: where a chain begins, and where it goes on when one is full.
 * @module
 */

import { CHAIN_START, type ChainEnd, type ChainHeader } from "./chain_writer.ts";
import { type Claim, claimNewFile, claimOldFile, refused } from "./claim.ts";
import { directoryOf, segmentNumbers, segmentPath } from "./file_name.ts";

/** A chain ready to be written. */
export interface OpenChain {
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

/** A chain that begins in an empty file. */
export function firstChain(claim: Claim): OpenChain {
  const header = { chain: crypto.randomUUID(), part: 1 };
  const segment = { claim, number: 1, bytes: 0 };
  return { claim, segment, end: CHAIN_START, header, begins: true };
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

/** The numbers above 1 of the files that a writer already has, newest first. */
export function laterSegments(path: string): readonly number[] {
  return segmentNumbers(path, namesBeside(path));
}

function* namesBeside(path: string): Iterable<string> {
  for (const entry of Deno.readDirSync(directoryOf(path))) yield entry.name;
}
