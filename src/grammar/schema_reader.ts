/**
 * JSON Schemas that others wrote, read into the plain form that is compiled.
 *
 * The plain form is a copy that holds only what validation needs, in the words of 2020-12, with
 * every reference resolved inside the schema. So the compiler never meets an unknown type, a remote
 * reference, a pattern that backtracks, or more sub-schemas than it can bear.
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member } from "../base/json.ts";
import { err, ok, type Result } from "../base/result.ts";
import { withDoubles } from "./doubles.ts";
import type { LinearRegex } from "./linear_regex.ts";
import type { SchemaFault } from "./schema_fault.ts";
import { type PatternCompiler, SchemaLedger } from "./schema_ledger.ts";
import { resolveReference } from "./schema_reference.ts";

/** A schema in the plain form. Keywords that begin with `x-` are our own. */
export type PlainSchema = boolean | JsonObject;

/** A schema that was read. */
export interface ReadSchema {
  /** In the plain form; references are `#/$defs/…`. */
  readonly root: PlainSchema;
  /** Every property name that is declared anywhere in it. */
  readonly names: ReadonlySet<string>;
  /** Every keyword that the plain form uses. */
  readonly keywords: ReadonlySet<string>;
  /** Every pattern, compiled. */
  readonly patterns: ReadonlyMap<string, LinearRegex>;
}

const DIALECT = /^https?:\/\/json-schema\.org\/(?:draft-0[67]|draft\/20(?:19-09|20-12))\/schema#?$/;
const TYPES: ReadonlySet<JsonValue> = new Set(
  "string number integer boolean null object array".split(" "),
);
const HOLDING = "additionalProperties unevaluatedProperties unevaluatedItems then else".split(" ");
const ASKING = ["not", "if", "contains", "propertyNames"];
const LISTS = ["allOf", "anyOf", "oneOf"];
const BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
const COUNTS = ("minLength maxLength minItems maxItems minProperties maxProperties " +
  "minContains maxContains")
  .split(" ");

/** Reads a schema of draft-06, draft-07, 2019-09 or 2020-12; without `$schema` it is one of the last. */
export function readSchema(
  schema: JsonValue,
  compilePattern: PatternCompiler,
): Result<ReadSchema, SchemaFault> {
  return new SchemaReader(schema, compilePattern).read();
}

/** Where the reader stands. */
interface Place {
  readonly pointer: string;
  readonly depth: number;
  /** Whether a value may fail here and be right, as below `not` and `if`. */
  readonly asking: boolean;
  /** Whether a `$id` on the way changed what references are relative to. */
  readonly rebased: boolean;
}

/** One schema while its plain form is put together. */
interface Draft extends Place {
  readonly from: JsonObject;
  readonly into: Map<string, JsonValue>;
}

class SchemaReader {
  readonly #schema: JsonValue;
  readonly #names = new Set<string>();
  readonly #keywords = new Set<string>();
  readonly #ledger: SchemaLedger;
  readonly #references = new Map<string, string>();
  readonly #pending: { readonly name: string; readonly target: JsonValue; readonly at: Place }[] =
    [];

  constructor(schema: JsonValue, compilePattern: PatternCompiler) {
    this.#schema = schema;
    this.#ledger = new SchemaLedger(compilePattern);
  }

  read(): Result<ReadSchema, SchemaFault> {
    const dialect = isObject(this.#schema) ? member(this.#schema, "$schema") : undefined;
    if (dialect !== undefined && (typeof dialect !== "string" || !DIALECT.test(dialect))) {
      this.#refuse("unsupported", "/$schema", "names a dialect that is not known");
    }
    const root = this.#nameOf({ pointer: "", target: this.#schema }, false);
    const definitions = new Map<string, PlainSchema>();
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      definitions.set(next.name, this.#readOne(next.target, next.at));
    }
    const { fault, patterns } = this.#ledger;
    if (fault !== undefined) return err(fault);
    const whole = { $ref: `#/$defs/${root}`, $defs: Object.fromEntries(definitions) };
    return ok({ root: whole, names: this.#names, keywords: this.#keywords, patterns });
  }

  #refuse(code: SchemaFault["code"], pointer: string, detail: string): void {
    this.#ledger.refuse({ code, pointer, detail });
  }

  #readOne(schema: JsonValue | undefined, at: Place): PlainSchema {
    this.#ledger.enter(at.pointer, at.depth);
    if (this.#ledger.fault !== undefined || typeof schema === "boolean") return schema === true;
    if (!isObject(schema)) {
      this.#refuse("malformed", at.pointer, "must be an object or a boolean");
      return false;
    }
    this.#ledger.count(schema, at.pointer);
    const rebased = at.rebased || (at.pointer !== "" && member(schema, "$id") !== undefined);
    const draft: Draft = { ...at, rebased, from: schema, into: new Map() };
    this.#readReference(draft);
    this.#readType(draft);
    this.#readValues(draft);
    this.#readNumbers(draft);
    this.#readTexts(draft);
    this.#readInPlace(draft);
    this.#readItems(draft);
    this.#readProperties(draft);
    this.#readDependencies(draft);
    for (const keyword of draft.into.keys()) this.#keywords.add(keyword);
    return { "x-step": stepsOf(draft.into), ...Object.fromEntries(draft.into) };
  }

  #readReference({ from, into, pointer, asking, rebased }: Draft): void {
    for (const keyword of ["$dynamicRef", "$recursiveRef"]) {
      if (member(from, keyword) !== undefined) {
        this.#refuse("unsupported", `${pointer}/${keyword}`, "is a reference that is not followed");
      }
    }
    const reference = member(from, "$ref");
    if (reference === undefined) return;
    const found = typeof reference === "string" && !rebased
      ? resolveReference(this.#schema, reference)
      : undefined;
    if (found === undefined) {
      this.#refuse("unsupported", `${pointer}/$ref`, "refers to something outside this schema");
    } else {
      into.set("$ref", `#/$defs/${this.#nameOf(found, asking)}`);
    }
  }

  /** Names a schema that is referred to, and has it read once. */
  #nameOf(
    { pointer, target }: { readonly pointer: string; readonly target: JsonValue },
    asking: boolean,
  ): string {
    const key = `${asking ? "asking" : ""}${pointer}`;
    const known = this.#references.get(key);
    if (known !== undefined) return known;
    const name = `r${this.#references.size}`;
    this.#references.set(key, name);
    this.#pending.push({ name, target, at: { pointer, depth: 0, asking, rebased: false } });
    return name;
  }

  #readType({ from, into, pointer }: Draft): void {
    const type = member(from, "type");
    if (type === undefined) return;
    const types: readonly JsonValue[] = Array.isArray(type) ? type : [type];
    if (types.length === 0 || !types.every((name) => TYPES.has(name))) {
      this.#refuse("unsupported", `${pointer}/type`, "names an unknown type");
      return;
    }
    const named = new Set(types);
    if (member(from, "nullable") === true) named.add("null"); // OpenAPI 3.0
    if (named.has("integer") && !named.has("number")) into.set("x-safe-integer", true);
    into.set("type", [...named]);
  }

  #readValues({ from, into, pointer }: Draft): void {
    const values = member(from, "enum");
    if (Array.isArray(values)) {
      this.#ledger.countAll(values, `${pointer}/enum`);
      into.set("enum", this.#ledger.fault === undefined ? withDoubles(values) : []);
    } else if (values !== undefined) {
      this.#refuse("malformed", `${pointer}/enum`, "must be an array");
    }
    const constant = member(from, "const");
    if (constant === undefined) return;
    this.#ledger.countAll(constant, `${pointer}/const`);
    into.set("const", this.#ledger.fault === undefined ? withDoubles(constant) : null);
  }

  #readNumbers({ from, into, pointer }: Draft): void {
    const set = (keyword: string, fits: (value: number) => boolean) => {
      const value = member(from, keyword);
      if (value === undefined) return;
      const number = withDoubles(value);
      if (typeof number === "number" && fits(number)) into.set(keyword, number);
      else this.#refuse("malformed", `${pointer}/${keyword}`, "must be a number in its range");
    };
    for (const keyword of BOUNDS) set(keyword, Number.isFinite);
    for (const keyword of COUNTS) {
      set(keyword, (value) => Number.isSafeInteger(value) && value >= 0);
    }
    set("multipleOf", (value) => Number.isFinite(value) && value > 0);
  }

  #readTexts({ from, into, pointer }: Draft): void {
    const pattern = member(from, "pattern");
    if (pattern !== undefined) {
      this.#ledger.addPattern(pattern, `${pointer}/pattern`);
      into.set("pattern", pattern);
    }
    const unique = member(from, "uniqueItems");
    if (unique === true) into.set("uniqueItems", true);
    const required = member(from, "required");
    if (required !== undefined) {
      into.set("required", this.#readNames(required, `${pointer}/required`));
    }
  }

  #readNames(names: JsonValue, pointer: string): readonly string[] {
    const read = new Set<string>();
    if (Array.isArray(names)) this.#ledger.count(names, pointer);
    for (const name of Array.isArray(names) ? names : [undefined]) {
      if (typeof name === "string") read.add(name);
      else this.#refuse("malformed", pointer, "must be an array of names");
    }
    return [...read];
  }

  /** Schemas for the value itself, or for all its parts alike. */
  #readInPlace(draft: Draft): void {
    const { from, into } = draft;
    for (const keyword of HOLDING) {
      const schema = member(from, keyword);
      if (schema !== undefined) into.set(keyword, this.#readBelow(schema, draft, [keyword]));
    }
    for (const keyword of ASKING) {
      const schema = member(from, keyword);
      if (schema === undefined) continue;
      into.set(keyword, this.#readBelow(schema, { ...draft, asking: true }, [keyword]));
    }
    for (const keyword of LISTS) this.#readList(draft, keyword);
  }

  #readBelow(schema: JsonValue, at: Place, path: readonly string[]): PlainSchema {
    const pointer = path.reduce((whole, name) => `${whole}/${escaped(name)}`, at.pointer);
    const { asking, rebased } = at;
    return this.#readOne(schema, { pointer, depth: at.depth + 1, asking, rebased });
  }

  #readList(draft: Draft, keyword: string, as = keyword): void {
    const schemas = member(draft.from, keyword);
    if (schemas === undefined) return;
    if (!Array.isArray(schemas) || schemas.length === 0) {
      this.#refuse("malformed", `${draft.pointer}/${keyword}`, "must be an array of schemas");
      return;
    }
    this.#ledger.count(schemas, draft.pointer);
    const read: PlainSchema[] = [];
    for (const [index, schema] of schemas.entries()) {
      if (this.#ledger.fault !== undefined) return;
      read.push(this.#readBelow(schema, draft, [keyword, String(index)]));
    }
    draft.into.set(as, read);
  }

  /** Drafts up to 2019-09 list the schemas of the first items in `items`; 2020-12 in `prefixItems`. */
  #readItems(draft: Draft): void {
    const items = member(draft.from, "items");
    const listed = Array.isArray(items);
    this.#readList(draft, "prefixItems");
    if (listed && items.length > 0) this.#readList(draft, "items", "prefixItems");
    const rest = listed ? "additionalItems" : "items";
    const schema = member(draft.from, rest);
    if (schema !== undefined) draft.into.set("items", this.#readBelow(schema, draft, [rest]));
  }

  #readProperties(draft: Draft): void {
    const properties = this.#readMap(draft, "properties");
    if (properties !== undefined) {
      for (const name of properties.keys()) this.#names.add(name);
      draft.into.set("properties", Object.fromEntries(properties));
      if (!draft.asking) draft.into.set("x-twins", [...properties.keys()]);
    }
    const patterns = this.#readMap(draft, "patternProperties");
    if (patterns === undefined) return;
    for (const source of patterns.keys()) {
      this.#ledger.addPattern(source, `${draft.pointer}/patternProperties/${escaped(source)}`);
    }
    draft.into.set("patternProperties", Object.fromEntries(patterns));
  }

  #readMap(draft: Draft, keyword: string): ReadonlyMap<string, PlainSchema> | undefined {
    const schemas = member(draft.from, keyword);
    if (schemas === undefined) return undefined;
    const read = new Map<string, PlainSchema>();
    if (!isObject(schemas)) {
      this.#refuse("malformed", `${draft.pointer}/${keyword}`, "must be an object of schemas");
      return read;
    }
    this.#ledger.count(schemas, draft.pointer);
    for (const [name, schema] of Object.entries(schemas)) {
      if (this.#ledger.fault !== undefined) break;
      read.set(name, this.#readBelow(schema, draft, [keyword, name]));
    }
    return read;
  }

  /** `dependencies` is what draft-07 has for `dependentSchemas` and `dependentRequired`. */
  #readDependencies(draft: Draft): void {
    const schemas = new Map(this.#readMap(draft, "dependentSchemas"));
    const required = new Map<string, readonly string[]>();
    for (const keyword of ["dependentRequired", "dependencies"]) {
      const given = member(draft.from, keyword);
      if (given === undefined) continue;
      if (!isObject(given)) {
        this.#refuse("malformed", `${draft.pointer}/${keyword}`, "must be an object");
        continue;
      }
      this.#ledger.count(given, draft.pointer);
      for (const [name, value] of Object.entries(given)) {
        if (this.#ledger.fault !== undefined) return;
        if (Array.isArray(value) || keyword === "dependentRequired") {
          required.set(name, this.#readNames(value, `${draft.pointer}/${keyword}`));
        } else schemas.set(name, this.#readBelow(value, draft, [keyword, name]));
      }
    }
    if (schemas.size > 0) draft.into.set("dependentSchemas", Object.fromEntries(schemas));
    if (required.size > 0) draft.into.set("dependentRequired", Object.fromEntries(required));
  }
}

/** What one look at a value costs beside the value itself: the branches and properties that are tried. */
function stepsOf(schema: ReadonlyMap<string, JsonValue>): number {
  let steps = 1;
  for (const keyword of LISTS) {
    const branches = schema.get(keyword);
    if (Array.isArray(branches)) steps += branches.length;
  }
  const properties = schema.get("properties");
  return typeof properties === "object" && properties !== null
    ? steps + Object.keys(properties).length
    : steps;
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
