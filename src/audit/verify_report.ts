/**
 * What a verification of audit files finds.
 * @module
 */

import type { SealName } from "./seal.ts";

/** What can be wrong, as a program would ask for it. */
export type ProblemCode =
  /** The file cannot be read. */
  | "unreadable"
  /** The file holds no line. */
  | "empty"
  /** The first line is no header. */
  | "no-header"
  /** Bytes that are no audit line. */
  | "not-a-line"
  /** The hash of a line is not that of its content. */
  | "edited"
  /** Lines are missing before this one. */
  | "missing"
  /** The line stands at another place than it was written to. */
  | "misplaced"
  /** The line was made to follow another one than it does. */
  | "broken-link"
  /** A chain begins in the middle of a file. */
  | "second-chain"
  /** A file of the chain was not given. */
  | "missing-file"
  /** The chain goes on in a file beside, which was not given. */
  | "goes-on"
  /** Two files claim the same place in a chain. */
  | "repeated-file"
  /** The last line was cut off while it was written. */
  | "torn"
  /** The chain is sealed with a key that was not given. */
  | "no-key"
  /** A key was given, the chain has none. */
  | "not-sealed"
  /** No line fits the key. */
  | "wrong-key"
  /** No line has the expected head. */
  | "cut";

/** One thing that is wrong, or worth knowing. */
export interface AuditProblem {
  /** Stable, kebab-case. */
  readonly code: ProblemCode;
  /** An error is what an honest writer never leaves behind; a warning is what a crash does. */
  readonly severity: "error" | "warning";
  /** The file as it was named. */
  readonly file: string;
  /** From 1; null when it is about the file as a whole. */
  readonly line: number | null;
  /** Sentence case, no final period. */
  readonly problem: string;
  /** What to do. */
  readonly hint: string;
}

/** One chain among the files. */
export interface ChainReport {
  /** Its id, a UUID. */
  readonly chain: string;
  /** What its lines are sealed with. */
  readonly seal: SealName;
  /** In their order. */
  readonly files: readonly string[];
  /** Lines in their place, headers included. */
  readonly lines: number;
  /** The hash of the last of them in hex. */
  readonly head: string;
}

/** The outcome of a verification. */
export interface AuditReport {
  /** No error was found. */
  readonly ok: boolean;
  /** Lines in their place, headers included. */
  readonly lines: number;
  /** The chains among the files. */
  readonly chains: readonly ChainReport[];
  /** The head when there is one chain, else null. */
  readonly head: string | null;
  /** The first 1000 problems. */
  readonly problems: readonly AuditProblem[];
  /** Problems beyond the first 1000. */
  readonly omitted: number;
}

/** Collects problems, at most 1000. */
export class Problems {
  readonly #list: AuditProblem[] = [];
  #omitted = 0;
  #errors = 0;

  /** Whether no error was added. */
  get ok(): boolean {
    return this.#errors === 0;
  }

  get list(): readonly AuditProblem[] {
    return this.#list;
  }

  get omitted(): number {
    return this.#omitted;
  }

  add(problem: AuditProblem): void {
    if (problem.severity === "error") this.#errors++;
    if (this.#list.length < MAX_PROBLEMS) this.#list.push(problem);
    else this.#omitted++;
  }

  /** Takes over what another collected. */
  addAll(other: Problems): void {
    for (const problem of other.list) this.add(problem);
    this.#omitted += other.omitted;
    if (!other.ok) this.#errors++;
  }
}

const MAX_PROBLEMS = 1000;
