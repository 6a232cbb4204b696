/**
 * What is declared of a server's tools and their arguments: by the operator, and for what it leaves
 * out by the preset.
 * @module
 */

import type { ArgumentKind, ArgumentKinds } from "../access/inspection.ts";
import { type DeclaredKind, settledKind } from "./argument_kind.ts";
import { classify, type ServerKnowledge } from "./classify.ts";
import type { ReadableStatement } from "./statement.ts";

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

/** Statements that decide actions: one for each language in which somebody has to read them. */
export function statementsAt(knowledge: ServerKnowledge): readonly ReadableStatement[] {
  const { server, preset } = knowledge;
  const tools = new Set([...server?.tools.keys() ?? [], ...preset?.tools.keys() ?? []]);
  const found = new Map<string, ReadableStatement>();
  for (const tool of tools) {
    const { statement } = classify(tool, knowledge, undefined);
    if (statement === undefined) continue;
    found.set(statement.from === "sql" ? statement.dialect : statement.from, statement);
  }
  return [...found.values()];
}
