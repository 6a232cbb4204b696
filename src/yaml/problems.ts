/**
 * Collects everything wrong with one file, and knows which line an offset is on.
 * @module
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import { pointerOf, type YamlNode } from "./node.ts";

/** What is wrong, without the place. */
export interface Fault {
  /** Stable, kebab-case. */
  readonly code: string;
  /** Sentence case, no final period. */
  readonly message: string;
  readonly hint?: string;
  /** `error` unless said otherwise. */
  readonly severity?: Diagnostic["severity"];
}

/** A line and a column, both from 1; columns are UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A value of a file that the operator wrote, for people who look for it. */
export type Spot = Pick<Diagnostic, "file" | "line" | "column" | "path">;

/** A problem is shown up to this many times for each severity; the rest is counted. */
const MAX_SHOWN = 100;

/** The problems of one file. */
export class Problems {
  /** The file as the operator named it. */
  readonly file: string;
  /** The file's text. */
  readonly text: string;
  readonly #found: { readonly [severity in Diagnostic["severity"]]: Diagnostic[] } = {
    error: [],
    warning: [],
  };
  readonly #unshown = { error: 0, warning: 0 };
  #lineStarts: readonly number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** True when there is an error. */
  get failed(): boolean {
    return this.#found.error.length > 0;
  }

  /** True when further errors are only counted: then a hint is not worth its time. */
  get full(): boolean {
    return this.#found.error.length >= MAX_SHOWN;
  }

  /** Reports a problem of a value. */
  at(node: YamlNode, fault: Fault): void {
    this.atOffset(node.offset, { ...fault, path: pointerOf(node) });
  }

  /** Reports a problem at an offset. */
  atOffset(offset: number, fault: Fault & { readonly path: string }): void {
    this.add({ ...fault, ...this.position(offset) });
  }

  /** Reports a problem of a place that is known already. */
  add(
    { severity = "error", code, message, hint, line, column, path }: Fault & Position & {
      readonly path: string;
    },
  ): void {
    const found = this.#found[severity];
    if (found.length >= MAX_SHOWN) {
      this.#unshown[severity]++;
      return;
    }
    const diagnostic = { code, severity, message, file: this.file, line, column, path };
    found.push(hint === undefined ? diagnostic : { ...diagnostic, hint });
  }

  /** Line and column of an offset. */
  position(offset: number): Position {
    this.#lineStarts ??= lineStartsOf(this.text);
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }

  /** Where a value, or its key at `offset`, stands. */
  ref(node: YamlNode, offset: number = node.offset): Spot {
    return { file: this.file, ...this.position(offset), path: pointerOf(node) };
  }

  /** Everything found: errors first, each kind in the order of the file. */
  list(): readonly Diagnostic[] {
    return [...this.#listed("error"), ...this.#listed("warning")];
  }

  #listed(severity: Diagnostic["severity"]): readonly Diagnostic[] {
    const found = this.#found[severity].toSorted((a, b) => a.line - b.line || a.column - b.column);
    const more = this.#unshown[severity];
    if (more === 0) return found;
    return [...found, {
      code: "more-problems",
      severity,
      message: `${more} more ${severity}${more === 1 ? " is" : "s are"} not shown`,
      file: this.file,
      line: 1,
      column: 1,
      path: "",
    }];
  }
}

/** Offsets at which lines start; a line ends with LF, CR or CR LF (YAML 1.2.2 §5.4). */
function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  if (text.includes("\r")) {
    for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
    return starts;
  }
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
