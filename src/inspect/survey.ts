/**
 * What is known of each argument of a tool, for the operator. It goes by the same kinds as the plan
 * by which calls are judged.
 * @module
 */

import type { ArgumentKind, ArgumentKinds, SqlDialect } from "../access/inspection.ts";
import type { ToolListing } from "../access/request.ts";
import { type JsonObject, type JsonValue, member } from "../base/json.ts";
import type { SchemaFault } from "../grammar/schema_fault.ts";
import { schemasOf, stringArguments } from "./inference/string_arguments.ts";
import { parsePointer, pointerTo, stepsOf } from "./pointers.ts";
import { placeInSchema } from "./schema_place.ts";
import { declaredFirst, type KindOf, kindsOf } from "./tool_plan.ts";

/** How an argument's kind is known. */
export type KnownKind =
  /** `pointer`: as declared, which may be around the argument. */
  | { readonly by: "declaration"; readonly kind: ArgumentKind; readonly pointer: string }
  /** Not `enforced`: the audit says what would be refused. */
  | {
    readonly by: "inference";
    readonly kind: ArgumentKind;
    readonly because: string;
    readonly enforced: boolean;
  }
  /** Nobody knows: only what no text should hold is refused. */
  | { readonly by: "nobody" };

/** An argument, or a part of one, that may hold text. */
export interface SurveyedArgument {
  /** With `*` for items and values. */
  readonly pointer: string;
  readonly known: KnownKind;
}

/** One tool, looked at. */
export interface ToolSurvey {
  readonly schema:
    | { readonly state: "none" }
    | { readonly state: "sound" }
    /** Every call is refused. */
    | { readonly state: "unusable"; readonly fault: SchemaFault };
  /** In the order of the schema; then what only the operator knows of. */
  readonly arguments: readonly SurveyedArgument[];
}

/** What a survey is made of. */
export interface SurveySources {
  /** Undefined when the server has not been asked. */
  readonly listing: ToolListing | undefined;
  /** By the policy, else by a preset. */
  readonly declared: ArgumentKinds | undefined;
  /** The dialect of SQL where nothing is said. */
  readonly dialect: SqlDialect;
}

/** Looks at what is known of a tool's arguments. */
export async function surveyTool(sources: SurveySources): Promise<ToolSurvey> {
  const inputSchema = sources.listing?.inputSchema;
  const kinds = await kindsOf(sources);
  const known = knowledgeOf(kinds);
  const pointers = new Set(inputSchema === undefined ? [] : textPlaces(inputSchema));
  for (const { text, because } of kinds) {
    if (because === undefined && standsAlone(text, { inputSchema, pointers })) pointers.add(text);
  }
  const arguments_ = [...pointers].map((pointer) => ({ pointer, known: known(pointer) }));
  return { schema: await schemaState(inputSchema), arguments: arguments_ };
}

/** What is known of one place in a call's arguments, by its pointer without `*`. */
export async function surveyArgument(sources: SurveySources, pointer: string): Promise<KnownKind> {
  return knowledgeOf(await kindsOf(sources))(pointer);
}

/** What is known of a place: the closest declaration, else the closest guess. */
function knowledgeOf(kinds: readonly KindOf[]): (pointer: string) => KnownKind {
  const index = declaredFirst(kinds.flatMap((kind) => {
    const pointer = parsePointer(kind.text);
    return pointer.ok ? [{ ...kind, pointer: pointer.value }] : [];
  }));
  return (pointer) => {
    const kind = index.covering(stepsOf(pointer))?.declared;
    return kind === undefined ? { by: "nobody" } : knownBy(kind);
  };
}

/** Where the schema has a string, and where it leaves open what is sent. */
function* textPlaces(inputSchema: JsonValue): Iterable<string> {
  for (const [pointer] of stringArguments(inputSchema)) yield pointer;
  for (const { schema, at: { pointer } } of schemasOf(inputSchema)) {
    if (pointer !== "" && holdsAnything(schema)) yield pointerTo(pointer, "*");
  }
}

const CONTENTS = ["properties", "items", "prefixItems", "allOf", "anyOf", "oneOf", "const", "enum"];

/** An object or array of which nothing is said but that it is one. */
function holdsAnything(schema: JsonObject): boolean {
  const isHolder = [member(schema, "type")].flat().some((type) =>
    type === "object" || type === "array"
  );
  const more = member(schema, "additionalProperties");
  const isOpen = more === undefined || more === true;
  return isHolder && isOpen && !CONTENTS.some((keyword) => member(schema, keyword) !== undefined);
}

/** True for a declaration that no listed place shows: the schema, or what there is of it, does not speak of it. */
function standsAlone(
  declared: string,
  { inputSchema, pointers }: {
    readonly inputSchema: JsonValue | undefined;
    readonly pointers: ReadonlySet<string>;
  },
): boolean {
  if (inputSchema === undefined) return true;
  const covers = [...pointers].some((place) =>
    place === declared || place.startsWith(`${declared}/`)
  );
  return !covers && placeInSchema(inputSchema, { steps: stepsOf(declared) }).found === "open";
}

function knownBy({ text, kind, because, enforced }: KindOf): KnownKind {
  return because === undefined
    ? { by: "declaration", kind, pointer: text }
    : { by: "inference", kind, because, enforced };
}

async function schemaState(inputSchema: JsonValue | undefined): Promise<ToolSurvey["schema"]> {
  if (inputSchema === undefined) return { state: "none" };
  const { compileSchema } = await import("../grammar/json_schema.ts");
  const compiled = compileSchema(inputSchema);
  return compiled.ok ? { state: "sound" } : { state: "unusable", fault: compiled.error };
}
