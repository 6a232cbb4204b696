/**
 * Prints what is wrong with the operator's files.
 * @module
 */

import { type Diagnostic, formatDiagnostic } from "../base/diagnostic.ts";
import { printable } from "../base/log.ts";
import type { Paint } from "./paint.ts";

/** Each diagnostic on its lines, newline included; the severity in colour. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], paint: Paint): string {
  return diagnostics.map((diagnostic) => {
    const { severity } = diagnostic;
    const [head = "", ...rest] = formatDiagnostic(diagnostic).split("\n").map(printable);
    const ink = severity === "error" ? "red" : "yellow";
    const marked = head.replace(` ${severity}: `, () => ` ${paint(ink, severity)}: `);
    return [marked, ...rest].join("\n") + "\n";
  }).join("");
}

/** `1 error, 2 warnings`; `no problems`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const of = (wanted: Diagnostic["severity"]) =>
    diagnostics.filter(({ severity }) => severity === wanted).length;
  const parts = [[of("error"), "error"], [of("warning"), "warning"]] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, word]) => count(n, word));
  return said.length === 0 ? "no problems" : said.join(", ");
}

/** `1 rule`, `2 rules`. */
export function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}
