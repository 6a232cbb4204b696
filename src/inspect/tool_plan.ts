/**
 * How the arguments of one tool are judged: made once, from what the operator declares and the
 * server lists.
 * @module
 */

import type { ArgumentKind, ArgumentKinds } from "../access/inspection.ts";
import type { ToolListing } from "../access/request.ts";
import type { JsonValue } from "../base/json.ts";
import type { SchemaValidator } from "../grammar/json_schema.ts";
import type { Detector, Detectors } from "./detectors.ts";
import { indexPointers, type PointerIndex } from "./pointer_index.ts";
import { type ArgumentPointer, parsePointer } from "./pointers.ts";

/** What is known of one argument. */
export interface PlannedArgument {
  readonly pointer: ArgumentPointer;
  readonly kind: ArgumentKind;
  readonly detector: Detector;
  /** False for what is only guessed: the audit says what would be refused. */
  readonly enforced: boolean;
}

/** Whether arguments fit what the server listed. */
export type PlannedSchema =
  | { readonly state: "none" }
  | { readonly state: "known"; readonly validator: SchemaValidator }
  /** It cannot be read, so nothing fits it. */
  | { readonly state: "unreadable"; readonly detail: string };

/** How one tool is judged. */
export interface ToolPlan {
  readonly schema: PlannedSchema;
  /** By the most specific declaration. */
  readonly arguments: PointerIndex<PlannedArgument>;
  /** Those whose strings are judged together. */
  readonly vectors: readonly PlannedArgument[];
  /** For what is not in `arguments`. */
  readonly unknown: Detector;
}

/** What a plan is made of. */
export interface PlanSources {
  readonly listing: ToolListing | undefined;
  /** By the policy, else by a preset. */
  readonly declared: ArgumentKinds | undefined;
  readonly detectors: Detectors;
}

/** Makes the plan of a tool, loading what its kinds need. */
export async function makeToolPlan(sources: PlanSources): Promise<ToolPlan> {
  const { detectors } = sources;
  const schema = await plannedSchema(sources.listing);
  const planned: PlannedArgument[] = [];
  for (const { text, kind, enforced } of await kindsOf(sources)) {
    const pointer = parsePointer(text);
    if (!pointer.ok) continue; // the policy's reader has refused it already
    planned.push({ pointer: pointer.value, kind, enforced, detector: await detectors.of(kind) });
  }
  return {
    schema,
    arguments: indexPointers(planned.map((argument) => [argument.pointer, argument] as const)),
    vectors: planned.filter(({ detector }) => detector.on === "words"),
    unknown: await detectors.of(undefined),
  };
}

async function plannedSchema(listing: ToolListing | undefined): Promise<PlannedSchema> {
  if (listing?.tooLarge === true) {
    return { state: "unreadable", detail: "the server's tool list is too large to be kept" };
  }
  if (listing?.inputSchema === undefined) return { state: "none" };
  const { simpleSchema } = await import("../grammar/simple_schema.ts");
  const compiled = simpleSchema(listing.inputSchema) ?? await compiledSchema(listing.inputSchema);
  return compiled.ok
    ? { state: "known", validator: compiled.value }
    : { state: "unreadable", detail: compiled.error.detail };
}

/** For what is not simple, and only then: the compiler is the largest thing that a start can load. */
async function compiledSchema(schema: JsonValue) {
  const { compileSchema } = await import("../grammar/json_schema.ts");
  return compileSchema(schema);
}

interface KindOf {
  readonly text: string;
  readonly kind: ArgumentKind;
  readonly enforced: boolean;
}

/** The declared kinds, and for what is not declared the inferred ones. */
async function kindsOf({ declared, listing }: PlanSources): Promise<readonly KindOf[]> {
  const kinds: KindOf[] = [];
  for (const [text, kind] of declared ?? []) kinds.push({ text, kind, enforced: true });
  if (listing?.inputSchema === undefined) return kinds;
  const { inferKinds } = await import("./infer.ts");
  const { name, description, inputSchema } = listing;
  const tool = { name, inputSchema, ...(description === undefined ? {} : { description }) };
  for (const [text, { kind, enforced }] of inferKinds(tool)) {
    if (declared?.has(text) !== true) kinds.push({ text, kind, enforced });
  }
  return kinds;
}
