/**
 * A broken house rule.
 * @module
 */

/** The rules, by the words they are reported with. */
export type Rule =
  | "forbidden edge"
  | "unknown room"
  | "cycle"
  | "unreachable"
  | "third party"
  | "start"
  | "cleared"
  | "export *"
  | "default export"
  | "hidden import"
  | "console"
  | "lines"
  | "exports"
  | "name";

/** One place where a rule is broken. */
export interface Violation {
  readonly rule: Rule;
  /** From the root of the project. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** `path:line: [rule] message`. */
export function formatViolation({ rule, path, line, message }: Violation): string {
  return `${path}:${line}: [${rule}] ${message}`;
}
