/**
 * The place of an audit that nobody named: a file of its own per run.
 * @module
 */

import { type Machine, stateDirectory } from "../base/state_place.ts";

/** What the name of a run's own file is made of. */
export interface RunName {
  readonly wallMs: number;
  readonly pid: number;
  /** Hex. */
  readonly random: string;
}

/** A name that no other run has, and that sorts by time: `20260131T120000Z-4711-9f3a61c2.jsonl`. */
export function runFileName({ wallMs, pid, random }: RunName): string {
  const time = new Date(wallMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${time}Z-${pid}-${random}.jsonl`;
}

/**
 * The directory of audits that nobody named.
 *
 * @throws {AegisError} `audit-place` when the environment names no home.
 */
export function auditDirectory(machine: Machine): string {
  return stateDirectory(machine, { name: "audit", what: "the audit", flag: "--audit" });
}
