/**
 * Which declared pointer speaks of a concrete one.
 * @module
 */

import type { ArgumentPointer } from "./pointers.ts";

/** What was declared for a place, and how closely. */
export interface Covering<T> {
  /** What was declared. */
  readonly declared: T;
  /** Whether it was declared for this very place, not for one around it. */
  readonly exact: boolean;
}

/** Declared pointers, ready to be asked. */
export interface PointerIndex<T> {
  /**
   * Finds the most specific declaration that covers a concrete place: the one that reaches
   * deepest; of two that reach as deep, the one that names a step where the other has `*`, the
   * earliest such step deciding. A text that stands where items are declared is one of them: servers
   * take one where they say they take several.
   */
  covering(steps: readonly string[]): Covering<T> | undefined;
}

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  declared: { readonly value: T } | undefined;
}

/** Builds the index. Of two declarations for one pointer the later stands. */
export function indexPointers<T>(
  declarations: Iterable<readonly [ArgumentPointer, T]>,
): PointerIndex<T> {
  const root: Node<T> = { children: new Map(), declared: undefined };
  for (const [{ steps }, value] of declarations) {
    let node = root;
    for (const step of steps) node = childOf(node, step);
    node.declared = { value };
  }
  return { covering: (steps) => deepest(root, steps) };
}

function childOf<T>(node: Node<T>, step: string): Node<T> {
  const known = node.children.get(step);
  if (known !== undefined) return known;
  const child: Node<T> = { children: new Map(), declared: undefined };
  node.children.set(step, child);
  return child;
}

/** Goes down level by level; the nodes of a level are in order, the most specific first. */
function deepest<T>(root: Node<T>, steps: readonly string[]): Covering<T> | undefined {
  let level: readonly Node<T>[] = [root];
  let found: Node<T>["declared"];
  let reached = 0;
  for (let depth = 0; depth < steps.length && level.length > 0; depth++) {
    level = levelBelow(level, steps[depth] ?? "");
    const declared = firstDeclared(level);
    if (declared === undefined) continue;
    found = declared;
    reached = depth + 1;
  }
  if (found !== undefined && reached === steps.length) {
    return { declared: found.value, exact: true };
  }
  const around = found === undefined ? undefined : { declared: found.value, exact: false };
  return itemBelow(level) ?? around;
}

function levelBelow<T>(level: readonly Node<T>[], step: string): readonly Node<T>[] {
  const below: Node<T>[] = [];
  for (const { children } of level) {
    const named = children.get(step);
    const every = step === "*" ? undefined : children.get("*");
    if (named !== undefined) below.push(named);
    if (every !== undefined) below.push(every);
  }
  return below;
}

function firstDeclared<T>(level: readonly Node<T>[]): Node<T>["declared"] {
  for (const { declared } of level) if (declared !== undefined) return declared;
  return undefined;
}

/** What is declared for the items of a place, or for their items. */
function itemBelow<T>(level: readonly Node<T>[]): Covering<T> | undefined {
  for (let items = level; items.length > 0;) {
    items = items.flatMap(({ children }) => children.get("*") ?? []);
    const declared = firstDeclared(items);
    if (declared !== undefined) return { declared: declared.value, exact: false };
  }
  return undefined;
}
