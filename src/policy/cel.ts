/**
 * CEL: parsing, type checking and running an expression. The one file that imports the library.
 * @module
 */

import { type ASTNode, Environment, type ParseResult } from "@marcbachmann/cel-js";
import { err, ok, type Result } from "../base/result.ts";
import type {
  ConditionFault,
  ConditionFunction,
  ConditionFunctions,
  SubjectTest,
} from "./condition_types.ts";

/** A node of a parsed expression. */
export type CelNode = ASTNode;

/** A parsed expression; called with its variables it gives a value or throws. */
export type CelProgram = ParseResult;

/** CEL with the variables and functions of conditions. */
export interface Cel {
  /** Parses a source; types are not looked at. */
  parse(source: string): Result<CelProgram, ConditionFault>;
  /** Compiles the pattern of a test, which is a literal, once for all; or says what is wrong with it. */
  prepare(
    entry: ConditionFunction & { readonly kind: "test" },
    pattern: string,
  ): Result<SubjectTest, string>;
}

// An expression of 4 KiB can have 2000 nodes, and lean 1300 deep; these leave room for lists of words.
const MAX_NODES = 1_000;
const MAX_NESTING = 32; // parentheses, calls, lists and members within one another

/** Makes an environment; functions that are given are declared beside CEL's own. */
export function celWith(functions: ConditionFunctions): Cel {
  const environment = new Environment({ limits: { maxAstNodes: MAX_NODES, maxDepth: MAX_NESTING } })
    .registerVariable("args", "map<string, dyn>")
    .registerVariable({
      name: "principal",
      schema: {
        name: "string",
        kind: "string",
        roles: "list<string>",
        scopes: "list<string>",
        claims: "map<string, dyn>",
      },
    })
    .registerVariable({
      name: "context",
      schema: {
        time: "google.protobuf.Timestamp",
        era: "string",
        transport: "string",
        server: "string",
        tool: "string",
        resource: "string",
        action: "string",
        annotations: "map<string, bool>",
      },
    });
  const prepared: Prepared = new Map();
  for (const entry of functions) {
    environment.registerFunction(entry.signature, handlerOf(entry, prepared), { async: false });
  }
  return {
    parse: (source) => parse(environment, source),
    prepare: (entry, pattern) => prepare(entry, { pattern, prepared }),
  };
}

/** Checks the types of a parsed expression: it must give a bool, or what only a run can tell. */
export function checkTypes(program: CelProgram): ConditionFault | undefined {
  const { valid, type, error } = program.check();
  if (!valid) return faultOf(error, program.ast.input);
  if (type === "bool" || type === "dyn" || type === "dyn<bool>") return undefined;
  return {
    message: `A condition must be true or false: this is of type "${type}"`,
    offset: 0,
    length: program.ast.input.length,
  };
}

function parse(environment: Environment, source: string): Result<CelProgram, ConditionFault> {
  try {
    return ok(environment.parse(source));
  } catch (error) {
    return err(faultOf(error, source));
  }
}

/** The library's own errors have a code, a summary and a range; a full stack has none of them. */
function faultOf(error: unknown, source: string): ConditionFault {
  const { code, summary, range } = (error ?? {}) as Partial<
    { code: unknown; summary: unknown; range: { start: number; end: number } }
  >;
  if (typeof summary !== "string" || range === undefined || code === "limit_exceeded") {
    const offset = Math.min(range?.start ?? 0, source.length);
    return {
      message: `A condition is too large: at most ${MAX_NODES} terms, nested ${MAX_NESTING} deep`,
      offset,
      length: range === undefined ? source.length : 0,
    };
  }
  const offset = Math.min(range.start, source.length);
  return {
    message: `Cannot read a condition: ${lowerFirst(summary).replace(/\bEOF$/, "the end")}`,
    offset,
    length: Math.max(0, Math.min(range.end, source.length) - offset),
  };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** Patterns compiled at load, by signature; only the operator's own are kept. */
type Prepared = Map<string, Map<string, SubjectTest>>;

type TestFunction = ConditionFunction & { readonly kind: "test" };

function prepare(
  entry: TestFunction,
  { pattern, prepared }: { readonly pattern: string; readonly prepared: Prepared },
): Result<SubjectTest, string> {
  const own = prepared.get(entry.signature) ?? new Map<string, SubjectTest>();
  const known = own.get(pattern);
  if (known !== undefined) return ok(known);
  const compiled = entry.compile(pattern);
  if (compiled.ok) prepared.set(entry.signature, own.set(pattern, compiled.value));
  return compiled;
}

/** What the library calls; it throws for what is an error of the condition. */
function handlerOf(entry: ConditionFunction, prepared: Prepared) {
  if (entry.kind === "text") {
    return (...operands: readonly unknown[]) => entry.call(operands.map(String));
  }
  return (subject: unknown, pattern: unknown) => {
    const known = prepared.get(entry.signature)?.get(String(pattern));
    if (known !== undefined) return known.holds(String(subject));
    const compiled = entry.compile(String(pattern));
    if (!compiled.ok) throw new RangeError(`Cannot use a pattern: ${compiled.error}`);
    return compiled.value.holds(String(subject));
  };
}
