/**
 * Prints what is known of the arguments of a server's tools.
 * @module
 */

import type { InspectionRules } from "../access/inspection.ts";
import { printable } from "../base/log.ts";
import { kindText } from "../policy/kind_text.ts";
import { count } from "./diagnostics.ts";
import type { KnownArgument, KnownArguments, KnownTool, Sayer } from "./known_arguments.ts";
import type { Paint } from "./paint.ts";
import { type Cell, columns } from "./table.ts";

/** About how wide the list of one row's arguments may become. */
const ROW_WIDTH = 76;

/** A table of the tools that somebody can call and a line of counts; newline at the end included. */
export function knownArgumentsText(
  known: KnownArguments,
  { rules, paint }: {
    readonly rules: Pick<InspectionRules, "paths" | "commands">;
    readonly paint: Paint;
  },
): string {
  if (known.level === "off") {
    return `\n  ${paint("yellow", "arguments are not looked into")} (defaults.arguments: off)\n`;
  }
  const rows = known.tools.filter(({ reached }) => reached).flatMap(rowsOf);
  const head: Cell[] = ["tool", "said by", "arguments"].map((text) => ({ text, ink: "dim" }));
  const table = rows.length === 0 ? [] : ["", ...columns([head, ...rows], paint)];
  const { tools, declared, inferred, open, ...counts } = known.counts;
  const sum = `${count(tools, "tool")} that somebody may call, ` +
    `${count(counts.arguments, "text argument")}: ${declared} declared, ${inferred} inferred, ` +
    `${open} open`;
  const notes = notesOf(known, rules).map((note) => paint("dim", printable(note)));
  return [...table, "", paint(open > 0 ? "yellow" : "bold", sum), ...notes]
    .map((line) => `  ${line}`.trimEnd() + "\n").join("");
}

function rowsOf({ name, schema, arguments: all }: KnownTool): Cell[][] {
  const groups = new Map<string, { readonly said: Sayer; readonly items: string[] }>();
  for (const argument of all.toSorted((a, b) => rank(a.said) - rank(b.said))) {
    const by = sayerText(argument.said);
    const group = groups.get(by) ?? { said: argument.said, items: [] };
    groups.set(by, group);
    group.items.push(argumentText(argument));
  }
  const rows: Cell[][] = [];
  if (schema.state === "unusable") {
    const { pointer, detail } = schema.fault;
    const where = pointer === "" ? "" : ` (${pointer})`;
    const text = `every call is refused: the schema${where} ${detail}`;
    rows.push(["", { text: "its own schema", ink: "red" }, { text, ink: "red" }]);
  }
  for (const [by, { said, items }] of groups) {
    const joint = said.by === "guess" ? items : joined(items);
    joint.forEach((text, i) => rows.push(["", i > 0 ? "" : sayerCell(said, by), text]));
  }
  return rows.map(([, ...rest], i) => [i === 0 ? name : "", ...rest]);
}

/** Who knows most comes first. */
function rank(said: Sayer): number {
  return said.by === "guess" && said.enforced ? 1.5 : ORDER.indexOf(said.by);
}

const ORDER: readonly Sayer["by"][] = ["policy", "preset", "guess", "nobody"];

function sayerText(said: Sayer): string {
  switch (said.by) {
    case "policy":
      return `${said.ref.file}:${said.ref.line}`;
    case "preset":
      return `preset ${said.preset}`;
    case "guess":
      return said.enforced ? "a guess, enforced" : "a guess, only recorded";
    case "nobody":
      return "nobody";
  }
}

function sayerCell(said: Sayer, text: string): Cell {
  const sure = said.by === "policy" || said.by === "preset";
  return sure ? text : { text, ink: said.by === "nobody" ? "yellow" : "dim" };
}

function argumentText({ pointer, kind, said }: KnownArgument): string {
  const because = said.by === "guess" ? ` (${said.because})` : "";
  // Top-level names without their slash, as an operator writes them.
  const name = /^\/[^/*]+$/.test(pointer) ? pointer.slice(1) : pointer;
  return `${name}: ${kind === null ? "open" : kindText(kind)}${because}`;
}

/** Several in a row, up to its width. */
function joined(items: readonly string[]): readonly string[] {
  const rows: string[] = [];
  for (const item of items) {
    const last = rows.at(-1);
    if (last === undefined || last.length + item.length > ROW_WIDTH) rows.push(item);
    else rows[rows.length - 1] = `${last}, ${item}`;
  }
  return rows;
}

function notesOf(
  { tools, counts }: KnownArguments,
  { paths, commands }: Pick<InspectionRules, "paths" | "commands">,
): readonly string[] {
  const all = tools.filter(({ reached }) => reached).flatMap((tool) => tool.arguments);
  const kinds = all.map(({ kind }) => kind);
  const profiles = new Set(
    kinds.flatMap((kind) => kind?.kind === "command" || kind?.kind === "argv" ? kind.profile : []),
  );
  const unreached = tools.filter(({ reached }) => !reached).map(({ name }) => name);
  return [
    ...(counts.open > 0
      ? ["open: nobody knows what it is, so only unmistakable values are refused"]
      : []),
    ...(all.some(({ said }) => said.by === "guess" && !said.enforced)
      ? ["only recorded: the audit says what would be refused; declare it to enforce it"]
      : []),
    ...(paths === undefined && kinds.some((kind) => kind?.kind === "path")
      ? ["path: inspect.paths names no roots, so paths are judged like open arguments"]
      : []),
    ...[...profiles].filter((profile) => !commands.has(profile)).map((profile) =>
      `command: inspect.commands has no profile "${profile}", so every such value is refused`
    ),
    ...(unreached.length === 0 ? [] : [`nobody may call ${listed(unreached)}`]),
  ];
}

const MAX_LISTED = 12;

function listed(names: readonly string[]): string {
  const more = names.length - MAX_LISTED;
  return names.slice(0, MAX_LISTED).join(", ") + (more > 0 ? ` and ${more} more (--json)` : "");
}
