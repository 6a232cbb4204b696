/**
 * What the suite found directly, beside what it found through the proxy.
 * @module
 */

import type { Checks, Outcomes } from "./suite.ts";

/** One scenario on both ways. */
export interface Row {
  /** Which run of the suite. */
  readonly run: string;
  readonly scenario: string;
  readonly direct: Checks;
  /** Absent when only the direct way was taken. */
  readonly through?: Checks;
  /** Why its failures are not ours. The two ways must agree all the same. */
  readonly outOfScope?: string;
}

/** How many checks passed and failed. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Puts the scenarios of one run side by side. */
export function rowsOf(
  run: string,
  direct: Outcomes,
  through: Outcomes | undefined,
  outOfScope: (scenario: string) => string | undefined,
): Row[] {
  const scenarios = new Set([...direct.keys(), ...through?.keys() ?? []]);
  return [...scenarios].map((scenario) => {
    const reason = outOfScope(scenario);
    return {
      run,
      scenario,
      direct: direct.get(scenario) ?? {},
      ...(through === undefined ? {} : { through: through.get(scenario) ?? {} }),
      ...(reason === undefined ? {} : { outOfScope: reason }),
    };
  });
}

/**
 * The checks whose verdicts differ, each with both. Out of scope the proxy may be better than the
 * fixture: it refuses a task that nobody made, whatever the server behind it does.
 */
export function differences({ direct, through, outOfScope }: Row): string[] {
  if (through === undefined) return [];
  const ids = new Set([...Object.keys(direct), ...Object.keys(through)]);
  return [...ids].flatMap((id) => {
    const [before, behind] = [direct[id], through[id]].map((verdicts) =>
      verdicts?.join() ?? "none"
    );
    const isBetter = outOfScope !== undefined && behind === "SUCCESS";
    return before === behind || isBetter ? [] : [`${id}: ${before} → ${behind}`];
  });
}

/** The checks that failed directly, where that is ours. */
export function failures({ direct, outOfScope }: Row): string[] {
  if (outOfScope !== undefined) return [];
  return Object.entries(direct).flatMap(([id, verdicts]) =>
    verdicts.includes("FAILURE") ? [id] : []
  );
}

/** Counts as the suite does: warnings and what was skipped are neither. */
export function count(checks: Checks): Count {
  const verdicts = Object.values(checks).flat();
  return {
    passed: verdicts.filter((verdict) => verdict === "SUCCESS").length,
    failed: verdicts.filter((verdict) => verdict === "FAILURE").length,
  };
}

/** Counts all scenarios of a way. */
export function total(ways: readonly Checks[]): Count {
  const counts = ways.map(count);
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
}
