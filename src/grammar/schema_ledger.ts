/**
 * What reading a schema has used up, and the first thing that is wrong with it.
 * @module
 */

import { isObject, type JsonObject, type JsonValue } from "../base/json.ts";
import type { LinearRegex } from "./linear_regex.ts";
import type { SchemaFault } from "./schema_fault.ts";

const MAX_VALUES = 50_000; // JSON values that are read of one schema
const MAX_SUB_SCHEMAS = 1_000; // compiling takes about 0.1 ms for each
const MAX_DEPTH = 64; // levels of sub-schemas, and of a listed value
const MAX_PATTERN_SIZE = 40_000; // RE2 instructions of all patterns together

/** Compiles the source of a pattern, or throws a `SyntaxError`. */
export type PatternCompiler = (source: string) => LinearRegex;

/** Keeps the caps of one schema. After the first fault nothing more needs to be read. */
export class SchemaLedger {
  readonly #patterns = new Map<string, LinearRegex>();
  readonly #compile: PatternCompiler;
  #values = 0;
  #schemas = 0;
  #patternSize = 0;
  #fault: SchemaFault | undefined;

  constructor(compile: PatternCompiler) {
    this.#compile = compile;
  }

  /** The first fault. */
  get fault(): SchemaFault | undefined {
    return this.#fault;
  }

  /** Every pattern, compiled. */
  get patterns(): ReadonlyMap<string, LinearRegex> {
    return this.#patterns;
  }

  /** Notes a fault, unless there is one. */
  refuse(fault: SchemaFault): void {
    this.#fault ??= fault;
  }

  /** Counts a sub-schema that stands `depth` levels deep. */
  enter(pointer: string, depth: number): void {
    if (++this.#schemas > MAX_SUB_SCHEMAS) {
      this.#tooLarge(pointer, `has more than ${MAX_SUB_SCHEMAS} sub-schemas`);
    }
    if (depth > MAX_DEPTH) this.#tooLarge(pointer, `nests sub-schemas deeper than ${MAX_DEPTH}`);
  }

  /** Counts the members of an array or object. */
  count(value: JsonObject | readonly JsonValue[], pointer: string): void {
    this.#values += Object.keys(value).length;
    if (this.#values > MAX_VALUES) this.#tooLarge(pointer, `has more than ${MAX_VALUES} values`);
  }

  /** Counts all that a listed value holds. */
  countAll(value: JsonValue, pointer: string, depth = 0): void {
    if (!Array.isArray(value) && !isObject(value)) return;
    this.count(value, pointer);
    if (depth > MAX_DEPTH) this.#tooLarge(pointer, `nests values deeper than ${MAX_DEPTH}`);
    if (this.#fault !== undefined) return;
    for (const inner of Object.values(value)) this.countAll(inner, pointer, depth + 1);
  }

  /** Compiles a pattern, once. */
  addPattern(source: JsonValue, pointer: string): void {
    if (typeof source !== "string") {
      this.refuse({ code: "malformed", pointer, detail: "must be a string" });
    }
    if (typeof source !== "string" || this.#patterns.has(source)) return;
    if (this.#fault !== undefined) return;
    try {
      const regex = this.#compile(source);
      this.#patterns.set(source, regex);
      this.#patternSize += regex.size;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const detail = "is a pattern that cannot be matched in linear time";
      this.refuse({ code: "unsupported", pointer, detail });
    }
    if (this.#patternSize > MAX_PATTERN_SIZE) {
      this.#tooLarge(pointer, "adds to patterns that are too large");
    }
  }

  #tooLarge(pointer: string, detail: string): void {
    this.refuse({ code: "too_large", pointer, detail });
  }
}
