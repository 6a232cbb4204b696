/**
 * `servers:` into entries. What does not fit was reported by its shape and is left out here.
 * @module
 */

import { argumentPointer, hasWildcard } from "./argument_key.ts";
import {
  type DeclaredKind,
  isKindName,
  kindFromText,
  kindOf,
  type KindParts,
} from "./argument_kind.ts";
import { buildInspect } from "./build_inspect.ts";
import {
  ACTIONS,
  type Ask,
  type AskGrant,
  ASKS,
  type DeclaredArgument,
  type GrantableAction,
  type Mode,
  type ServerEntry,
  type StatedAction,
  type Statement,
  type ToolEntry,
} from "./document.ts";
import { itemsOf, namesIn, pointerToken, textOf, valueOf, type YamlNode } from "../yaml/node.ts";
import type { Fault, Problems } from "../yaml/problems.ts";
import { quoted } from "../yaml/shape_faults.ts";

/** Builds the entries, by the servers' names. */
export function buildServers(
  node: YamlNode | undefined,
  problems: Problems,
): ReadonlyMap<string, ServerEntry> {
  const servers = new Map<string, ServerEntry>();
  for (const [name, entry] of namesIn(node)) {
    const may = valueOf(entry, "may");
    servers.set(name, {
      name,
      tools: toolsOf(valueOf(entry, "tools"), problems),
      may: may === undefined ? undefined : grantsOf(may, problems),
      trustsAnnotations: textOf(valueOf(entry, "trust")) === "annotations",
      mode: modeOf(entry),
      inspect: buildInspect(valueOf(entry, "inspect"), problems),
    });
  }
  return servers;
}

/** What a list grants a server to ask. */
export function grantsOf(node: YamlNode | undefined, problems: Problems): readonly AskGrant[] {
  return itemsOf(node).flatMap((item) => {
    const ask = textOf(item);
    return isAsk(ask) ? [{ ask, ref: problems.ref(item) }] : [];
  });
}

/** `mode:` of an entry, when it has one. */
export function modeOf(node: YamlNode | undefined): Mode | undefined {
  const word = textOf(valueOf(node, "mode"));
  return word === "enforce" || word === "observe" ? word : undefined;
}

export function isAction(word: string | undefined): word is GrantableAction {
  return word !== undefined && ACTIONS.some((action) => action === word);
}

function toolsOf(
  node: YamlNode | undefined,
  problems: Problems,
): ReadonlyMap<string, ToolEntry> {
  const tools = new Map<string, ToolEntry>();
  for (const [name, entry, keyOffset] of namesIn(node)) {
    const kinds = argumentsOf(valueOf(entry, "arguments"), problems);
    const action = actionOf(valueOf(entry, "action"), { kinds, problems });
    if (action === undefined && kinds.size === 0) continue;
    tools.set(name, { ref: problems.ref(entry, keyOffset), action, arguments: kinds });
  }
  return tools;
}

function argumentsOf(
  node: YamlNode | undefined,
  problems: Problems,
): ReadonlyMap<string, DeclaredArgument> {
  const kinds = new Map<string, DeclaredArgument>();
  for (const [key, value, keyOffset] of namesIn(node)) {
    const pointer = argumentPointer(key);
    const kind = kindAt(value, problems);
    if (!pointer.ok || kind === undefined) continue;
    const before = kinds.get(pointer.value);
    if (before !== undefined) {
      problems.atOffset(keyOffset, {
        code: "duplicate-argument",
        message: `${quoted(key)} is the argument ${pointer.value}, which has a kind already`,
        hint: `It stands in line ${before.ref.line}; keep one of them`,
        path: `${problems.ref(value).path}`,
      });
    } else {
      kinds.set(pointer.value, { kind, ref: problems.ref(value, keyOffset) });
    }
  }
  return kinds;
}

/** The kind that a node declares; what is wrong with a text or a word was reported by its shape. */
function kindAt(node: YamlNode, problems: Problems): DeclaredKind | undefined {
  const text = textOf(node);
  if (text !== undefined) {
    const kind = kindFromText(text);
    return kind.ok ? kind.value : undefined;
  }
  const name = textOf(valueOf(node, "kind"));
  if (name === undefined || !isKindName(name)) return undefined;
  const kind = kindOf(name, partsOf(node));
  if (kind.ok) return kind.value;
  problems.at(node, kind.error);
  return undefined;
}

function partsOf(node: YamlNode): KindParts {
  const parts: KindParts[] = [];
  const [access, dialect, profile] = ["access", "dialect", "profile"].map((key) =>
    textOf(valueOf(node, key))
  );
  if (access !== undefined) parts.push({ access });
  if (dialect !== undefined) parts.push({ dialect });
  if (profile !== undefined) parts.push({ profile });
  return Object.assign({}, ...parts);
}

interface Around {
  readonly kinds: ReadonlyMap<string, DeclaredArgument>;
  readonly problems: Problems;
}

function actionOf(
  node: YamlNode | undefined,
  { kinds, problems }: Around,
): StatedAction | undefined {
  if (node === undefined) return undefined;
  const word = textOf(node);
  if (isAction(word)) return { by: "word", action: word, ref: problems.ref(node) };
  const from = textOf(valueOf(node, "from"));
  if (from !== "sql" && from !== "command") return undefined;
  const argument = statementArgument(node, { from, around: { kinds, problems } });
  return argument === undefined
    ? undefined
    : { by: "statement", statement: { from, argument }, ref: problems.ref(node) };
}

/** The argument that decides: the one named, else the only one of its kind. */
function statementArgument(
  node: YamlNode,
  { from, around: { kinds, problems } }: {
    readonly from: Statement["from"];
    readonly around: Around;
  },
): string | undefined {
  const found = [...kinds].flatMap(([pointer, { kind }]) => kind.kind === from ? [pointer] : []);
  const written = valueOf(node, "argument");
  const key = textOf(written);
  if (written === undefined) {
    const [only] = found;
    if (only !== undefined && found.length === 1) return single(node, { pointer: only, problems });
    problems.at(node, found.length === 0 ? undeclared(from) : severalOf(from, found));
    return undefined;
  }
  const pointer = key === undefined ? undefined : argumentPointer(key);
  if (pointer?.ok !== true) return undefined;
  if (found.includes(pointer.value)) return single(written, { pointer: pointer.value, problems });
  problems.at(written, {
    code: "undeclared-statement",
    message: `${pointer.value} is not declared to be of the kind ${from} on this tool`,
    hint: found.length === 0
      ? `Add arguments: { ${quoted(key ?? "")}: ${from} }`
      : `Of that kind is ${found.join(", ")}`,
  });
  return undefined;
}

function single(
  node: YamlNode,
  { pointer, problems }: { readonly pointer: string; readonly problems: Problems },
): string | undefined {
  if (!hasWildcard(pointer)) return pointer;
  problems.at(node, {
    code: "several-statements",
    message: `${pointer} can be several values, and an action is found in one`,
    hint: "Name an argument without *, or give the tool an action",
  });
  return undefined;
}

function undeclared(from: Statement["from"]): Fault {
  return {
    code: "undeclared-statement",
    message: `No argument of this tool is declared to be of the kind ${from}`,
    hint: `Add arguments: { ${
      from === "sql" ? "sql" : "command"
    }: ${from} }, by its name in the tool's schema`,
  };
}

function severalOf(from: Statement["from"], pointers: readonly string[]): Fault {
  return {
    code: "several-statements",
    message: `Several arguments are of the kind ${from}: ${pointers.join(", ")}`,
    hint: `Say which decides: { from: ${from}, argument: ${pointerHint(pointers)} }`,
  };
}

function pointerHint(pointers: readonly string[]): string {
  return pointers.find((pointer) => !hasWildcard(pointer)) ?? `/${pointerToken("name")}`;
}

function isAsk(word: string | undefined): word is Ask {
  return word !== undefined && ASKS.some((ask) => ask === word);
}
