/**
 * JSON Schemas of the common keywords, judged without a compiler: ajv costs every start that meets a
 * tool some 10 MB and 30 ms, and most tools list nothing that needs it.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member } from "../base/json.ts";
import { ok, type Result } from "../base/result.ts";
import { withDoubles } from "./doubles.ts";
import type { SchemaValidator } from "./json_schema.ts";
import { SchemaBudget, withinBudget } from "./schema_budget.ts";
import type { SchemaFault } from "./schema_fault.ts";
import { areUnique, membership, twinFinder } from "./schema_keywords.ts";
import { type ReadSchema, readSchema } from "./schema_reader.ts";
import { failure, fits, limitTests, type Test, textsOf, typeTests } from "./simple_schema_tests.ts";
import { type ValidatorError, violationOf } from "./schema_violation.ts";

/** The keywords of the plain form that are judged here. */
const SIMPLE: ReadonlySet<string> = new Set(
  ("$ref type enum const properties required additionalProperties items prefixItems allOf anyOf " +
    "oneOf minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems " +
    "maxItems minProperties maxProperties uniqueItems x-safe-integer x-twins").split(" "),
);

/**
 * Makes the validator that `compileSchema()` would make, by interpretation; undefined for a schema
 * with a keyword that is not simple.
 */
export function simpleSchema(
  schema: JsonValue,
): Result<SchemaValidator, SchemaFault> | undefined {
  const read = readSchema(schema, () => NO_PATTERN);
  if (!read.ok) return read;
  for (const keyword of read.value.keywords) if (!SIMPLE.has(keyword)) return undefined;
  const budget = new SchemaBudget();
  const test = new Interpreter(read.value, budget).root;
  return ok({
    declares: (name) => read.value.names.has(name),
    validate: (value) => {
      const run = () => {
        const failure = test(withDoubles(value));
        return failure === undefined ? undefined : violationOf([failure]);
      };
      return withinBudget(run, { budget, value });
    },
  });
}

/** Stands for every pattern: a schema that has one is not judged here. */
const NO_PATTERN = { test: () => false, size: 0 };

/** Puts the tests of a schema together. */
class Interpreter {
  readonly root: Test;
  readonly #names: ReadonlySet<string>;
  readonly #budget: SchemaBudget;
  readonly #definitions = new Map<JsonValue, Test>();

  constructor({ root, names }: ReadSchema, budget: SchemaBudget) {
    this.#names = names;
    this.#budget = budget;
    for (const [name, schema] of this.#members(root, "$defs")) {
      this.#definitions.set(`#/$defs/${name}`, schema);
    }
    this.root = this.#test(root);
  }

  #test(schema: JsonValue): Test {
    if (!isObject(schema)) return schema === true ? () => undefined : () => failure("false", {});
    const step = member(schema, "x-step");
    const tests = [
      ...typeTests(schema),
      ...limitTests(schema),
      ...this.#inPlace(schema),
      ...this.#ofArrays(schema),
      ...this.#ofObjects(schema),
    ];
    return (value) => {
      if (typeof step === "number") this.#budget.look(value, step);
      for (const test of tests) {
        const failed = test(value);
        if (failed !== undefined) return failed;
      }
      return undefined;
    };
  }

  #members(schema: JsonValue, keyword: string): readonly (readonly [string, Test])[] {
    const schemas = isObject(schema) ? member(schema, keyword) : undefined;
    if (!isObject(schemas)) return [];
    return Object.entries(schemas).map(([name, one]) => [name, this.#test(one)] as const);
  }

  #list(schema: JsonObject, keyword: string): readonly Test[] | undefined {
    const schemas = member(schema, keyword);
    return Array.isArray(schemas) ? schemas.map((one) => this.#test(one)) : undefined;
  }

  #inPlace(schema: JsonObject): readonly Test[] {
    const tests: Test[] = [];
    const reference = member(schema, "$ref");
    // looked up with the value: definitions may refer to one another
    if (reference !== undefined) tests.push((value) => this.#definitions.get(reference)?.(value));
    const any = this.#list(schema, "anyOf");
    if (any !== undefined) {
      tests.push(fits("anyOf", (value) => any.some((test) => test(value) === undefined)));
    }
    const one = this.#list(schema, "oneOf");
    if (one !== undefined) {
      tests.push(fits("oneOf", (value) => fitsOne(one, value)));
    }
    tests.push(...this.#list(schema, "allOf") ?? []);
    const values = member(schema, "enum");
    if (Array.isArray(values)) tests.push(fits("enum", membership(values, this.#budget)));
    const constant = member(schema, "const");
    if (constant !== undefined) tests.push(fits("const", membership([constant], this.#budget)));
    return tests;
  }

  #ofArrays(schema: JsonObject): readonly Test[] {
    const first = this.#list(schema, "prefixItems") ?? [];
    const others = member(schema, "items");
    const rest = others === undefined ? () => undefined : this.#test(others);
    const tests: Test[] = [(value) => {
      if (!Array.isArray(value)) return undefined;
      const items: readonly JsonValue[] = value;
      for (const [index, item] of items.entries()) {
        const failed = (first[index] ?? rest)(item);
        if (failed !== undefined) return below(index, failed);
      }
      return undefined;
    }];
    if (member(schema, "uniqueItems") !== true) return tests;
    const unique = (value: JsonValue) => !Array.isArray(value) || areUnique(value, this.#budget);
    return [fits("uniqueItems", unique), ...tests];
  }

  #ofObjects(schema: JsonObject): readonly Test[] {
    const required = textsOf(member(schema, "required"));
    const properties = this.#members(schema, "properties");
    const declared = new Set(properties.map(([name]) => name));
    const others = member(schema, "additionalProperties");
    const other = others === undefined || others === false ? undefined : this.#test(others);
    const twins = member(schema, "x-twins");
    const find = twins === undefined
      ? undefined
      : twinFinder(textsOf(twins), { names: this.#names, budget: this.#budget });
    return [(value) => {
      if (!isObject(value)) return undefined;
      const missing = required.find((name) => !Object.hasOwn(value, name));
      if (missing !== undefined) return failure("required", { missingProperty: missing });
      for (const name of others === undefined ? [] : Object.keys(value)) {
        if (declared.has(name)) continue;
        const failed = other === undefined
          ? failure("additionalProperties", { additionalProperty: name })
          : heldTest(other, { value, name });
        if (failed !== undefined) return failed;
      }
      for (const [name, test] of properties) {
        const failed = heldTest(test, { value, name });
        if (failed !== undefined) return failed;
      }
      const twin = find?.(value);
      return twin === undefined ? undefined : failure("x-twins", { ...twin });
    }];
  }
}

/** A property that is not there fits. */
/** Whether one test passes and no other; a second that passes has told, and the rest is not tried. */
function fitsOne(tests: readonly Test[], value: JsonValue): boolean {
  let isOne = false;
  for (const test of tests) {
    if (test(value) !== undefined) continue;
    if (isOne) return false;
    isOne = true;
  }
  return isOne;
}

function heldTest(
  test: Test,
  { value, name }: { readonly value: JsonObject; readonly name: string },
): ValidatorError | undefined {
  const held = member(value, name);
  const failed = held === undefined ? undefined : test(held);
  return failed === undefined ? undefined : below(name, failed);
}

function below(name: string | number, failed: ValidatorError): ValidatorError {
  const step = String(name).replaceAll("~", "~0").replaceAll("/", "~1");
  return { ...failed, instancePath: `/${step}${failed.instancePath}` };
}
