/**
 * Counts, and how sure one can be of their shares.
 * @module
 */

import type { Played } from "./play.ts";

/** What was found and what was wrongly refused. */
export interface Score {
  readonly attacks: number;
  readonly found: number;
  readonly benign: number;
  readonly refused: number;
}

/** Kinds that no call's total counts: texts of servers, and arguments that nobody declares. */
const APART: ReadonlySet<string> = new Set(["tooldesc", "result", "unknown"]);

/** The score of each kind, in the order of their names. */
export function scoresByKind(played: readonly Played[]): ReadonlyMap<string, Score> {
  const kinds = [...new Set(played.map(({ record }) => record.kind))].sort();
  return new Map(
    kinds.map((kind) => [kind, scoreOf(played.filter(({ record }) => record.kind === kind))]),
  );
}

/** The score of all kinds of calls together. */
export function totalScore(played: readonly Played[]): Score {
  return scoreOf(played.filter(({ record }) => !APART.has(record.kind)));
}

function scoreOf(played: readonly Played[]): Score {
  const attacks = played.filter(({ record }) => record.label === "attack");
  const benign = played.filter(({ record }) => record.label === "benign");
  return {
    attacks: attacks.length,
    found: attacks.filter(({ caught }) => caught).length,
    benign: benign.length,
    refused: benign.filter(({ caught }) => caught).length,
  };
}

/** The 95 % interval of a share (Wilson 1927), from 0 to 1; everything when there is nothing. */
export function wilson(hits: number, of: number): readonly [number, number] {
  if (of === 0) return [0, 1];
  const z = 1.959963984540054; // the 97.5 % point of the normal distribution
  const share = hits / of;
  const middle = share + z * z / (2 * of);
  const spread = z * Math.sqrt(share * (1 - share) / of + z * z / (4 * of * of));
  const scale = 1 + z * z / of;
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
}
