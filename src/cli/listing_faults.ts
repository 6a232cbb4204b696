/**
 * What a policy gets wrong about the tools that its server really lists.
 * @module
 */

import type { RuleRef } from "../access/decision.ts";
import type { ToolListing } from "../access/request.ts";
import { type Diagnostic, nearest } from "../base/diagnostic.ts";
import { stepsOf } from "../inspect/pointers.ts";
import { placeInSchema } from "../inspect/schema_place.ts";
import type { KindName } from "../policy/argument_kind.ts";
import type { ToolEntry } from "../policy/document.ts";
import { kindText } from "../policy/kind_text.ts";
import { modelOf, type Policy } from "../policy/policy.ts";
import type { KnownArgument, KnownArguments, KnownTool } from "./known_arguments.ts";

/** What a policy is held against. */
export interface Served {
  readonly tools: readonly ToolListing[];
  readonly known: KnownArguments;
}

/** Everything found: errors first, each kind in the order of the file. */
export function listingFaults(
  policy: Policy,
  { tools, known }: Served,
): readonly Diagnostic[] {
  const { document, upstreamName } = modelOf(policy);
  const server = upstreamName === null ? undefined : document.servers.get(upstreamName);
  const found: Diagnostic[] = [];
  for (const [name, entry] of server?.tools ?? []) {
    const tool = tools.find((listing) => listing.name === name);
    if (tool === undefined) found.push(unlisted(name, { entry, tools }));
    else found.push(...argumentFaults(tool, entry));
  }
  const errors = known.level === "strict" ? undeclared(policy, known) : [];
  return [...errors, ...found].sort((a, b) =>
    rank(a) - rank(b) || a.line - b.line || a.column - b.column
  );
}

function rank({ severity }: Diagnostic): number {
  return severity === "error" ? 0 : 1;
}

function unlisted(
  name: string,
  { entry, tools }: { readonly entry: ToolEntry; readonly tools: readonly ToolListing[] },
): Diagnostic {
  const near = nearest(name, tools.map((tool) => tool.name));
  return warning(entry.ref, {
    code: "unlisted-tool",
    message: `The server lists no tool ${quoted(name)}`,
    hint: near === undefined
      ? "Remove the entry, or keep it for servers that have the tool"
      : `Did you mean ${quoted(near)}?`,
  });
}

function argumentFaults(
  { inputSchema }: ToolListing,
  { arguments: declared }: ToolEntry,
): readonly Diagnostic[] {
  if (inputSchema === undefined) return [];
  return [...declared].flatMap(([pointer, { kind: { kind }, ref }]) => {
    const place = placeInSchema(inputSchema, { steps: stepsOf(pointer) });
    switch (place.found) {
      case "open":
        return [];
      case "nothing": {
        const near = nearest(pointer, place.known);
        return [warning(ref, {
          code: "unlisted-argument",
          message: `The tool's schema has no argument ${quoted(pointer)}`,
          hint: near === undefined
            ? place.known.length === 0
              ? "Nothing stands there; look at the tool's schema"
              : `It has ${place.known.slice(0, MAX_NAMED).join(", ")}`
            : `Did you mean ${quoted(near)}?`,
        })];
      }
      case "declared": {
        const misfit = misfitOf(kind, place.types);
        return misfit === undefined ? [] : [warning(ref, { code: "kind-misfit", ...misfit })];
      }
    }
  });
}

const MAX_NAMED = 20;

/** Kinds that also speak of what is no text. */
const OF_ANY_TYPE: readonly KindName[] = ["id", "opaque"];

function misfitOf(
  kind: KindName,
  types: ReadonlySet<string> | undefined,
): { readonly message: string; readonly hint: string } | undefined {
  if (types === undefined || OF_ANY_TYPE.includes(kind)) return undefined;
  const listed = [...types].join(" or ");
  const holdsText = ["string", "array", "object"].some((type) => types.has(type));
  if (!holdsText) {
    return {
      message: `The kind ${kind} speaks of text, and the tool's schema has ${listed} here`,
      hint: "Remove it, or check which argument is meant",
    };
  }
  if (kind !== "argv" || types.has("array")) return undefined;
  return {
    message: `The kind argv is a list of words, and the tool's schema has ${listed} here`,
    hint: "Write command if it is a command line, shellarg if it is one word of it",
  };
}

/** Of the tools that somebody can call: what nobody has declared. */
function undeclared(policy: Policy, { tools }: KnownArguments): readonly Diagnostic[] {
  return tools.filter(({ reached }) => reached).flatMap((tool) => {
    const missing = tool.arguments.filter(({ said: { by } }) => by === "guess" || by === "nobody");
    if (missing.length === 0) return [];
    const names = missing.map(({ pointer }) => pointer).join(", ");
    return [{
      ...refOf(policy, tool),
      code: "undeclared-arguments",
      severity: "error",
      message: `${quoted(tool.name)} has arguments that nobody has declared: ${names}`,
      hint: `Write servers: { ${quoted(policy.upstreamName ?? "NAME")}: { tools: { ` +
        `${quoted(tool.name)}: { arguments: { ${missing.map(suggested).join(", ")} } } } } }`,
    }];
  });
}

function suggested({ pointer, kind }: KnownArgument): string {
  const text = kind === null ? "KIND" : kindText(kind);
  // Between braces a comma ends a plain text.
  return `${quoted(pointer)}: ${text.includes(",") ? quoted(text) : text}`;
}

/** The tool's entry, else where the file asks for all to be declared. */
function refOf(policy: Policy, { name }: KnownTool): RuleRef {
  const { document: { servers, defaults, file }, upstreamName } = modelOf(policy);
  const server = upstreamName === null ? undefined : servers.get(upstreamName);
  return server?.tools.get(name)?.ref ?? defaults.argumentsRef ??
    { file, line: 1, column: 1, path: "" };
}

function warning(
  ref: RuleRef,
  fault: { readonly code: string; readonly message: string; readonly hint: string },
): Diagnostic {
  return { ...ref, severity: "warning", ...fault };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
