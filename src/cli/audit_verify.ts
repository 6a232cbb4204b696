/**
 * `mcp-aegis audit verify`: finds every edit, insertion, reordering or removal in audit files.
 * @module
 */

import { readAuditKey } from "../audit/key.ts";
import { verifyAudit } from "../audit/verify.ts";
import type { AuditProblem, AuditReport } from "../audit/verify_report.ts";
import { printable } from "../base/log.ts";
import { type Command, defineCommand } from "./command.ts";
import { count } from "./diagnostics.ts";
import { EXIT, usageError } from "./exit.ts";
import { FLAGS } from "./flags.ts";
import { type Paint, painter } from "./paint.ts";

/** `mcp-aegis audit verify`. */
export const auditVerifyCommand: Command = defineCommand({
  name: "audit verify",
  brief: "find every edit, insertion, reordering or removal in audit files",
  usage: ["audit verify FILE… [--audit-key FILE] [--expect-head HEX] [--json]"],
  examples: [
    { about: "one run", command: "mcp-aegis audit verify audit.jsonl" },
    {
      about: "and that nothing was cut off its end: the head was printed when the run ended",
      command: "mcp-aegis audit verify audit.jsonl --expect-head 9f86d081…",
    },
    {
      about: "all runs that nobody named a file for, sealed with a key",
      command: "mcp-aegis audit verify ~/.local/state/mcp-aegis/audit/*.jsonl --audit-key key.txt",
    },
  ],
  flags: {
    "audit-key": FLAGS["audit-key"],
    "expect-head": {
      kind: "text",
      value: "HEX",
      group: "What is written down",
      brief: "hash of a line that must be there",
    },
    json: FLAGS.json,
  },
  words: "FILE",
  notes: [
    "Without a key, somebody who writes the whole file anew is not found; see SECURITY.md.",
    "Ends with 1 when something is wrong.",
  ],
  async run({ flags, words }, io) {
    const { "audit-key": keyFile, "expect-head": expectHead } = flags;
    if (words.length === 0) {
      throw usageError(
        "Cannot verify without a file",
        "For example: mcp-aegis audit verify audit.jsonl",
      );
    }
    if (expectHead !== undefined && !/^(?:sha256:)?[0-9a-f]{64}$/i.test(expectHead.trim())) {
      throw usageError(
        `Cannot use --expect-head ${JSON.stringify(expectHead)}: it must be 64 hexadecimal digits`,
      );
    }
    const key = keyFile === undefined ? undefined : await readAuditKey(keyFile);
    const report = await verifyAudit(words, { key, expectHead });
    io.out(
      flags.json
        ? JSON.stringify(report, null, 2) + "\n"
        : reportText(report, painter(io.colour("out"))),
    );
    return report.ok ? EXIT.done : EXIT.failed;
  },
});

function reportText({ ok, lines, chains, problems, omitted }: AuditReport, paint: Paint): string {
  const found = problems.map((problem) => problemText(problem, paint));
  const more = omitted === 0 ? [] : [`… and ${count(omitted, "more problem")}`];
  const heads = chains.map(({ files, head, seal, lines }) =>
    `${files.map(printable).join(", ")}: ${count(lines, "line")}, ${seal}, head ${head}`
  );
  const sum = `${count(lines, "line")} in ${count(chains.length, "chain")}: ` +
    (ok ? paint("green", "nothing was changed") : paint("red", "the audit is not whole"));
  return [...found, ...more, ...heads, sum].join("\n") + "\n";
}

function problemText({ severity, file, line, problem, hint, code }: AuditProblem, paint: Paint) {
  const place = printable(line === null ? file : `${file}:${line}`);
  const mark = paint(severity === "error" ? "red" : "yellow", severity);
  return `${place}: ${mark}: ${printable(problem)} [${code}]\n  hint: ${printable(hint)}`;
}
