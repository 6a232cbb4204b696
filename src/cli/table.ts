/**
 * Columns of text that line up, coloured or not.
 * @module
 */

import { printable } from "../base/log.ts";
import type { Ink, Paint } from "./paint.ts";

/** Text, or text in a colour. */
export type Cell = string | { readonly text: string; readonly ink: Ink };

/** Lays rows out in columns, two spaces apart. Control characters in cells are escaped. */
export function columns(rows: readonly (readonly Cell[])[], paint: Paint): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => widths[i] = Math.max(widths[i] ?? 0, textOf(cell).length));
  }
  return rows.map((row) =>
    row.map((cell, i) => {
      const text = textOf(cell);
      const gap = i === row.length - 1 ? "" : " ".repeat((widths[i] ?? 0) - text.length + 2);
      return (typeof cell === "string" ? text : paint(cell.ink, text)) + gap;
    }).join("").trimEnd()
  );
}

function textOf(cell: Cell): string {
  return printable(typeof cell === "string" ? cell : cell.text);
}
