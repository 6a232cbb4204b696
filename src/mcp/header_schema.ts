/**
 * Which arguments of a tool its `inputSchema` wants mirrored into headers.
 *
 * MCP 2026-07-28, Streamable HTTP, "Schema Extension" (`x-mcp-header`).
 * @module
 */

import { isObject, type JsonObject, type JsonValue, member } from "../base/json.ts";

/** One argument that a header mirrors. */
export interface DeclaredHeader {
  /** `Mcp-Param-` and the name as the schema spells it. */
  readonly header: string;
  /** The names of the members that lead from the arguments to the value. */
  readonly path: readonly string[];
}

/** What a schema declares. */
export interface HeaderSchema {
  /** The declarations that can be used; of two with one name the first. */
  readonly declared: readonly DeclaredHeader[];
  /** The first rule that the schema breaks: a client over HTTP has to leave the tool out. */
  readonly fault: string | undefined;
}

/** The member of a property's schema that declares a header. */
const KEYWORD = "x-mcp-header";
/** A field name (RFC 9110 §5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TYPES: readonly JsonValue[] = ["string", "integer", "boolean"];
/** Deeper than any message that is read at all. */
const MAX_DEPTH = 1000;
/** Far more headers than any server takes. */
const MAX_DECLARED = 256;

/** Keywords of JSON Schema (2020-12 and draft 7) that hold a schema or an array of schemas, … */
const APPLICATORS = [
  ...["items", "prefixItems", "additionalItems", "contains", "unevaluatedItems"],
  ...["additionalProperties", "unevaluatedProperties", "propertyNames"],
  ...["oneOf", "anyOf", "allOf", "not", "if", "then", "else", "contentSchema"],
];
/** … and those that hold schemas by name. In all of them a declaration is out of place. */
const NAMED_APPLICATORS = [
  ...["patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"],
];

/** The properties that lead to a schema, the last first. */
interface Way {
  readonly name: string;
  readonly before: Way | undefined;
}

/** The schema of the arguments themselves. */
const ROOT: Way = { name: "", before: undefined };

/** Schemas are read once: a call comes with the same object as the one before. */
const KNOWN = new WeakMap<JsonObject, HeaderSchema>();

/** Reads what a tool's `inputSchema` declares. Takes time in proportion to the schema, once. */
export function headerSchema(inputSchema: JsonValue | undefined): HeaderSchema {
  if (!isObject(inputSchema)) return { declared: [], fault: undefined };
  const known = KNOWN.get(inputSchema);
  if (known !== undefined) return known;
  const reader = new HeaderSchemaReader();
  reader.read(inputSchema, { way: ROOT, depth: 0 });
  const { declared, fault } = reader;
  const schema = { declared, fault };
  KNOWN.set(inputSchema, schema);
  return schema;
}

/**
 * Tells why a tool's `x-mcp-header` declarations are invalid, so that a client over HTTP (or a bridge
 * to HTTP) must leave the tool out of its list; `undefined` when they are in order or there are none.
 */
export function invalidHeaderSchema(inputSchema: JsonValue | undefined): string | undefined {
  return headerSchema(inputSchema).fault;
}

class HeaderSchemaReader {
  readonly declared: DeclaredHeader[] = [];
  fault: string | undefined;
  readonly #names = new Set<string>();

  /** `way` is `undefined` where no declaration may stand. */
  read(
    schema: JsonValue,
    { way, depth }: { readonly way: Way | undefined; readonly depth: number },
  ): void {
    if (!isObject(schema)) return;
    if (depth > MAX_DEPTH) return this.#broken(way, "stands too deep to be looked for");
    const name = member(schema, KEYWORD);
    if (name !== undefined) this.#declaration(name, { schema, way });
    const properties = member(schema, "properties");
    if (isObject(properties)) {
      for (const [property, inner] of Object.entries(properties)) {
        const next = way && { name: property, before: way };
        this.read(inner, { way: next, depth: depth + 1 });
      }
    }
    const elsewhere = { way: undefined, depth: depth + 1 };
    for (const keyword of APPLICATORS) {
      const inner = member(schema, keyword);
      const all: readonly (JsonValue | undefined)[] = Array.isArray(inner) ? inner : [inner];
      for (const one of all) if (one !== undefined) this.read(one, elsewhere);
    }
    for (const keyword of NAMED_APPLICATORS) {
      const inner = member(schema, keyword);
      if (isObject(inner)) { for (const one of Object.values(inner)) this.read(one, elsewhere); }
    }
  }

  #declaration(
    name: JsonValue,
    { schema, way }: { readonly schema: JsonObject; readonly way: Way | undefined },
  ): void {
    if (way === undefined || way === ROOT) {
      return this.#broken(way, "stands where no chain of properties leads");
    }
    if (typeof name !== "string" || !TOKEN.test(name)) {
      return this.#broken(way, "is no name for a header");
    }
    const lower = name.toLowerCase();
    if (this.#names.has(lower)) return this.#broken(way, "is a name that another one has");
    if (this.#names.size === MAX_DECLARED) {
      return this.#broken(way, `is one of more than ${MAX_DECLARED}`);
    }
    this.#names.add(lower);
    const type = member(schema, "type") ?? null;
    if (!TYPES.includes(type)) this.#broken(way, "needs the type string, integer or boolean");
    // Servers compare a number's header although clients must not offer the tool.
    if (TYPES.includes(type) || type === "number") {
      this.declared.push({ header: `Mcp-Param-${name}`, path: pathOf(way) });
    }
  }

  #broken(way: Way | undefined, what: string): void {
    const where = way === undefined || way === ROOT ? "" : ` of ${JSON.stringify(pathOf(way))}`;
    this.fault ??= `"${KEYWORD}"${where} ${what}`;
  }
}

function pathOf(way: Way): readonly string[] {
  const path: string[] = [];
  for (let at = way; at.before !== undefined; at = at.before) path.push(at.name);
  return path.reverse();
}
