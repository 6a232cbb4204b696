/**
 * `mcp-aegis audit summary`: what was refused, or would have been, and what would allow it.
 * @module
 */

import { type AuditSummary, type RefusalGroup, summariseAudit } from "../audit/summary.ts";
import { printable } from "../base/log.ts";
import { type Command, defineCommand } from "./command.ts";
import { count } from "./diagnostics.ts";
import { EXIT, usageError } from "./exit.ts";
import { FLAGS } from "./flags.ts";
import { type Paint, painter } from "./paint.ts";
import { columns } from "./table.ts";

/** `mcp-aegis audit summary`. */
export const auditSummaryCommand: Command = defineCommand({
  name: "audit summary",
  brief:
    "what was refused, or would have been, by rule, tool and argument, and what would allow it",
  usage: ["audit summary FILE… [--json]"],
  examples: [
    {
      about: "after a week of `mode: observe`: what would be refused from now on?",
      command: "mcp-aegis audit summary ~/.local/state/mcp-aegis/audit/*.jsonl",
    },
  ],
  flags: { json: FLAGS.json },
  words: "FILE",
  notes: ["Whether the files are whole is another question: mcp-aegis audit verify."],
  async run({ flags, words }, io) {
    if (words.length === 0) {
      throw usageError(
        "Cannot sum up without a file",
        "For example: mcp-aegis audit summary audit.jsonl",
      );
    }
    const summary = await summaryOf(words);
    io.out(
      flags.json
        ? JSON.stringify(
          {
            ...summary,
            groups: summary.groups.map((group) => ({ ...group, allow: remedyFor(group) })),
          },
          null,
          2,
        ) + "\n"
        : summaryText(summary, painter(io.colour("out"))),
    );
    return EXIT.done;
  },
});

async function summaryOf(files: readonly string[]): Promise<AuditSummary> {
  try {
    return await summariseAudit(files);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw usageError(`Cannot sum up: ${printable(error.message)}`, "Check the names of the files");
  }
}

const MAX_SHOWN = 50;

function summaryText(summary: AuditSummary, paint: Paint): string {
  const { messages, allowed, refused, wouldRefuse, groups, ungrouped, unreadable } = summary;
  const lines = [
    `${count(messages, "message")}: ${allowed} allowed, ${refused} refused, ` +
    `${wouldRefuse} forwarded that would have been refused`,
  ];
  if (unreadable > 0) lines.push(paint("yellow", `${count(unreadable, "line")} could not be read`));
  const shown = groups.slice(0, MAX_SHOWN);
  if (shown.length > 0) {
    lines.push("", ...columns(shown.map(rowOf), paint), "", "What would allow it:");
    const remedies = new Set(shown.map(remedyFor).filter((remedy) => remedy !== null));
    lines.push(...[...remedies].map((remedy) => `  ${printable(remedy)}`));
    if (remedies.size === 0) lines.push("  nothing a policy could say");
  }
  const left = groups.length - shown.length + ungrouped;
  if (left > 0) lines.push(`… and ${count(left, "more kind")}; --json has all`);
  return lines.join("\n") + "\n";
}

function rowOf(group: RefusalGroup) {
  const { observed, reason, finding, pointer, principals, rules } = group;
  return [
    `${group.count}×`,
    { text: observed ? "would refuse" : "refused", ink: observed ? "yellow" : "red" } as const,
    thingOf(group),
    pointer === null || pointer === "" ? "" : pointer,
    finding ?? reason,
    rules.join(" "),
    principals.join(","),
  ];
}

function thingOf({ kind, server, name, action }: RefusalGroup): string {
  const where = server === null ? "" : `${server}:`;
  return `${kind === null || kind === "server" ? "" : `${kind} `}${where}${name ?? ""}` +
    (action === null ? "" : ` (${action})`);
}

/** The line of a policy that would allow it, or nothing when no line would. */
export function remedyFor(group: RefusalGroup): string | null {
  const { reason, kind, server, name, action, pointer, finding, principals, rules } = group;
  const [principal = "NAME"] = principals;
  if (reason === "not_permitted") {
    if (rules.length > 0) return `remove or narrow the deny at ${rules.join(", ")}`;
    if (action === "ask-client") return `servers: { ${server ?? "NAME"}: { may: [${name}] } }`;
    if (kind === null || kind === "server" || name === null) return null;
    const pattern = JSON.stringify(server === null || kind !== "tool" ? name : `${server}:${name}`);
    return `principals: { ${principal}: { ${kind}s: [{ pattern: ${pattern}, actions: [${action}] }] } }`;
  }
  if (reason !== "unsafe_argument" || pointer === null || name === null) return null;
  const place = `servers: { ${server ?? "NAME"}: { tools: { ${JSON.stringify(name)}: ` +
    `{ arguments: { ${JSON.stringify(pointer)}: KIND } } } } }`;
  return `${widerRule(finding)}; or, where the argument is no such thing, ${place}`;
}

/** The key under `inspect` that says what is safe. */
function widerRule(finding: string | null): string {
  const [danger] = (finding ?? "").split("-");
  switch (danger) {
    case "path":
      return "inspect: { paths: { roots: […] } }";
    case "command":
    case "argv":
      return "inspect: { commands: { default: { allow: […], write_roots: […] } } }";
    case "url":
    case "host":
      return "inspect: { urls: { allow_hosts: […], allow_networks: […] } }";
    case "sql":
      return "a wider profile: sql(DIALECT, dml) or sql(DIALECT, any)";
    default:
      return "nothing wider: the value itself is unsafe";
  }
}
