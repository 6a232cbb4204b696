/**
 * How the arguments of one tool are judged: made once, from what the operator declares and the
 * server lists.
 * @module
 */

import type { ArgumentKind, ArgumentKinds, SqlDialect } from "../access/inspection.ts";
import type { ToolListing } from "../access/request.ts";
import type { JsonValue } from "../base/json.ts";
import type { SchemaValidator } from "../grammar/json_schema.ts";
import { nameSkeletons } from "../grammar/name_skeleton.ts";
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
  /** Whether the operator says so. */
  readonly declared: boolean;
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
  /**
   * By the most specific declaration of the operator, and only where there is none by what is
   * inferred: no schema of a server makes laxer what the operator says.
   */
  readonly arguments: PointerIndex<PlannedArgument>;
  /** Those whose strings are judged together. */
  readonly vectors: readonly PlannedArgument[];
  /** Those that a command of the same call reads. */
  readonly inputs: readonly PlannedArgument[];
  /** Those that say in which folder it is run. */
  readonly folders: readonly PlannedArgument[];
  /** For what is not in `arguments`. */
  readonly unknown: Detector;
  /** The name in a declaration that another one looks like: programs that fold names take the one for the other. */
  twinOf(name: string): string | undefined;
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
  const { dialect } = detectors;
  for (const { text, because: _, ...known } of await kindsOf({ ...sources, dialect })) {
    const pointer = parsePointer(text);
    if (!pointer.ok) continue; // the policy's reader has refused it already
    planned.push({
      pointer: pointer.value,
      ...known,
      detector: await detectors.of(judgedAs(known)),
    });
  }
  const index = declaredFirst(planned);
  return {
    schema,
    arguments: index,
    inputs: planned.filter(({ kind }) => kind.kind === "stdin"),
    folders: planned.filter(({ kind }) => kind.kind === "workdir"),
    vectors: planned.filter(({ detector, pointer, declared }) =>
      detector.on === "words" &&
      (declared || index.covering(pointer.steps)?.declared.declared !== true)
    ),
    unknown: await detectors.of(undefined),
    twinOf: twinFinder(planned.filter(({ declared }) => declared)),
  };
}

/** An inferred id is a guess by its name: what is unmistakable in any value is in this one, too. */
function judgedAs({ kind, declared }: Pick<KindOf, "kind" | "declared">): ArgumentKind | undefined {
  return declared || kind.kind !== "id" ? kind : undefined;
}

function twinFinder(planned: readonly PlannedArgument[]): ToolPlan["twinOf"] {
  const names = new Set(planned.flatMap(({ pointer }) => pointer.steps));
  names.delete("*");
  const bySkeleton = new Map(
    [...names].flatMap((name) => nameSkeletons(name).map((skeleton) => [skeleton, name] as const)),
  );
  return (name) => {
    if (names.has(name) || name.length > MAX_NAME_LENGTH) return undefined;
    const skeleton = nameSkeletons(name).find((one) => bySkeleton.has(one));
    return skeleton === undefined ? undefined : bySkeleton.get(skeleton);
  };
}

/** In UTF-16 units: no pointer is longer, and what is longer is no look-alike of its names. */
const MAX_NAME_LENGTH = 1024;

/** What was declared for a place stands before what was guessed for it, however closely. */
export function declaredFirst<
  T extends { readonly declared: boolean; readonly pointer: ArgumentPointer },
>(known: readonly T[]): PointerIndex<T> {
  const indexOf = (declared: boolean) =>
    indexPointers(
      known.filter((one) => one.declared === declared).map((one) => [one.pointer, one] as const),
    );
  const [own, guessed] = [indexOf(true), indexOf(false)];
  return { covering: (steps) => own.covering(steps) ?? guessed.covering(steps) };
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

/** The kind of one argument. */
export interface KindOf {
  /** A pointer. */
  readonly text: string;
  readonly kind: ArgumentKind;
  readonly enforced: boolean;
  /** By the operator or a preset, not guessed. */
  readonly declared: boolean;
  /** What a guess rests on; absent for what is declared. */
  readonly because?: string;
}

/** The declared kinds, and for what is not declared the inferred ones. */
export async function kindsOf(
  { declared, listing, dialect }: Omit<PlanSources, "detectors"> & {
    readonly dialect: SqlDialect;
  },
): Promise<readonly KindOf[]> {
  const kinds: KindOf[] = [];
  for (const [text, kind] of declared ?? []) {
    kinds.push({ text, kind, enforced: true, declared: true });
  }
  if (listing?.inputSchema === undefined) return kinds;
  const { inferKinds } = await import("./infer.ts");
  const { name, description, inputSchema } = listing;
  const tool = { name, inputSchema, ...(description === undefined ? {} : { description }) };
  for (const [text, inferred] of inferKinds(tool, { dialect })) {
    if (declared?.has(text) !== true) kinds.push({ text, ...inferred, declared: false });
  }
  return kinds;
}
