/**
 * Pages of help, printed from the same tables that parse the arguments.
 * @module
 */

import { LIMITS, type LimitSpec } from "../base/limits.ts";
import { describeRange } from "../config/limits.ts";
import { formatBytes } from "../config/units.ts";
import type { Example, HelpPage } from "./command.ts";
import type { CommandEntry } from "./commands.ts";
import type { FlagSpec, FlagTable } from "./flag.ts";
import type { Paint } from "./paint.ts";
import { columns } from "./table.ts";

/** What {@linkcode overview} prints besides the default command's page. */
export interface OverviewOptions {
  readonly commands: readonly CommandEntry[];
  readonly version: string;
  readonly paint: Paint;
}

const EXIT_CODES = [
  "0 done · 1 failed · 2 usage · 3 bad configuration or policy · 4 cases failed · 5 explain denies",
  "While a server runs behind mcp-aegis, its exit code becomes ours (128 + n for a signal n).",
];

/** The page of `mcp-aegis --help`. */
export function overview(page: HelpPage, { commands, version, paint }: OverviewOptions): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, brief }) =>
    `  ${paint("cyan", name)}${" ".repeat(width - name.length)}  ${brief}`
  );
  return joined([
    [
      `${paint("bold", "mcp-aegis")} ${version}: a lock in front of any MCP server`,
      "",
      "Who is asking, are they allowed, is it safe, is it too much? Every message in both",
      "directions is judged by your policy and written down. Client and server stay as they are.",
    ],
    ...opening(page, paint),
    [
      paint("bold", "Commands"),
      ...list,
      `  ${
        paint("dim", "mcp-aegis COMMAND --help shows more; mcp-aegis help limits lists every limit")
      }`,
    ],
    ...flagSections(page.flags, paint),
    [paint("bold", "Exit codes"), ...EXIT_CODES.map((line) => `  ${line}`)],
  ]);
}

/** The page of `mcp-aegis COMMAND --help`. */
export function commandPage(page: HelpPage, paint: Paint): string {
  return joined([
    [`${paint("bold", `mcp-aegis ${page.name}`.trim())}: ${page.brief}`],
    ...opening(page, paint),
    ...flagSections(page.flags, paint),
    ...(page.notes === undefined ? [] : [page.notes]),
  ]);
}

/** The page of `mcp-aegis help limits`. */
export function limitsPage(paint: Paint): string {
  const rows = [["variable", "default", "allowed", "what it bounds"]];
  for (const spec of Object.values(LIMITS) as LimitSpec[]) {
    if (spec.env === undefined) continue;
    const flag = spec.flag === undefined ? "" : `, or --${spec.flag}`;
    rows.push([`AEGIS_${spec.env}`, printValue(spec), describeRange(spec), spec.brief + flag]);
  }
  const [head = "", ...lines] = columns(rows, paint);
  return joined([
    [paint("bold", "Limits")],
    [`  ${paint("dim", head)}`, ...lines.map((line) => `  ${line}`)],
    [
      "Sizes are bytes or written like 64KiB, 10MB, 1GB; times are seconds. GUARDIAN_ works as",
      "a prefix too; AEGIS_ wins over it, and a flag over both.",
    ],
  ]);
}

function opening({ usage, examples }: HelpPage, paint: Paint): string[][] {
  return [
    [paint("bold", "Usage"), ...usage.map((form) => `  mcp-aegis ${form}`)],
    [
      paint("bold", "Examples"),
      ...examples.flatMap((example, i) => [
        ...(i === 0 ? [] : [""]),
        ...exampleLines(example, paint),
      ]),
    ],
  ];
}

function exampleLines({ about, command }: Example, paint: Paint): string[] {
  return [`  ${paint("dim", `# ${about}`)}`, ...command.split("\n").map((line) => `  ${line}`)];
}

function flagSections(table: FlagTable, paint: Paint): string[][] {
  const left = Object.entries(table).map(([name, spec]) =>
    spec.kind === "switch" ? `--${name}` : `--${name} ${spec.value}`
  );
  const width = Math.max(...left.map(({ length }) => length));
  const groups = new Map<string, string[]>();
  Object.values(table).forEach((spec, i) => {
    const head = (left[i] ?? "").padEnd(width);
    const lines = groups.get(spec.group) ?? [];
    lines.push(`  ${paint("cyan", head)}  ${spec.brief}${setting(spec, paint)}`);
    groups.set(spec.group, lines);
  });
  return [...groups].map(([group, lines]) => [paint("bold", group), ...lines]);
}

function setting({ default: standard, env }: FlagSpec, paint: Paint): string {
  const parts = [standard, env].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : paint("dim", ` [${parts.join(", ")}]`);
}

function printValue({ unit, default: value }: LimitSpec): string {
  switch (unit) {
    case "bytes":
      return formatBytes(value);
    case "ms":
      return String(value / 1000);
    case "boolean":
      return value === 1 ? "true" : "false";
    case "levels":
    case "values":
    case "members":
    case "requests":
    case "connections":
    case "streams":
      return String(value);
  }
}

function joined(sections: readonly (readonly string[])[]): string {
  return sections.map((lines) => lines.join("\n")).join("\n\n") + "\n";
}
