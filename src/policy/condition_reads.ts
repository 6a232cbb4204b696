/**
 * Which members of its variables a condition reads, so that only those are made ready for it.
 * @module
 */

import type { CelNode } from "./cel.ts";
import { callOf, childrenOf, isVariable, pathOf } from "./cel_tree.ts";

/** What is read of one value. */
export interface ReadPlan {
  /** All of it; otherwise the members alone, and whether it is there. */
  readonly whole: boolean;
  readonly members: ReadonlyMap<string, ReadPlan>;
}

interface Growing extends ReadPlan {
  whole: boolean;
  readonly members: Map<string, Growing>;
}

/** What an expression reads; the members of the plan are its variables. */
export function readsOf(root: CelNode): ReadPlan {
  const plan: Growing = { whole: false, members: new Map() };
  const todo = [root];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    const sought = soughtBy(node);
    const path = pathOf(sought ?? node);
    if (path === undefined) todo.push(...childrenOf(node));
    else if (isVariable(path[0])) addPath(plan, path).whole ||= sought === undefined;
  }
  return plan;
}

/** What `has()` looks for. */
function soughtBy(node: CelNode): CelNode | undefined {
  const call = callOf(node);
  return call?.name === "has" && call.receiver === undefined ? call.operands[0] : undefined;
}

function addPath(plan: Growing, path: readonly string[]): Growing {
  let at = plan;
  for (const name of path) {
    const next = at.members.get(name) ?? { whole: false, members: new Map<string, Growing>() };
    at.members.set(name, next);
    at = next;
  }
  return at;
}
