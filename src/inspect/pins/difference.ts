/**
 * What differs between two JSON values, for people to read.
 * @module
 */

import { canonicalJson } from "../../base/canonical_json.ts";
import { isObject, type JsonValue, member } from "../../base/json.ts";
import { pointerTo } from "../pointers.ts";

/** One place that differs. The texts are excerpts without hidden characters. */
export interface Difference {
  /** JSON pointer. */
  readonly pointer: string;
  /** Undefined where there was nothing. */
  readonly before: string | undefined;
  /** Undefined where there is nothing. */
  readonly after: string | undefined;
}

/** Differences, and whether there are more. */
export interface Differences {
  /** The first ones, in the order of the pointers. */
  readonly shown: readonly Difference[];
  /** Whether there are others. */
  readonly more: boolean;
}

const MAX_SHOWN = 20;
const MAX_EXCERPT = 240; // UTF-16 units
const CONTEXT = 20; // UTF-16 units shown in front of what differs

/** Finds the deepest places where two values differ. */
export function differences(before: JsonValue, after: JsonValue): Differences {
  const shown: Difference[] = [];
  const open: Pair[] = [{ pointer: "", before, after }];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    if (isSame(pair)) continue;
    const inner = membersOf(pair);
    if (inner !== undefined) open.push(...inner.reverse());
    else if (shown.length === MAX_SHOWN) return { shown, more: true };
    else shown.push(excerpted(pair));
  }
  return { shown, more: false };
}

interface Pair {
  readonly pointer: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

function isSame({ before, after }: Pair): boolean {
  if (before === undefined || after === undefined) return before === after;
  return canonicalJson(before) === canonicalJson(after);
}

function membersOf({ pointer, before, after }: Pair): Pair[] | undefined {
  if (Array.isArray(before) && Array.isArray(after)) {
    const longest: readonly JsonValue[] = before.length > after.length ? before : after;
    return longest.map((_, index) => ({
      pointer: pointerTo(pointer, String(index)),
      before: before[index],
      after: after[index],
    }));
  }
  if (!isObject(before) || !isObject(after)) return undefined;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.map((name) => ({
    pointer: pointerTo(pointer, name),
    before: member(before, name),
    after: member(after, name),
  }));
}

function excerpted({ pointer, before, after }: Pair): Difference {
  const [old, current] = [textOf(before), textOf(after)];
  const from = old === undefined || current === undefined ? 0 : firstDifference(old, current);
  return {
    pointer: excerpt(pointer, 0) ?? "",
    before: excerpt(old, from),
    after: excerpt(current, from),
  };
}

function textOf(value: JsonValue | undefined): string | undefined {
  return value === undefined || typeof value === "string" ? value : canonicalJson(value);
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return Math.max(0, at - CONTEXT);
}

function excerpt(text: string | undefined, from: number): string | undefined {
  if (text === undefined) return undefined;
  const part = text.slice(from, from + MAX_EXCERPT);
  const end = from + MAX_EXCERPT < text.length ? "…" : "";
  return `${from > 0 ? "…" : ""}${part.replace(HIDDEN, escaped)}${end}`;
}

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
