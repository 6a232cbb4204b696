/**
 * What a call of a tool does: by the operator's word, else by a preset, else `execute`.
 * @module
 */

import type { RuleRef } from "../access/decision.ts";
import type { ToolAnnotations } from "../access/request.ts";
import type { GrantableAction, ServerEntry } from "./document.ts";
import type { Preset } from "./presets.ts";

/** An action and who says so. */
export interface Classification {
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
}

/** What is known of one server's tools. */
export interface ServerKnowledge {
  readonly server: ServerEntry | undefined;
  readonly preset: Preset | undefined;
}

/**
 * Classifies a tool.
 *
 * A server's annotations are hints from the accused: what somebody classed `read` and the server
 * itself calls not read-only becomes `write`, or `delete` where it says destructive. They make
 * nothing laxer, unless the operator trusts them, and then only what nobody else has classified.
 */
export function classify(
  tool: string,
  { server, preset }: ServerKnowledge,
  annotations: ToolAnnotations | undefined,
): Classification {
  const own = server?.tools.get(tool);
  if (own !== undefined) {
    return tightened({ action: own.action, source: { kind: "policy", ref: own.ref } }, annotations);
  }
  const known = preset?.tools.get(tool);
  if (preset !== undefined && known !== undefined) {
    const { action, note } = known;
    const source = { kind: "preset", preset: preset.name } as const;
    return tightened(
      { action, source: note === undefined ? source : { ...source, note } },
      annotations,
    );
  }
  if (server?.trustsAnnotations === true) {
    return { action: claimed(annotations), source: { kind: "trusted-annotations" } };
  }
  return { action: "execute", source: { kind: "default" } };
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
