/**
 * Where a character of a text stands in the file, however the text is written.
 * @module
 */

import type { ScalarNode } from "./node.ts";

/**
 * The offset in the file of a place in a scalar's text.
 *
 * White space apart, a scalar and its source are the same characters in the same order, where an
 * escape stands for what it spells; so what stands before the place is counted in both. Linear.
 */
export function offsetInside(file: string, node: ScalarNode, index: number): number {
  const { text, style } = node;
  const before = text.slice(0, index);
  let left = countInk(before);
  const gap = before.length - before.trimEnd().length;
  let at = node.offset + (style === "single" || style === "double" ? 1 : 0);
  while (left > 0 && at < file.length) {
    const unit = unitAt(file, at, style);
    left -= unit.ink;
    at += unit.length;
  }
  // Before it may stand indentation, or a line that was folded.
  const wantsInk = index < text.length && !isSpace(text.charAt(index));
  if (wantsInk) {
    while (at < file.length && unitAt(file, at, style).ink === 0) {
      at += unitAt(file, at, style).length;
    }
    return Math.min(at, file.length);
  }
  return Math.min(at + gap, file.length);
}

/** One piece of source: how long it is, and how much it stands for. */
interface Unit {
  readonly length: number;
  /** UTF-16 units that are no white space. */
  readonly ink: number;
}

function unitAt(file: string, at: number, style: ScalarNode["style"]): Unit {
  const first = file.charAt(at);
  if (style === "single" && first === "'" && file.charAt(at + 1) === "'") {
    return { length: 2, ink: 1 };
  }
  if (style === "double" && first === "\\") return escapeAt(file, at);
  return { length: 1, ink: isSpace(first) ? 0 : 1 };
}

/** Digits after `\x`, `\u` and `\U` (YAML 1.2.2 §5.7). */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Escapes that stand for white space; a line break after `\` is none at all. */
const SPACE_ESCAPES = "tnvfr \t_NLP\r\n";

function escapeAt(file: string, at: number): Unit {
  const name = file.charAt(at + 1);
  const digits = HEX_DIGITS[name];
  if (digits === undefined) return { length: 2, ink: SPACE_ESCAPES.includes(name) ? 0 : 1 };
  const point = parseInt(file.slice(at + 2, at + 2 + digits), 16);
  const isPoint = point >= 0 && point <= 0x10ffff;
  return { length: 2 + digits, ink: isPoint ? countInk(String.fromCodePoint(point)) : 1 };
}

function countInk(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isSpace(text.charAt(i))) count++;
  }
  return count;
}

/** What YAML or its escapes can make of space: `\s` of ECMAScript, and NEL. */
function isSpace(unit: string): boolean {
  return /[\s\u0085]/.test(unit);
}
