/**
 * What is declared of a server's tools and their arguments: by the operator, and for what it leaves
 * out by the preset.
 * @module
 */

import type { ArgumentKind, ArgumentKinds } from "../access/inspection.ts";
import { type DeclaredKind, settledKind } from "./argument_kind.ts";
import { type Classification, classify, classifyPrompt, type ServerKnowledge } from "./classify.ts";
import type { ReadableStatement } from "./statement.ts";

/** The kinds by JSON pointer; `undefined` when nobody declares any. */
export function kindsOfTool(tool: string, knowledge: ServerKnowledge): ArgumentKinds | undefined {
  const own = knowledge.server?.tools.get(tool)?.arguments;
  const preset = knowledge.preset?.tools.get(tool)?.arguments;
  const declared = new Map<string, DeclaredKind>(preset ?? []);
  for (const [pointer, { kind }] of own ?? []) declared.set(pointer, kind);
  if (declared.size === 0) return undefined;
  const { action, statement } = classify(tool, knowledge, undefined);
  return settled(declared, { action, statement, dialect: knowledge.dialect });
}

function settled(
  declared: ReadonlyMap<string, DeclaredKind>,
  { action, statement, dialect }: Pick<Classification, "action"> & {
    readonly statement: ReadableStatement | undefined;
    readonly dialect: ServerKnowledge["dialect"];
  },
): ArgumentKinds {
  const kinds = new Map<string, ArgumentKind>();
  for (const [pointer, kind] of declared) {
    const decides = statement?.argument === pointer;
    kinds.set(pointer, settledKind(kind, { action, decides, dialect }));
  }
  return kinds;
}

/** The kinds of the arguments of a prompt that a preset knows to do more than to give text. */
export function kindsOfPrompt(
  prompt: string,
  knowledge: ServerKnowledge,
): ArgumentKinds | undefined {
  const kinds = knowledge.preset?.prompts.get(prompt)?.arguments;
  const { action, statement } = classifyPrompt(prompt, knowledge) ?? {};
  if (kinds === undefined || action === undefined) return undefined;
  return settled(kinds, { action, statement, dialect: knowledge.dialect });
}

/** Statements that decide actions: one for each language in which somebody has to read them. */
export function statementsAt(knowledge: ServerKnowledge): readonly ReadableStatement[] {
  const { server, preset } = knowledge;
  const tools = new Set([...server?.tools.keys() ?? [], ...preset?.tools.keys() ?? []]);
  const classified = [
    ...[...tools].map((tool) => classify(tool, knowledge, undefined)),
    ...[...preset?.prompts.keys() ?? []].map((prompt) => classifyPrompt(prompt, knowledge)),
  ];
  const found = new Map<string, ReadableStatement>();
  for (const statement of classified.map((each) => each?.statement)) {
    if (statement === undefined) continue;
    found.set(statement.from === "sql" ? statement.dialect : statement.from, statement);
  }
  return [...found.values()];
}
