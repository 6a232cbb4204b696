/**
 * `mcp-aegis test`: runs decision tables.
 * @module
 */

import { ConfigurationError } from "../base/error.ts";
import type { Limits } from "../base/limits.ts";
import { printable } from "../base/log.ts";
import { type CaseReport, runCases } from "../policy/run_cases.ts";
import { findTables } from "./case_files.ts";
import { type Command, defineCommand } from "./command.ts";
import { countDiagnostics, diagnosticLines } from "./diagnostics.ts";
import { EXIT } from "./exit.ts";
import { FLAGS } from "./flags.ts";
import type { Io } from "./io.ts";
import { limitsOf } from "./limits.ts";
import { type Paint, painter } from "./paint.ts";

/** `mcp-aegis test`. */
export const testCommand: Command = defineCommand({
  name: "test",
  brief: "run decision tables: who asks for what, and what must come of it",
  usage: ["test [TABLE|POLICY|FOLDER…] [--json]"],
  examples: [
    { about: "every table in ./policies", command: "mcp-aegis test" },
    { about: "the table beside a policy", command: "mcp-aegis test policies.yaml" },
    { about: "one table", command: "mcp-aegis test policies/version1.cases.yaml" },
  ],
  flags: { json: FLAGS.json },
  words: "TABLE|POLICY|FOLDER",
  notes: ["Ends with 4 when a case fails, with 3 when a table or its policy cannot be used."],
  async run({ flags, words }, io) {
    const { limits } = limitsOf(io);
    const outcomes: Outcome[] = [];
    for (const file of await findTables(words)) {
      outcomes.push(await runTable(file, limits));
    }
    if (flags.json) io.out(JSON.stringify(outcomes.map(asJson), null, 2) + "\n");
    else printOutcomes(outcomes, io);
    if (outcomes.some(({ fault }) => fault !== undefined)) return EXIT.configuration;
    return outcomes.some(({ report }) => (report?.failed ?? 0) > 0) ? EXIT.cases : EXIT.done;
  },
});

/** A table that was run, or why it could not be. */
interface Outcome {
  readonly file: string;
  readonly report?: CaseReport;
  readonly fault?: ConfigurationError;
}

async function runTable(file: string, limits: Limits): Promise<Outcome> {
  try {
    return { file, report: await runCases(file, { limits }) };
  } catch (error) {
    if (error instanceof ConfigurationError) return { file, fault: error };
    throw error;
  }
}

function asJson({ file, report, fault }: Outcome) {
  return fault === undefined
    ? { ...report, file }
    : { file, failed: null, diagnostics: fault.diagnostics };
}

function printOutcomes(outcomes: readonly Outcome[], io: Io): void {
  const paint = painter(io.colour("out"));
  let [passed, failed] = [0, 0];
  for (const { file, report, fault } of outcomes) {
    if (fault !== undefined) {
      io.out(diagnosticLines(fault.diagnostics, paint));
      io.out(`${file}: ${paint("red", countDiagnostics(fault.diagnostics))}\n`);
    } else if (report !== undefined) {
      failed += report.failed;
      passed += report.results.length - report.failed;
      io.out(reportText(report, paint));
    }
  }
  io.out(`${passed} passed, ${failed > 0 ? paint("red", `${failed} failed`) : "0 failed"}\n`);
}

function reportText({ file, results, failed, warnings }: CaseReport, paint: Paint): string {
  const passed = paint("green", `${results.length - failed} passed`);
  const lines = results.filter((result) => !result.passed).flatMap((result) => {
    const { line, column, title, differences, decision } = result;
    const rules = decision.determining.map((rule) => `${rule.file}:${rule.line}:${rule.column}`);
    return [
      `${file}:${line}:${column}: ${paint("red", "failed")}: ${printable(title)}`,
      ...differences.map((difference) => `  ${difference}`),
      `  ${paint("dim", `decided by ${rules.length === 0 ? "the default" : rules.join(", ")}`)}`,
    ];
  });
  const sum = `${file}: ${passed}${failed > 0 ? `, ${paint("red", `${failed} failed`)}` : ""}`;
  return diagnosticLines(warnings, paint) + [...lines, sum].join("\n") + "\n";
}
