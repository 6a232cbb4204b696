/**
 * What a call of a tool does: by the operator's word, else by a preset, else `execute`.
 * @module
 */

import type { RuleRef } from "../access/decision.ts";
import type { SqlDialect } from "../access/inspection.ts";
import type { ToolAnnotations } from "../access/request.ts";
import type { DeclaredKind } from "./argument_kind.ts";
import type { GrantableAction, ServerEntry, Statement } from "./document.ts";
import type { PresetTool } from "./preset_file.ts";
import type { Preset } from "./presets.ts";
import type { ReadableStatement } from "./statement.ts";

/** An action and who says so. */
export interface Classification {
  /** Where a statement decides, the most that a call can do. */
  readonly action: GrantableAction;
  readonly source:
    /** `servers.<name>.tools.<tool>.action`. */
    | { readonly kind: "policy"; readonly ref: RuleRef }
    | { readonly kind: "preset"; readonly preset: string; readonly note?: string }
    /** `servers.<name>.trust: annotations`. */
    | { readonly kind: "trusted-annotations" }
    /** Nobody knows the tool. */
    | { readonly kind: "default" };
  /** Set when the server's own annotations made it stricter: what it was before. */
  readonly tightenedFrom?: GrantableAction;
  /** Set when an argument of the call decides. */
  readonly statement?: ReadableStatement;
}

/** What is known of one server's tools. */
export interface ServerKnowledge {
  readonly server: ServerEntry | undefined;
  readonly preset: Preset | undefined;
  /** The dialect of SQL where nothing is said. */
  readonly dialect: SqlDialect;
}

/**
 * Classifies a tool.
 *
 * A server's annotations are hints from the accused: what somebody classed `read` and the server
 * itself calls not read-only becomes `write`, or `delete` where it says destructive. They make
 * nothing laxer, unless the operator trusts them, and then only what nobody else has classified.
 * Where a statement decides they say nothing: they speak of the worst that the tool could be given.
 */
export function classify(
  tool: string,
  knowledge: ServerKnowledge,
  annotations: ToolAnnotations | undefined,
): Classification {
  const { server, preset, dialect } = knowledge;
  const entry = server?.tools.get(tool);
  const own = entry?.action;
  if (own !== undefined) {
    const source = { kind: "policy", ref: own.ref } as const;
    if (own.by === "word") return tightened({ action: own.action, source }, annotations);
    const { argument } = own.statement;
    const kind = entry?.arguments.get(argument)?.kind ??
      preset?.tools.get(tool)?.arguments.get(argument);
    return { action: "execute", source, statement: readable(own.statement, { kind, dialect }) };
  }
  const known = preset?.tools.get(tool);
  if (preset !== undefined && known !== undefined) {
    const classification = byPreset(known, { ...knowledge, preset, tool });
    return known.statement === undefined ? tightened(classification, annotations) : classification;
  }
  if (server?.trustsAnnotations === true) {
    return { action: claimed(annotations), source: { kind: "trusted-annotations" } };
  }
  return { action: "execute", source: { kind: "default" } };
}

/**
 * Classifies a prompt that a preset knows to do more than to give text; every other one is `read`,
 * as its method says.
 */
export function classifyPrompt(
  prompt: string,
  { preset, dialect }: ServerKnowledge,
): Classification | undefined {
  const known = preset?.prompts.get(prompt);
  return preset === undefined || known === undefined
    ? undefined
    : byPreset(known, { preset, dialect });
}

function byPreset(
  { action, note, statement, arguments: kinds }: PresetTool,
  { preset, dialect, server, tool }:
    & Pick<ServerKnowledge, "dialect">
    & {
      readonly preset: Preset;
      readonly server?: ServerEntry | undefined;
      readonly tool?: string;
    },
): Classification {
  const named = { kind: "preset", preset: preset.name } as const;
  const source = note === undefined ? named : { ...named, note };
  if (statement === undefined) return { action, source };
  const own = tool === undefined ? undefined : server?.tools.get(tool)?.arguments;
  const kind = own?.get(statement.argument)?.kind ?? kinds.get(statement.argument);
  return { action, source, statement: readable(statement, { kind, dialect }) };
}

/** With the dialect that is declared for the argument. */
function readable(
  statement: Statement,
  { kind, dialect }: {
    readonly kind: DeclaredKind | undefined;
    readonly dialect: SqlDialect;
  },
): ReadableStatement {
  const declared = kind?.kind === "sql" ? kind.dialect : undefined;
  return { ...statement, dialect: declared ?? dialect };
}

function tightened(
  classification: Classification,
  annotations: ToolAnnotations | undefined,
): Classification {
  if (classification.action !== "read" || annotations?.readOnlyHint !== false) {
    return classification;
  }
  const action = annotations.destructiveHint === true ? "delete" : "write";
  return { ...classification, action, tightenedFrom: "read" };
}

function claimed(annotations: ToolAnnotations | undefined): GrantableAction {
  if (annotations?.readOnlyHint === true) return "read";
  return annotations?.destructiveHint === false ? "write" : "execute";
}
