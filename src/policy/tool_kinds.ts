/**
 * The declared kinds of a tool's arguments: the operator's, and for what it leaves out the preset's.
 * @module
 */

import type { ArgumentKind, ArgumentKinds } from "../access/inspection.ts";
import { type DeclaredKind, settledKind } from "./argument_kind.ts";
import { classify, type ServerKnowledge } from "./classify.ts";

/** The kinds by JSON pointer; `undefined` when nobody declares any. */
export function kindsOfTool(tool: string, knowledge: ServerKnowledge): ArgumentKinds | undefined {
  const own = knowledge.server?.tools.get(tool)?.arguments;
  const preset = knowledge.preset?.tools.get(tool)?.arguments;
  const declared = new Map<string, DeclaredKind>(preset ?? []);
  for (const [pointer, { kind }] of own ?? []) declared.set(pointer, kind);
  if (declared.size === 0) return undefined;
  const { action, statement } = classify(tool, knowledge, undefined);
  const settled = new Map<string, ArgumentKind>();
  for (const [pointer, kind] of declared) {
    const decides = statement?.argument === pointer;
    settled.set(pointer, settledKind(kind, { action, decides, dialect: knowledge.dialect }));
  }
  return settled;
}
