/**
 * Reads Bash: text → the commands it would run, wherever they stand.
 *
 * Import it lazily: it brings the parser along. Whatever the parser cannot read becomes a fault,
 * never an exception.
 * @module
 */

import {
  type ArrayValue,
  type Assignment,
  type Command,
  type HereDoc,
  parse,
  type ParsedScript,
  type Redirection,
  type SyntaxNode,
  type TestExpression,
  type Word,
} from "./bash_tree.ts";
import { variable, type WordHost, WordReader } from "./bash_words.ts";
import type {
  BashBinding,
  BashChain,
  BashCommand,
  BashFault,
  BashInput,
  BashRedirection,
  BashScope,
  BashScript,
  BashWord,
} from "./bash_facts.ts";
import { textWord } from "./bash_facts.ts";

/** Characters of one script. */
const MAX_CHARS = 64 * 1024;
/** Open parentheses and braces at one place, wherever they stand. */
const MAX_LEVELS = 128;
/** Substitutions inside one another: the parser reads the text of each one again. */
const MAX_SUBSTITUTIONS = 12;
/** Here-documents: the parser looks for the end of each one anew. */
const MAX_DOCUMENTS = 2048;
/** Commands, and words of all of them. */
const MAX_COMMANDS = 2048;
const MAX_WORDS = 4096;
/** How deep the tree is walked. */
const MAX_WALK = 400;

/** Reads a script; with faults when it is not Bash or beyond a bound. */
export function parseBash(text: string): BashScript {
  const reader = new Reader();
  if (text.length > MAX_CHARS) return reader.refuse({ code: "too-long", maxChars: MAX_CHARS });
  if (deepestLevel(text) > MAX_LEVELS || text.split("<<").length > MAX_DOCUMENTS) {
    return reader.refuse({ code: "too-deep", maxLevels: MAX_LEVELS });
  }
  try {
    reader.read(text);
  } catch {
    // The parser, or the walk over its tree, ran out of stack: the script is refused as a whole.
    return reader.refuse({ code: "unreadable" });
  }
  return reader.script();
}

/** A quick look, without regard to quotes, that spares the parser what is hopeless. */
function deepestLevel(text: string): number {
  let level = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "(" || char === "{") deepest = Math.max(deepest, ++level);
    else if ((char === ")" || char === "}") && level > 0) level--;
  }
  return deepest;
}

/** What a command inherits from where it stands. */
interface Place {
  readonly input: BashInput;
  readonly scope: BashScope;
  readonly beside: boolean;
  readonly inside: string | undefined;
  readonly level: number;
  readonly substitutions: number;
  readonly chain: BashChain;
  readonly guards: boolean;
  /** Where the commands go: the script's list, or the stage that collects them. */
  readonly collect: readonly BashCommand[][];
}

const INHERITED: BashInput = { kind: "inherited" };

class Reader implements WordHost<Place> {
  readonly #commands: BashCommand[] = [];
  readonly #functions = new Set<string>();
  readonly #bindings: BashBinding[] = [];
  readonly #faults: BashFault[] = [];
  readonly #reader = new WordReader<Place>(this);
  #words = 0;

  script(): BashScript {
    return {
      commands: this.#commands,
      functions: this.#functions,
      bindings: this.#bindings,
      faults: this.#faults,
    };
  }

  refuse(fault: BashFault): BashScript {
    this.#faults.push(fault);
    return this.script();
  }

  read(text: string): void {
    const scope: BashScope = { parent: undefined };
    const place: Place = {
      ...{ input: INHERITED, scope, beside: false, inside: undefined, level: 0, substitutions: 0 },
      ...{ chain: { commands: 0 }, guards: false },
      collect: [this.#commands],
    };
    this.#script(parse(text), place);
  }

  substitution(
    script: ParsedScript | undefined,
    place: Place,
    fed: boolean,
  ): readonly BashCommand[] {
    const substitutions = place.substitutions + 1;
    if (substitutions > MAX_SUBSTITUTIONS) {
      this.fault({ code: "too-deep", maxLevels: MAX_SUBSTITUTIONS });
      return [];
    }
    const printed: BashCommand[] = [];
    const collect = [...place.collect.slice(0, 1), printed];
    const input: BashInput = fed ? { kind: "pipe", stage: { commands: [] } } : place.input;
    const inner = { ...place, input, scope: within(place.scope), collect, substitutions };
    if (script !== undefined) this.#script(script, inner);
    return printed;
  }

  get faulty(): boolean {
    return this.#faults.length > 0;
  }

  fault(fault: BashFault): void {
    this.#faults.push(fault);
  }

  #script(script: ParsedScript, place: Place): void {
    const error = script.errors?.[0];
    if (error !== undefined) this.#faults.push({ code: "syntax", message: error.message });
    for (const statement of script.commands) this.#node(statement, place);
  }

  #node(node: SyntaxNode, above: Place): void {
    if (this.#faults.length > 0) return;
    if (above.level > MAX_WALK) {
      this.#faults.push({ code: "too-deep", maxLevels: MAX_WALK });
      return;
    }
    const alone = node.type !== "Command" && node.type !== "Pipeline";
    const place: Place = {
      ...above,
      level: above.level + 1,
      ...(alone ? { chain: { commands: 1 }, guards: false } : {}),
    };
    switch (node.type) {
      case "Command":
        return this.#command(node, place);
      case "Statement":
        return this.#node(
          node.command,
          node.background === true ? { ...place, beside: true, scope: within(place.scope) } : place,
        );
      case "AndOr": {
        const chain: BashChain = { commands: node.commands.length };
        for (const [index, command] of node.commands.entries()) {
          this.#node(command, { ...place, chain, guards: node.operators[index] === "&&" });
        }
        return;
      }
      case "CompoundList":
        for (const command of node.commands) this.#node(command, place);
        return;
      case "Pipeline":
        return this.#pipeline(node.commands, place);
      case "Redirected":
        return this.#redirected(node.command, node.redirects, place);
      case "Function": {
        const name = node.name.value;
        this.#functions.add(name);
        return this.#node(node.body, { ...place, inside: name });
      }
      case "Coproc":
        return this.#node(node.body, { ...place, beside: true, scope: within(place.scope) });
      case "Subshell":
        return this.#node(node.body, { ...place, scope: within(place.scope) });
      case "BraceGroup":
        return this.#node(node.body, place);
      case "If":
        this.#node(node.clause, place);
        this.#node(node.then, place);
        for (const branch of node.elif) {
          this.#node(branch.clause, place);
          this.#node(branch.then, place);
        }
        if (node.else !== undefined) this.#node(node.else, place);
        return;
      case "While":
        this.#node(node.clause, place);
        return this.#node(node.body, place);
      case "For":
      case "Select": {
        const words = node.wordlist ?? [];
        const values = node.wordlist === undefined
          ? [[variable("@", true)]]
          : words.flatMap((word) => this.#reader.words(word, place));
        this.#bindings.push({ name: node.name.value, values, append: false });
        return this.#node(node.body, place);
      }
      case "ArithmeticFor":
        this.#reader.arithmetic(node.initialize, place);
        this.#reader.arithmetic(node.test, place);
        this.#reader.arithmetic(node.update, place);
        return this.#node(node.body, place);
      case "ArithmeticCommand":
        return this.#reader.arithmetic(node.expression, place);
      case "TestCommand":
        return this.#test(node.expression, place);
      case "Case":
        this.#reader.words(node.word, place);
        for (const item of node.items) {
          for (const pattern of item.pattern) this.#reader.words(pattern, place);
          this.#node(item.body, place);
        }
        return;
      default:
        // A kind of command that this reader does not know is one that nobody judged.
        this.#faults.push({ code: "syntax", message: `unknown construct ${node.type}` });
    }
  }

  #pipeline(commands: readonly SyntaxNode[], place: Place): void {
    if (commands.length === 1) {
      for (const command of commands) this.#node(command, place);
      return;
    }
    let input = place.input;
    let stage: BashCommand[] = [];
    for (const command of commands) {
      stage = [];
      const collect = [...place.collect.slice(0, 1), stage];
      this.#node(command, { ...place, input, scope: within(place.scope), beside: true, collect });
      input = { kind: "pipe", stage: { commands: stage } };
    }
    // Only what the last stage prints goes where the whole pipe goes.
    for (const outer of place.collect.slice(1)) outer.push(...stage);
  }

  #redirected(command: SyntaxNode, redirects: readonly Redirection[], place: Place): void {
    const { redirections, input } = this.#redirects(redirects, place);
    this.#emit({ words: [], assignments: [], declared: [], redirections }, place);
    this.#node(command, { ...place, input });
  }

  #command(node: Command, place: Place): void {
    const assignments: BashBinding[] = [];
    for (const item of node.prefix) {
      if (item.type === "Assignment") assignments.push(this.#assignment(item, place));
    }
    const words: BashWord[] = [];
    const declared: BashBinding[] = [];
    if (node.name !== undefined) words.push(...this.#reader.words(node.name, place));
    for (const item of node.suffix) {
      if (item.type === "Word") words.push(...this.#reader.words(item, place));
      else if (item.type === "Assignment") {
        const binding = this.#assignment(item, place);
        declared.push(binding);
        words.push(...binding.values.map((value) => [
          ...textWord(`${binding.name}${binding.append ? "+=" : "="}`),
          ...value,
        ]));
      }
    }
    this.#bindings.push(...assignments, ...declared);
    const { redirections, input } = this.#redirects(node.redirects, place);
    this.#emit({ words, assignments, declared, redirections }, { ...place, input });
  }

  #emit(
    what: Pick<BashCommand, "words" | "assignments" | "declared" | "redirections">,
    place: Place,
  ): void {
    const { input, scope, beside, inside, chain, guards } = place;
    const command: BashCommand = { ...what, input, scope, beside, inside, chain, guards };
    for (const list of place.collect) list.push(command);
    this.#words += what.words.length + what.redirections.length;
    if (this.#commands.length > MAX_COMMANDS || this.#words > MAX_WORDS) {
      this.#faults.push({ code: "too-many-words" });
    }
  }

  #assignment(node: Assignment, place: Place): BashBinding {
    if (node.index !== undefined) this.#reader.words(node.index, place);
    const value: Word | ArrayValue = node.value;
    const values = value.type === "ArrayValue"
      ? value.elements.flatMap((element) => this.#reader.words(element, place))
      : [this.#reader.plain(value, place)];
    return { name: node.name, values, append: node.append === true };
  }

  #redirects(nodes: readonly Redirection[], place: Place) {
    const redirections: BashRedirection[] = [];
    let input = place.input;
    for (const node of nodes) {
      const own = node.descriptor === undefined ||
        (node.descriptor.type === "FileDescriptor" && node.descriptor.value === 0);
      if (node.type === "HereDoc") {
        const text = this.#hereDocument(node, place);
        if (own) input = { kind: "text", text };
      } else if (node.target !== undefined) {
        if (node.type === "HereString") {
          const text = this.#reader.plain(node.target, place);
          if (own) input = { kind: "text", text };
          continue;
        }
        for (const target of this.#reader.words(node.target, place)) {
          const access = accessOf(node.operator, node.target.text);
          if (access === undefined) continue;
          redirections.push({ access, target });
          if (own && access !== "write") input = { kind: "file", path: target };
        }
      }
    }
    return { redirections, input };
  }

  #hereDocument(node: HereDoc, place: Place): BashWord {
    const parts = node.body.parts;
    if (parts === undefined || node.delimiter?.quoted === true) return textWord(node.body.text);
    return this.#reader.parts(parts, place, true);
  }

  #test(node: TestExpression, place: Place): void {
    switch (node.type) {
      case "TestLogical":
        for (const operand of node.operands) this.#test(operand, place);
        return;
      case "TestNot":
        return this.#test(node.operand, place);
      case "TestGroup":
        return this.#test(node.expression, place);
      case "TestUnary": {
        const operand = this.#reader.words(node.operand, place);
        return this.#emitTest([textWord(node.operator), ...operand], place);
      }
      case "TestBinary": {
        const left = this.#reader.words(node.left, place);
        const right = this.#reader.words(node.right, place);
        return this.#emitTest([...left, textWord(node.operator), ...right], place);
      }
    }
  }

  #emitTest(words: readonly BashWord[], place: Place): void {
    const test = { assignments: [], declared: [], redirections: [] };
    this.#emit({ ...test, words: [textWord("[["), ...words] }, place);
  }
}

function within(parent: BashScope): BashScope {
  return { parent };
}

/** Which access an operator asks for; none for a copy of a descriptor. */
function accessOf(operator: string, target: string): BashRedirection["access"] | undefined {
  switch (operator) {
    case "<":
      return "read";
    case "<>":
      return "both";
    case "<&":
      return isDescriptor(target) ? undefined : "read";
    case ">&":
      return isDescriptor(target) ? undefined : "write";
    default:
      return "write";
  }
}

function isDescriptor(text: string): boolean {
  return /^(?:[0-9]+-?|-)$/.test(text);
}
