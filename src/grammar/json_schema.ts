/**
 * JSON Schemas of tools, compiled by ajv and validated within a budget.
 *
 * A schema is read into a plain form first (`schema_reader.ts`), so ajv sees nothing that its author
 * left to chance. Every schema has an ajv of its own: an instance keeps all it ever compiled.
 * @module
 */

import { _, Ajv2020, type KeywordCxt } from "ajv/dist/2020.js";
import { isObject, type JsonValue } from "../base/json.ts";
import { err, ok, type Result } from "../base/result.ts";
import { withDoubles } from "./doubles.ts";
import { linearRegex } from "./linear_regex.ts";
import { SchemaBudget, withinBudget } from "./schema_budget.ts";
import type { SchemaFault } from "./schema_fault.ts";
import { areUnique, membership, twinFinder } from "./schema_keywords.ts";
import { type ReadSchema, readSchema } from "./schema_reader.ts";
import { type SchemaViolation, violationOf } from "./schema_violation.ts";

/** A compiled schema. */
export interface SchemaValidator {
  /** Gives the first thing that does not fit. Never throws; what costs too much does not fit. */
  validate(value: JsonValue): SchemaViolation | undefined;
  /** Tells whether the schema declares a property of this name, at any depth. */
  declares(name: string): boolean;
}

/**
 * Compiles a schema of draft-06, draft-07, 2019-09 or 2020-12, once per object.
 *
 * Formats are not asserted. Where it says integer, the value must be one within ±(2^53 − 1). A
 * property that looks like a declared one does not fit, even where others may be added.
 */
export function compileSchema(schema: JsonValue): Result<SchemaValidator, SchemaFault> {
  if (!isObject(schema)) return compile(schema);
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const result = compile(schema);
  compiled.set(schema, result);
  return result;
}

const compiled = new WeakMap<object, Result<SchemaValidator, SchemaFault>>();

function compile(schema: JsonValue): Result<SchemaValidator, SchemaFault> {
  const read = readSchema(schema, (source) => linearRegex(source, "u"));
  if (!read.ok) return read;
  const budget = new SchemaBudget();
  const ajv = ajvFor(read.value, budget);
  try {
    const fits = ajv.compile<unknown>(read.value.root);
    return ok({
      declares: (name) => read.value.names.has(name),
      validate: (value) => {
        const run = () => fits(withDoubles(value)) ? undefined : violationOf(fits.errors ?? []);
        return withinBudget(run, { budget, value });
      },
    });
  } catch {
    // ajv refused what the reader let through: a schema that nobody can judge is a fault, not a crash
    return err({ code: "malformed", pointer: "", detail: "cannot be compiled" });
  }
}

function ajvFor({ patterns, names }: ReadSchema, budget: SchemaBudget): Ajv2020 {
  const regExp = (source: string) => {
    const regex = patterns.get(source);
    if (regex === undefined) throw new SyntaxError("Cannot find a pattern that was read");
    return budget.charge(regex);
  };
  regExp.code = "linearRegex"; // only for code that is written to a file, which this is not
  const ajv = new Ajv2020({
    strict: false,
    strictNumbers: true,
    validateSchema: false,
    validateFormats: false,
    meta: false,
    logger: false,
    addUsedSchema: false,
    inlineRefs: false, // a large schema that is referred to often would be copied as often
    ownProperties: true,
    multipleOfPrecision: 6, // 0.07 is a multiple of 0.01
    code: { regExp, optimize: false }, // optimising takes ten times as long as all else
  });
  const look = budget.look.bind(budget);
  ajv.addKeyword({
    keyword: "x-step",
    before: "$ref",
    code: ({ gen, data, schema }: KeywordCxt) => {
      gen.code(_`${gen.scopeValue("func", { ref: look })}(${data}, ${schema})`);
    },
  });
  ajv.addKeyword({
    keyword: "x-safe-integer",
    type: "number",
    validate: (_schema: true, value: number) => Number.isSafeInteger(value),
  });
  ajv.addKeyword({ keyword: "x-twins", type: "object", compile: twinKeyword(names, budget) });
  ajv.removeKeyword("enum").addKeyword({
    keyword: "enum",
    compile: (values: readonly JsonValue[]) => membership(values, budget),
  });
  ajv.removeKeyword("const").addKeyword({
    keyword: "const",
    compile: (value: JsonValue) => membership([value], budget),
  });
  ajv.removeKeyword("uniqueItems").addKeyword({
    keyword: "uniqueItems",
    type: "array",
    validate: (_schema: true, items: readonly JsonValue[]) => areUnique(items, budget),
  });
  return ajv;
}

/** A keyword's function, which tells ajv by `errors` what is wrong. */
interface TwinKeyword {
  (value: object): boolean;
  errors?: { readonly keyword: string; readonly params: Readonly<Record<string, string>> }[];
}

/** {@linkcode twinFinder} as ajv calls it. */
function twinKeyword(names: ReadonlySet<string>, budget: SchemaBudget) {
  return (declared: readonly string[]) => {
    const find = twinFinder(declared, { names, budget });
    const fits: TwinKeyword = (value) => {
      const found = find(value);
      if (found !== undefined) fits.errors = [{ keyword: "x-twins", params: { ...found } }];
      return found === undefined;
    };
    return fits;
  };
}
