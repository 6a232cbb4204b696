/**
 * Finds where a writer's chain ends among its files, and where it goes on.
 * @module
 */

import { CHAIN_START } from "./chain_writer.ts";
import { type Claim, claimOldFile, refused } from "./claim.ts";
import { baseName, segmentPath } from "./file_name.ts";
import { type FileState, fileState } from "./file_state.ts";
import type { Seal } from "./seal.ts";
import { firstChain, newSegment, type OpenChain } from "./segment.ts";

/**
 * Looks from the newest file back for one that holds lines.
 *
 * @throws {AegisError} `audit-file` when the first file holds something else than an audit.
 */
export function resumeChain(
  claim: Claim,
  { seal, later, maxFileBytes }: {
    readonly seal: Seal;
    /** Numbers of the writer's other files, newest first. */
    readonly later: readonly number[];
    readonly maxFileBytes: number;
  },
): OpenChain {
  const newest = later[0] ?? 1;
  for (const number of [...later, 1]) {
    const path = segmentPath(claim.path, number);
    const state = number === 1 ? fileState(claim.file, seal) : stateOf(path, seal);
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

function stateOf(path: string, seal: Seal): FileState {
  using file = Deno.openSync(path, { read: true });
  return fileState(file, seal);
}

/** A chain of its own behind files whose chain cannot go on. */
function otherChain(
  claim: Claim,
  newest: number,
  before: { readonly path: string; readonly why: string } | undefined,
): OpenChain {
  const after = before === undefined ? undefined : { file: baseName(before.path), why: before.why };
  const header = {
    chain: crypto.randomUUID(),
    part: 1,
    ...(after === undefined ? undefined : { after }),
  };
  return { claim, segment: newSegment(claim, newest), end: CHAIN_START, header, begins: true };
}
