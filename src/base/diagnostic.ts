/**
 * One problem in one place of one file that the operator wrote.
 * @module
 */

/** A problem the operator can mend: what, where, and what to do. */
export interface Diagnostic {
  /** Stable, kebab-case: `unknown-key`, `yaml-syntax`. */
  readonly code: string;
  /** An error stops the start; a warning is shown and `check --strict` fails on it. */
  readonly severity: "error" | "warning";
  /** Sentence case, no final period. */
  readonly message: string;
  /** The file as the operator named it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** JSON pointer of the value, `""` for the whole file. */
  readonly path: string;
  /** What to do. */
  readonly hint?: string;
}

/** Prints `file:line:column: severity: message [code]` and, on a second line, the hint. */
export function formatDiagnostic(d: Diagnostic): string {
  const head = `${d.file}:${d.line}:${d.column}: ${d.severity}: ${d.message} [${d.code}]`;
  return d.hint === undefined ? head : `${head}\n  hint: ${d.hint}`;
}

/** The candidate nearest to a misspelt word, or `undefined` when none is near (distance above a third of its length). */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.slice(0, 64), candidate.slice(0, 64));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Damerau–Levenshtein distance (adjacent transpositions count one). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(substitute, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
