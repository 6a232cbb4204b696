/**
 * Colours on a terminal, plain text elsewhere and with NO_COLOR; columns that fit their text.
 * @module
 */

const COLOURS = !Deno.noColor && Deno.stdout.isTerminal();
const encoder = new TextEncoder();

/** How a text looks. */
export type Look = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

const CODES: Readonly<Record<Look, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  cyan: 36,
};

/** Text of one table cell. */
export interface Cell {
  readonly text: string;
  readonly look?: Look;
}

/** The text in this look. */
export function paint(text: string, look: Look | undefined): string {
  return COLOURS && look !== undefined ? `\x1b[${CODES[look]}m${text}\x1b[0m` : text;
}

/** Writes one line. */
export function say(text = ""): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

/** Writes a heading. */
export function heading(text: string): void {
  say();
  say(paint(text, "bold"));
  say();
}

/** Writes a table: a head, a rule, rows; columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const cells = [head.map((text): Cell => ({ text, look: "dim" })), ...rows];
  const widths = head.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.text.length ?? 0))
  );
  const line = (row: readonly Cell[]) =>
    row.map(({ text, look }, column) => paint(text.padEnd(widths[column] ?? 0), look)).join("  ");
  for (const [index, row] of cells.entries()) {
    say(`  ${line(row).trimEnd()}`);
    if (index === 0) say(`  ${paint(widths.map((width) => "─".repeat(width)).join("──"), "dim")}`);
  }
}
