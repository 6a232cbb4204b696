/**
 * What one run of a condition may cost. The library has no bound of its own, so every node of the
 * expression is given a meter: it counts runs, and the sizes of what operators and functions read.
 *
 * It rests on one property of the library that its types do not show: a node is run by its member
 * `evaluate`, which a node replaces in itself when it is first run. `meterTree()` fails at load if
 * that member is missing.
 * @module
 */

import type { CelNode } from "./cel.ts";
import { callOf, type CelCall, childrenOf, loopOf } from "./cel_tree.ts";

/** The purse of one condition; runs do not overlap. */
export interface Meter {
  /** Fills it for a run on values of some size. */
  begin(size: { readonly chars: number; readonly values: number }): void;
  /** Whether a run asked for more than there was, even if the library went on after the error. */
  readonly isSpent: boolean;
}

// One unit is 10 ns on the machine of LIBRARIES.md; 100 KB of text may cost 50 ms.
const UNITS = {
  base: 2_000_000,
  perInputChar: 30,
  perInputValue: 100,
  node: 15,
  /** An error captures a stack and draws a frame of the source. */
  error: 4_000,
  /** A moment in a time zone by name is formatted and parsed again. */
  zone: 20_000,
  /** Calling a function, over running a node. */
  call: 60,
  item: 5,
  /** Reading one UTF-16 unit, by CEL's own functions. */
  char: 1,
} as const;

/** The most items that `all`, `exists`, `filter` and `map` go through. */
export const MAX_ITEMS = 10_000;

/** How the value of a node is used by the node around it. */
type Use =
  /** Looked into one step deep, or passed on. */
  | { readonly kind: "passed" }
  /** Gone through item by item. */
  | { readonly kind: "iterated" }
  /** Read to its end. */
  | { readonly kind: "read"; readonly unitsPerChar: number };

const PASSED: Use = { kind: "passed" };

/** Puts meters on all nodes of an expression. `unitsOf` tells what a call costs by the character. */
export function meterTree(root: CelNode, unitsOf: (call: CelCall) => number): Meter {
  const purse = new Purse();
  const todo: { node: CelNode; use: Use }[] = [{ node: root, use: PASSED }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { node } = next;
    todo.push(
      ...childrenOf(node).map((child) => ({
        node: child,
        use: useOf(child, { parent: node, unitsOf }),
      })),
    );
    putMeter(node, { use: next.use, fee: feeOf(node), purse });
  }
  return purse;
}

class Purse implements Meter {
  #left = 0;
  #isSpent = false;
  #lastError: unknown;

  get isSpent(): boolean {
    return this.#isSpent;
  }

  begin({ chars, values }: { readonly chars: number; readonly values: number }): void {
    this.#left = UNITS.base + chars * UNITS.perInputChar + values * UNITS.perInputValue;
    this.#isSpent = false;
    this.#lastError = undefined;
  }

  spend(units: number): void {
    this.#left -= units;
    if (this.#left < 0 || this.#isSpent) this.refuse();
  }

  refuse(): never {
    this.#isSpent = true;
    throw SPENT;
  }

  /** An error is paid once, wherever it passes on its way out. */
  failed(error: unknown): void {
    if (error === SPENT || error === this.#lastError) return;
    this.#lastError = error;
    this.spend(UNITS.error);
  }

  /** Pays for a value that is read to its end. */
  read(value: unknown, unitsPerChar: number): void {
    if (typeof value === "string") return this.spend(value.length * unitsPerChar);
    if (value instanceof Map) {
      for (const [name, item] of value) {
        this.spend(UNITS.item);
        this.read(name, unitsPerChar);
        this.read(item, unitsPerChar);
      }
    } else if (typeof value === "object" && value !== null) {
      // Lists, and the plain objects that map literals make.
      for (const item of Object.values(value)) {
        this.spend(UNITS.item);
        this.read(item, unitsPerChar);
      }
    }
  }
}

/** One for all: making an error is what costs. */
const SPENT = new RangeError("Cannot evaluate a condition: it costs too much");

interface Around {
  readonly parent: CelNode;
  readonly unitsOf: (call: CelCall) => number;
}

function useOf(child: CelNode, { parent, unitsOf }: Around): Use {
  if (child.op === "value") return PASSED; // the source bounds its length
  const loop = loopOf(parent);
  if (loop !== undefined) {
    if (child === loop.iterable) return { kind: "iterated" };
    return { kind: "read", unitsPerChar: UNITS.char };
  }
  const call = callOf(parent);
  if (call !== undefined) {
    return { kind: "read", unitsPerChar: unitsOf(call) };
  }
  switch (parent.op) {
    case "==":
    case "!=":
    case "in":
    case "+":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { kind: "read", unitsPerChar: UNITS.char };
    case "value":
    case "id":
    case "call":
    case "rcall":
    case ".":
    case ".?":
    case "[]":
    case "[?]":
    case "list":
    case "map":
    case "?:":
    case "||":
    case "&&":
    case "!_":
    case "-_":
    case "-":
    case "*":
    case "/":
    case "%":
      return PASSED;
  }
}

function feeOf(node: CelNode): number {
  const call = loopOf(node) === undefined ? callOf(node) : undefined;
  if (call === undefined) return UNITS.node;
  const inZone = call.name.startsWith("get") && call.operands.length > 0;
  return UNITS.node + UNITS.call + (inZone ? UNITS.zone : 0);
}

interface Metering {
  readonly use: Use;
  readonly fee: number;
  readonly purse: Purse;
}

function putMeter(node: CelNode, { use, fee, purse }: Metering): void {
  let inner: unknown = Reflect.get(node, "evaluate");
  let isSettled = false;
  const metered = (evaluator: unknown, _node: unknown, variables: unknown): unknown => {
    if (typeof inner !== "function") throw new TypeError("Cannot run a node of CEL");
    // The first run replaces `evaluate` and calls it again: here.
    if (!isSettled) return Reflect.apply(inner, node, [evaluator, node, variables]);
    purse.spend(fee);
    let value: unknown;
    try {
      value = Reflect.apply(inner, node, [evaluator, node, variables]);
    } catch (error) {
      purse.failed(error);
      throw error;
    }
    pay(value, use, purse);
    return value;
  };
  if (typeof inner !== "function") {
    throw new TypeError(`Cannot meter CEL: a node has no "evaluate"`);
  }
  Object.defineProperty(node, "evaluate", {
    get: () => metered,
    set: (next: unknown) => {
      inner = next;
      isSettled = true;
    },
  });
}

function pay(value: unknown, use: Use, purse: Purse): void {
  switch (use.kind) {
    case "passed":
      return;
    case "iterated": {
      const items = Array.isArray(value) ? value.length : value instanceof Map ? value.size : 0;
      if (items > MAX_ITEMS) purse.refuse();
      return purse.spend(items * UNITS.item);
    }
    case "read":
      return purse.read(value, use.unitsPerChar);
  }
}
