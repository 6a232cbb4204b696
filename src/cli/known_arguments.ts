/**
 * What is known of the arguments of a server's tools, and who says so.
 * @module
 */

import type { RuleRef } from "../access/decision.ts";
import type { ArgumentKind, InspectionLevel } from "../access/inspection.ts";
import type { ToolListing } from "../access/request.ts";
import { type JsonObject, member, stringMember } from "../base/json.ts";
import { type KnownKind, surveyArgument, surveyTool, type ToolSurvey } from "../inspect/survey.ts";
import { knowledgeAt, modelOf, type Policy } from "../policy/policy.ts";
import type { Exposure } from "./exposure.ts";
import type { Listing } from "./list_server.ts";

/** Who says what an argument is. */
export type Sayer =
  | { readonly by: "policy"; readonly ref: RuleRef }
  | { readonly by: "preset"; readonly preset: string }
  /** Not `enforced`: the audit says what would be refused. */
  | { readonly by: "guess"; readonly because: string; readonly enforced: boolean }
  | { readonly by: "nobody" };

/** An argument that may hold text. */
export interface KnownArgument {
  /** JSON pointer with `*` for items and values. */
  readonly pointer: string;
  /** Null when nobody knows. */
  readonly kind: ArgumentKind | null;
  readonly said: Sayer;
}

/** One tool. */
export interface KnownTool {
  readonly name: string;
  /** Whether somebody can call it. */
  readonly reached: boolean;
  /** The tool's own schema of its arguments. */
  readonly schema: ToolSurvey["schema"];
  readonly arguments: readonly KnownArgument[];
}

/** Text arguments of the tools that somebody can call, by who knows them. */
export interface ArgumentCounts {
  readonly tools: number;
  readonly arguments: number;
  readonly declared: number;
  readonly inferred: number;
  readonly open: number;
}

/** All tools of a server. */
export interface KnownArguments {
  readonly level: InspectionLevel;
  readonly counts: ArgumentCounts;
  readonly tools: readonly KnownTool[];
}

/** Looks at every tool that a server lists; of two with one name at the first. */
export async function knownArguments(
  policy: Policy,
  { listing, exposure }: { readonly listing: Listing; readonly exposure: readonly Exposure[] },
): Promise<KnownArguments> {
  const tools: KnownTool[] = [];
  for (const tool of toolListings(listing)) {
    const { name } = tool;
    const declared = policy.argumentKinds(name);
    const { dialect } = policy.inspection;
    const survey = await surveyTool({ listing: tool, declared, dialect });
    tools.push({
      name,
      reached: isReached(exposure, name),
      schema: survey.schema,
      arguments: survey.arguments.map(({ pointer, known }) => ({
        pointer,
        kind: known.by === "nobody" ? null : known.kind,
        said: sayerOf(policy, { tool: name, known }),
      })),
    });
  }
  return { level: policy.inspection.level, counts: countsOf(tools), tools };
}

/** What is known of one place in a call of a tool, by its pointer without `*`. */
export async function knownArgument(
  policy: Policy,
  { tool, listing, pointer }: {
    readonly tool: string;
    readonly listing: ToolListing | undefined;
    readonly pointer: string;
  },
): Promise<KnownArgument> {
  const { dialect } = policy.inspection;
  const declared = policy.argumentKinds(tool);
  const known = await surveyArgument({ listing, declared, dialect }, pointer);
  const kind = known.by === "nobody" ? null : known.kind;
  return { pointer, kind, said: sayerOf(policy, { tool, known }) };
}

/** The tools as the gateway would know them. */
export function toolListings({ tools }: Pick<Listing, "tools">): readonly ToolListing[] {
  const found = new Map<string, ToolListing>();
  for (const tool of tools) {
    const name = stringMember(tool, "name");
    if (name !== undefined && !found.has(name)) found.set(name, toolListing(name, tool));
  }
  return [...found.values()];
}

function toolListing(name: string, tool: JsonObject): ToolListing {
  const inputSchema = member(tool, "inputSchema");
  return { name, description: stringMember(tool, "description"), inputSchema };
}

function isReached(exposure: readonly Exposure[], tool: string): boolean {
  return exposure.some(({ kind, name, allowed, depends, observed }) =>
    kind === "tool" && name === tool && allowed.length + depends.length + observed.length > 0
  );
}

function sayerOf(
  policy: Policy,
  { tool, known }: { readonly tool: string; readonly known: KnownKind },
): Sayer {
  switch (known.by) {
    case "declaration": {
      const { server, preset } = knowledgeAt(modelOf(policy), policy.upstreamName);
      const ref = server?.tools.get(tool)?.arguments.get(known.pointer)?.ref;
      return ref === undefined
        ? { by: "preset", preset: preset?.name ?? "" }
        : { by: "policy", ref };
    }
    case "inference":
      return { by: "guess", because: known.because, enforced: known.enforced };
    case "nobody":
      return known;
  }
}

function countsOf(tools: readonly KnownTool[]): ArgumentCounts {
  const reached = tools.filter((tool) => tool.reached);
  const all = reached.flatMap((tool) => tool.arguments);
  const of = (...by: readonly Sayer["by"][]) =>
    all.filter(({ said }) => by.includes(said.by)).length;
  return {
    tools: reached.length,
    arguments: all.length,
    declared: of("policy", "preset"),
    inferred: of("guess"),
    open: of("nobody"),
  };
}
