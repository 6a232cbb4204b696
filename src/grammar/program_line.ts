/**
 * Reads the words of a command line by the syntax of its program.
 * @module
 */

import { type BashWord, frontText, staticText } from "./bash_facts.ts";
import {
  type ProgramEffect,
  type ProgramMode,
  type ProgramSyntax,
  WORD_ROLES,
  type WordRole,
} from "./program_syntax.ts";

/** One word, or the value of one option, and what the program does with it. */
export interface LineItem {
  readonly role: WordRole;
  /** The option it belongs to, in full: `--output`. */
  readonly option: string | undefined;
  readonly value: BashWord;
  /** The words that follow, for the roles that take them: `argv`, `shellwords`. */
  readonly rest: readonly BashWord[];
}

/** A command line that has been read. */
export interface ProgramLine {
  readonly effect: ProgramEffect;
  readonly items: readonly LineItem[];
  /** Every option that is given, in full where it can be known. */
  readonly options: ReadonlySet<string>;
  /** The words that are no options. */
  readonly operands: readonly BashWord[];
  /** The subcommands, outermost first. */
  readonly path: readonly string[];
}

/** Reads what follows the command word. */
export function readLine(syntax: ProgramSyntax, words: readonly BashWord[]): ProgramLine {
  const scan = scanWords(syntax, words);
  const name = staticText(scan.operands[0]?.value ?? []) ?? "";
  const table = syntax.subcommands;
  if (table !== undefined && Object.hasOwn(table, name)) {
    const inner = table[name];
    const first = scan.operands[0];
    if (inner !== undefined && first !== undefined) {
      const rest = words.slice(first.at + 1);
      const global = scanWords(syntax, words.slice(0, first.at));
      const line = readLine(inner, rest);
      return {
        ...line,
        items: [...global.items, ...line.items],
        options: new Set([...global.options, ...line.options]),
        path: [name, ...line.path],
      };
    }
  }
  if (table === undefined) return finish(syntax, scan, words);
  // A subcommand without a table of its own takes its options where the program does.
  const flat = withoutSubcommands(syntax);
  return { ...finish(flat, scanWords(flat, words), words), path: name === "" ? [] : [name] };
}

const FLAT = new WeakMap<ProgramSyntax, ProgramSyntax>();

function withoutSubcommands(syntax: ProgramSyntax): ProgramSyntax {
  const known = FLAT.get(syntax);
  if (known !== undefined) return known;
  const { subcommands: _, ...flat } = syntax;
  FLAT.set(syntax, flat);
  return flat;
}

interface Scan {
  readonly items: readonly LineItem[];
  readonly options: ReadonlySet<string>;
  readonly operands: readonly { readonly value: BashWord; readonly at: number }[];
}

function scanWords(syntax: ProgramSyntax, words: readonly BashWord[]): Scan {
  const table = optionTable(syntax);
  const items: LineItem[] = [];
  const options = new Set<string>();
  const operands: { value: BashWord; at: number }[] = [];
  const add = (role: WordRole, option: string, value: BashWord) =>
    items.push({ role, option, value, rest: [] });
  let open = syntax.plain !== true;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? [];
    const front = frontText(word);
    if (!open || front.length < 2 || front[0] !== "-") {
      operands.push({ value: word, at });
      if (syntax.leading === true || syntax.subcommands !== undefined) {
        for (let more = at + 1; more < words.length; more++) {
          operands.push({ value: words[more] ?? [], at: more });
        }
        break;
      }
      continue;
    }
    if (front === "--" && staticText(word) === "--") {
      open = false;
      continue;
    }
    if (front.startsWith("--") || syntax.oneDash === true) {
      const equals = front.indexOf("=");
      const given = equals < 0 ? front : front.slice(0, equals);
      const option = table.complete(given);
      options.add(option);
      const role = table.roles.get(option);
      if (equals >= 0) add(role ?? "file", option, cutFront(word, equals + 1));
      else if (role !== undefined) {
        if (table.bare.has(option)) add(role, option, []);
        else if (takesRest(role)) {
          items.push({ role, option, value: words[at + 1] ?? [], rest: words.slice(at + 2) });
          break;
        } else add(role, option, words[++at] ?? []);
      }
      continue;
    }
    at += readCluster({ word, front, next: words[at + 1] }, table, { options, add });
    const taken = items.at(-1);
    if (taken !== undefined && taken.option !== undefined && takesRest(taken.role)) {
      items[items.length - 1] = { ...taken, rest: words.slice(at + 1) };
      break;
    }
  }
  return { items, options, operands };
}

/** Reads `-abc`; says how many further words it took. */
function readCluster(
  cluster: {
    readonly word: BashWord;
    readonly front: string;
    readonly next: BashWord | undefined;
  },
  table: OptionTable,
  to: {
    readonly options: Set<string>;
    readonly add: (role: WordRole, option: string, value: BashWord) => void;
  },
): number {
  const { word, front, next } = cluster;
  for (let at = 1; at < front.length; at++) {
    const option = `-${front[at]}`;
    to.options.add(option);
    const role = table.roles.get(option);
    if (role === undefined) continue;
    if (table.bare.has(option)) {
      to.add(role, option, []);
      continue;
    }
    const rest = cutFront(word, at + 1);
    if (rest.length > 0 || table.attached.has(option)) {
      to.add(role, option, rest);
      return 0;
    }
    to.add(role, option, next ?? []);
    return 1;
  }
  return 0;
}

function finish(syntax: ProgramSyntax, scan: Scan, words: readonly BashWord[]): ProgramLine {
  const mode: ProgramMode | undefined = syntax.modes?.find((each) =>
    each.when.split(" ").some((option) => scan.options.has(option))
  );
  const roles = mode?.operands ?? syntax.operands ?? ["file"];
  const last = mode === undefined ? syntax.last : mode.last;
  const replaced = syntax.instead?.split(" ").some((option) => scan.options.has(option)) === true;
  const items: LineItem[] = [...scan.items];
  const from = replaced ? 1 : 0;
  for (const [index, { value, at }] of scan.operands.entries()) {
    const final = index > 0 && index === scan.operands.length - 1;
    const role = final && last !== undefined
      ? last
      : roles[Math.min(index + from, roles.length - 1)] ?? "file";
    const taken = takesRest(role);
    items.push({ role, option: undefined, value, rest: taken ? words.slice(at + 1) : [] });
    if (taken) break;
  }
  return {
    effect: mode?.effect ?? syntax.effect,
    items,
    options: scan.options,
    operands: scan.operands.map((operand) => operand.value),
    path: [],
  };
}

function takesRest(role: WordRole): boolean {
  return role === "argv" || role === "shellwords";
}

interface OptionTable {
  readonly roles: ReadonlyMap<string, WordRole>;
  /** Take no value, or only one after `=`. */
  readonly bare: ReadonlySet<string>;
  readonly attached: ReadonlySet<string>;
  /** The full name of an option that is written short, as GNU programs allow. */
  complete(given: string): string;
}

const TABLES = new WeakMap<ProgramSyntax, OptionTable>();

function optionTable(syntax: ProgramSyntax): OptionTable {
  const known = TABLES.get(syntax);
  if (known !== undefined) return known;
  const roles = new Map<string, WordRole>();
  for (const role of WORD_ROLES) {
    for (const name of syntax.values?.[role]?.split(" ") ?? []) roles.set(name, role);
  }
  const attached = new Set(syntax.attached?.split(" ") ?? []);
  const bare = new Set(syntax.denied?.split(" ") ?? []);
  for (const name of bare) roles.set(name, "denied");
  const long = [...roles.keys()].filter((name) => name.startsWith("--"));
  const table: OptionTable = {
    roles,
    attached,
    bare,
    complete(given) {
      if (roles.has(given) || given.length < 5 || !given.startsWith("--")) return given;
      return long.find((name) => name.startsWith(given)) ?? given;
    },
  };
  TABLES.set(syntax, table);
  return table;
}

/** A word without its first characters, which are text. */
export function cutFront(word: BashWord, chars: number): BashWord {
  const rest = [...word];
  let left = chars;
  while (left > 0) {
    const first = rest.shift();
    if (first?.kind !== "text") break;
    if (first.text.length > left) {
      rest.unshift({ kind: "text", text: first.text.slice(left) });
      break;
    }
    left -= first.text.length;
  }
  return rest;
}
