/**
 * Turns the benchmark's result into ratios beside their targets.
 * @module
 */

import { CASES } from "./path_cases.ts";

/** The part of the benchmark's JSON that is read here. */
export interface PathResult {
  readonly rounds: number;
  readonly table: Readonly<Record<string, CaseResult>>;
}

/** One case: medians over the rounds, and the messages it lost. */
export interface CaseResult {
  readonly metrics: Readonly<Record<string, { readonly median: number }>>;
  readonly errors?: readonly string[];
}

/** What is wanted of one figure, as a ratio to the floor that parses, or in its own unit. */
interface Target {
  readonly metric: string;
  readonly label: string;
  readonly of: "ratio" | "value";
  readonly best: "most" | "least";
  readonly bundled: number;
  readonly source: number;
}

const MIB = 1024; // in KiB, the unit of the benchmark's memory figures

const TARGETS: readonly Target[] = [
  ratio("p50_us", "round trip, p50 (µs)", 1.3),
  { ...ratio("calls_per_s_64", "calls/s, 64 in flight", 0.6), best: "most" },
  ratio("cpu_ms_per_1000", "CPU per 1000 calls (ms)", 2),
  ratio("rss_kib", "steady RSS (KiB)", 1.25),
  ratio("echo_1M_ms", "echo of 1 MiB (ms)", 2),
  ratio("echo_10M_ms", "echo of 10 MiB (ms)", 2),
  { ...ratio("hwm_big_kib", "peak RSS (KiB)", 250 * MIB), of: "value" },
  { ...ratio("list_ms", "cold start to tools/list (ms)", 2), source: 4 },
];

function ratio(metric: string, label: string, target: number): Target {
  return { metric, label, of: "ratio", best: "least", bundled: target, source: target };
}

/** The table as Markdown, then a line for each message that a case lost. */
export function pathTable({ rounds, table }: PathResult): string {
  const floors = [CASES.direct, CASES.pump, CASES.parse, CASES.reserialise];
  const head = ["", ...floors, CASES.bundled, "ratio", "target", CASES.source, "ratio", "target"];
  const rows = TARGETS.map((target) => {
    const value = (name: string) => table[name]?.metrics[target.metric]?.median;
    return [
      target.label,
      ...floors.map((name) => figure(value(name))),
      ...verdict(target, { ours: value(CASES.bundled), floor: value(CASES.parse) }, target.bundled),
      ...verdict(target, { ours: value(CASES.source), floor: value(CASES.parse) }, target.source),
    ];
  });
  const lost = Object.entries(table).flatMap(([name, { errors = [] }]) =>
    errors.map((error) => `lost by ${name}: ${error}`)
  );
  const caption = `Medians of ${rounds} rounds; ratios to ${CASES.parse}; ✗ misses its target.`;
  return [markdown([head, ...rows]), "", caption, ...lost].join("\n");
}

/** Our figure, its ratio and its target, in the cells of a row. */
export function verdict(
  { of, best }: Pick<Target, "of" | "best">,
  { ours, floor }: { readonly ours: number | undefined; readonly floor: number | undefined },
  wanted: number,
): readonly string[] {
  if (ours === undefined || floor === undefined) return ["–", "–", "✗"];
  const share = ours / floor;
  const judged = of === "ratio" ? share : ours;
  const met = best === "least" ? judged <= wanted : judged >= wanted;
  const sign = best === "least" ? "≤" : "≥";
  const unit = of === "ratio" ? `${wanted} ×` : figure(wanted);
  return [figure(ours), `${share.toFixed(2)} ×`, `${sign} ${unit}${met ? "" : " ✗"}`];
}

export function figure(value: number | undefined): string {
  if (value === undefined) return "–";
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}

export function markdown(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from(
    { length: columns },
    (_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
