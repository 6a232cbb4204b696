/**
 * The shape of a parsed CEL expression.
 * @module
 */

import type { CelNode } from "./cel.ts";
import { LOOPS } from "./condition_builtins.ts";

/** The variables of a condition. */
export const VARIABLES = ["args", "principal", "context"] as const;

/** Tells whether a name is that of a variable. */
export function isVariable(name: string | undefined): boolean {
  return VARIABLES.some((variable) => variable === name);
}

/** A call of a function or a method, its operands in the order of the source. */
export interface CelCall {
  readonly name: string;
  /** Absent for a function. */
  readonly receiver: CelNode | undefined;
  readonly operands: readonly CelNode[];
}

/** A macro that goes through a list. */
export interface CelLoop {
  readonly iterable: CelNode;
  /** The name of the item. */
  readonly variable: CelNode;
  /** What is asked of every item, and what becomes of it. */
  readonly body: readonly CelNode[];
}

/** A node as a call, when it is one. */
export function callOf(node: CelNode): CelCall | undefined {
  if (node.op === "call") {
    return { name: node.args[0], receiver: undefined, operands: node.args[1] };
  }
  if (node.op === "rcall") {
    return { name: node.args[0], receiver: node.args[1], operands: node.args[2] };
  }
  return undefined;
}

/** A node as a loop, when it is one. */
export function loopOf(node: CelNode): CelLoop | undefined {
  const call = callOf(node);
  if (call?.receiver === undefined || !LOOPS.has(call.name)) return undefined;
  const [variable, ...body] = call.operands;
  if (variable?.op !== "id" || body.length === 0) return undefined;
  return { iterable: call.receiver, variable, body };
}

/** What a node is made of. The name that a loop gives its item is none of it. */
export function childrenOf(node: CelNode): readonly CelNode[] {
  const loop = loopOf(node);
  if (loop !== undefined) return [loop.iterable, ...loop.body];
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "map":
      return node.args.flat();
    case "!_":
    case "-_":
      return [node.args];
    case "list":
    case "?:":
    case "[]":
    case "[?]":
    case "||":
    case "&&":
    case "!=":
    case "==":
    case "in":
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return node.args;
  }
}

/** The names of a chain such as `args.options["path"]`, from the variable on. */
export function pathOf(node: CelNode): readonly string[] | undefined {
  const names: string[] = [];
  let at = node;
  while (at.op !== "id") {
    if (at.op === ".") names.push(at.args[1]);
    else if (at.op === "[]" && isText(at.args[1])) names.push(at.args[1].args);
    else return undefined;
    at = at.args[0];
  }
  return [at.args, ...names.reverse()];
}

/** Tells whether a node is a string literal. */
export function isText(node: CelNode): node is CelNode & { readonly args: string } {
  return node.op === "value" && typeof node.args === "string";
}
