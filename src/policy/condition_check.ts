/**
 * What a condition may be made of: its variables, functions, literals and size, looked at once, at
 * load.
 * @module
 */

import { nearest } from "../base/diagnostic.ts";
import type { Cel, CelNode } from "./cel.ts";
import {
  callOf,
  type CelCall,
  childrenOf,
  isText,
  isVariable,
  loopOf,
  VARIABLES,
} from "./cel_tree.ts";
import { BUILTINS, readSignature, REFUSED, type Signature } from "./condition_builtins.ts";
import type { ConditionFault, ConditionFunction, ConditionFunctions } from "./condition_types.ts";

const MAX_DEPTH = 150; // every level is some six frames of the stack when it is run
const MAX_INT = 2n ** 63n - 1n;

/** What conditions may call. */
export interface Vocabulary {
  /** Ours, by name. */
  readonly functions: ReadonlyMap<string, ConditionFunction>;
  /** All, by name; a name can have several. */
  readonly signatures: ReadonlyMap<string, readonly Signature[]>;
}

/** CEL's own functions and ours. */
export function vocabularyOf(functions: ConditionFunctions): Vocabulary {
  const own = functions.map((entry) => [readSignature(entry.signature).name, entry] as const);
  return {
    functions: new Map(own),
    signatures: Map.groupBy(
      [...BUILTINS, ...functions].map(({ signature }) => readSignature(signature)),
      ({ name }) => name,
    ),
  };
}

/** What a check needs. */
export interface Means {
  readonly cel: Cel;
  readonly vocabulary: Vocabulary;
}

interface Visit {
  readonly node: CelNode;
  /** The name that a loop around it gives its item. */
  readonly item: string | undefined;
  readonly depth: number;
}

/** Looks at all of an expression and gives the first fault in the order of the source. */
export function checkExpression(root: CelNode, means: Means): ConditionFault | undefined {
  const todo: Visit[] = [{ node: root, item: undefined, depth: 0 }];
  for (let visit = todo.pop(); visit !== undefined; visit = todo.pop()) {
    const { node, item, depth } = visit;
    const fault = faultOf(visit, means);
    if (fault !== undefined) return fault;
    const loop = loopOf(node);
    const ownItem = loop?.variable.op === "id" ? loop.variable.args : undefined;
    for (const child of childrenOf(node).toReversed()) {
      const isInside = loop !== undefined && child !== loop.iterable;
      todo.push({ node: child, item: isInside ? ownItem : item, depth: depth + 1 });
    }
  }
  return undefined;
}

function faultOf({ node, item, depth }: Visit, means: Means): ConditionFault | undefined {
  if (depth > MAX_DEPTH) {
    return at(node, `A condition is too large: its terms are nested more than ${MAX_DEPTH} deep`, {
      hint: 'Instead of many "||" write: x in ["a", "b"]',
    });
  }
  if (node.op === "id") return variableFault(node, node.args, item);
  if (node.op === "value" && typeof node.args === "bigint" && node.args > MAX_INT) {
    return at(node, `A whole number must be <= ${MAX_INT}`);
  }
  if (node.op === "map") return mapFault(node.args.map(([key]) => key));
  const loop = loopOf(node);
  if (loop?.variable.op === "id") {
    if (item !== undefined) {
      return at(node, "A condition goes through one list at a time: this is a loop in a loop");
    }
    if (isVariable(loop.variable.args)) {
      return at(loop.variable, `An item cannot be called "${loop.variable.args}"`, {
        hint: "It would hide the variable of that name: call it otherwise",
      });
    }
  }
  const call = callOf(node);
  return call === undefined ? undefined : callFault(node, call, means);
}

function variableFault(node: CelNode, name: string, item: string | undefined) {
  if (isVariable(name) || name === item) return undefined;
  const near = nearest(name, VARIABLES);
  return at(node, `Unknown variable "${name}"`, {
    hint: near === undefined
      ? `A condition speaks of ${VARIABLES.join(", ")}`
      : `Did you mean "${near}"?`,
  });
}

/** The library leaves these keys out of a map without a word, and of two that are equal the first. */
const LOST_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

function mapFault(keys: readonly CelNode[]): ConditionFault | undefined {
  const seen = new Set<string>();
  for (const key of keys) {
    if (key.op !== "value") return at(key, "The key of a map must be a literal");
    const name = String(key.args);
    if (LOST_KEYS.has(name)) return at(key, `A map cannot have the key "${name}"`);
    if (seen.has(name)) return at(key, `The key "${name}" stands twice in this map`);
    seen.add(name);
  }
  return undefined;
}

function callFault(
  node: CelNode,
  call: CelCall,
  { cel, vocabulary }: Means,
): ConditionFault | undefined {
  const { name, receiver, operands } = call;
  const reason = REFUSED.get(name);
  if (reason !== undefined) {
    return at(node, `Cannot use "${name}" in a condition`, { hint: reason });
  }
  const known = vocabulary.signatures.get(name);
  if (known === undefined) {
    const near = nearest(name, vocabulary.signatures.keys());
    return at(node, `Unknown function "${name}"`, {
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
    });
  }
  const fitting = known.filter(({ isMethod, parameters }) =>
    isMethod === (receiver !== undefined) && parameters.length === operands.length
  );
  if (fitting.length === 0) return at(node, `Cannot call "${name}" so`, { hint: usage(known) });
  // What the library leaves to a run when it does not know the receiver.
  for (const [i, operand] of operands.entries()) {
    const types = fitting.map(({ parameters }) => parameters[i] ?? "");
    if (isLiteralOfOtherType(operand, types)) {
      return at(operand, `Cannot call "${name}" with this operand: it must be of type ${types[0]}`);
    }
  }
  const own = receiver === undefined ? vocabulary.functions.get(name) : undefined;
  return own === undefined ? undefined : ownCallFault(node, { own, operands, name }, cel);
}

/** What the call of a function costs for every character of an operand, in the meter's units. */
export function unitsOf({ name, operands }: CelCall, { cel, vocabulary }: Means): number {
  if (name === "size") return 2; // it counts code points
  const own = vocabulary.functions.get(name);
  if (own === undefined) return 1;
  const pattern = operands.at(-1);
  if (own.kind === "text" || pattern === undefined || !isText(pattern)) return own.unitsPerChar;
  const prepared = cel.prepare(own, pattern.args);
  return prepared.ok ? prepared.value.unitsPerChar : own.unitsPerChar;
}

interface OwnCall {
  readonly name: string;
  readonly own: ConditionFunction;
  readonly operands: readonly CelNode[];
}

function ownCallFault(
  node: CelNode,
  { name, own, operands }: OwnCall,
  cel: Cel,
): ConditionFault | undefined {
  if (own.kind === "text") {
    const refusal = own.refuses?.(operands.map((o) => isText(o) ? o.args : undefined));
    return refusal === undefined ? undefined : at(node, `Cannot call "${name}" so: ${refusal}`);
  }
  const pattern = operands.at(-1) ?? node;
  if (!isText(pattern)) {
    return own.literalOnly ? at(pattern, `The pattern of "${name}" must be a literal`) : undefined;
  }
  const prepared = cel.prepare(own, pattern.args);
  return prepared.ok
    ? undefined
    : at(pattern, `Cannot use the pattern of "${name}": ${prepared.error}`);
}

function isLiteralOfOtherType(node: CelNode, types: readonly string[]): boolean {
  if (node.op !== "value") return false;
  if (types.every((type) => type === "string")) return typeof node.args !== "string";
  return types.every((type) => type === "int") && typeof node.args !== "bigint";
}

function usage(known: readonly Signature[]): string {
  const forms = known.map(({ name, isMethod, parameters }) =>
    `${isMethod ? "x." : ""}${name}(${parameters.join(", ")})`
  );
  return `Write ${[...new Set(forms)].join(" or ")}`;
}

function at(
  { start, end }: CelNode,
  message: string,
  more: { readonly hint?: string } = {},
): ConditionFault {
  return { message, offset: start, length: end - start, ...more };
}
