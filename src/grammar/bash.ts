/**
 * Reads Bash: text → the commands it would run, wherever they stand.
 *
 * The one file that knows the parser, `unbash`; import it lazily. Whatever the parser cannot read
 * becomes a fault, never an exception.
 * @module
 */

import { parse } from "unbash";
import type {
  ArithmeticExpression,
  ArrayValue,
  Assignment,
  Command,
  CommandExpansionPart,
  HereDoc,
  ProcessSubstitutionPart,
  Redirection,
  Script,
  SyntaxNode,
  TestExpression,
  Word,
  WordPart as SourcePart,
} from "unbash";
import { braceAlternatives, WORD_COST } from "./bash_braces.ts";
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
  WordPart,
} from "./bash_facts.ts";
import { textWord } from "./bash_facts.ts";

/** Characters of one script. */
const MAX_CHARS = 64 * 1024;
/** Open parentheses and braces at one place; the parser reads each level of substitutions again. */
const MAX_LEVELS = 48;
/** Characters that braces may add to one script; each word counts for a few more. */
const MAX_BRACE_CHARS = 128 * 1024;
/** The parser takes time quadratic in the here-documents of a line. */
const MAX_HERE_DOCUMENTS = 1000;
/** How deep the tree is walked. */
const MAX_WALK = 400;

/** Reads a script; with faults when it is not Bash or beyond a bound. */
export function parseBash(text: string): BashScript {
  const reader = new Reader();
  if (text.length > MAX_CHARS) return reader.refuse({ code: "too-long", maxChars: MAX_CHARS });
  if (deepestLevel(text) > MAX_LEVELS) {
    return reader.refuse({ code: "too-deep", maxLevels: MAX_LEVELS });
  }
  if (text.split("<<", MAX_HERE_DOCUMENTS + 2).length > MAX_HERE_DOCUMENTS + 1) {
    return reader.refuse({ code: "unreadable" });
  }
  try {
    reader.read(text);
  } catch {
    // The parser, or the walk over its tree, ran out of stack: the script is refused as a whole.
    return reader.refuse({ code: "unreadable" });
  }
  return reader.script();
}

/** Counts without regard to quotes, so it may see more levels than there are, never fewer. */
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
  readonly chain: BashChain;
  readonly guards: boolean;
  /** Where the commands go: the script's list, or the stage that collects them. */
  readonly collect: readonly BashCommand[][];
}

const INHERITED: BashInput = { kind: "inherited" };

class Reader {
  readonly #commands: BashCommand[] = [];
  readonly #functions = new Set<string>();
  readonly #bindings: BashBinding[] = [];
  readonly #faults: BashFault[] = [];
  #braceChars = 0;

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
      ...{ input: INHERITED, scope, beside: false, inside: undefined, level: 0 },
      ...{ chain: { commands: 0 }, guards: false },
      collect: [this.#commands],
    };
    this.#script(parse(text), place);
  }

  #script(script: Script & { readonly errors?: readonly { message: string }[] }, place: Place) {
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
          : words.flatMap((word) => this.#word(word, place));
        this.#bindings.push({ name: node.name.value, values, append: false });
        return this.#node(node.body, place);
      }
      case "ArithmeticFor":
        this.#arithmetic(node.initialize, place);
        this.#arithmetic(node.test, place);
        this.#arithmetic(node.update, place);
        return this.#node(node.body, place);
      case "ArithmeticCommand":
        return this.#arithmetic(node.expression, place);
      case "TestCommand":
        return this.#test(node.expression, place);
      case "Case":
        this.#word(node.word, place);
        for (const item of node.items) {
          for (const pattern of item.pattern) this.#word(pattern, place);
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
    if (node.name !== undefined) words.push(...this.#word(node.name, place));
    for (const item of node.suffix) {
      if (item.type === "Word") words.push(...this.#word(item, place));
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
  }

  #assignment(node: Assignment, place: Place): BashBinding {
    if (node.index !== undefined) this.#word(node.index, place);
    const value: Word | ArrayValue = node.value;
    const values = value.type === "ArrayValue"
      ? value.elements.flatMap((element) => this.#word(element, place))
      : [this.#plainWord(value, place)];
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
          const text = this.#plainWord(node.target, place);
          if (own) input = { kind: "text", text };
          continue;
        }
        for (const target of this.#word(node.target, place)) {
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
    return this.#parts(parts, place, true);
  }

  /** A word, or the words that its braces make of it. */
  #word(word: Word, place: Place): BashWord[] {
    if (word.parts?.some((part) => part.type === "BraceExpansion") !== true) {
      return [this.#plainWord(word, place)];
    }
    const texts = braceAlternatives(word.text, MAX_BRACE_CHARS - this.#braceChars);
    if (texts === undefined) {
      this.#faults.push({ code: "too-many-words", maxChars: MAX_BRACE_CHARS });
      return [];
    }
    for (const text of texts) this.#braceChars += text.length + WORD_COST;
    const words: BashWord[] = [];
    for (const text of texts) {
      const again = parse(`: ${text}`);
      const statement = again.commands[0];
      const command = statement?.command;
      if ((again.errors?.length ?? 0) > 0 || command?.type !== "Command") {
        this.#faults.push({ code: "syntax", message: "braces that do not expand to words" });
        return [];
      }
      for (const item of command.suffix) {
        if (item.type === "Word") words.push(this.#plainWord(item, place));
        else words.push([{ kind: "computed", quoted: false }]);
      }
    }
    return words;
  }

  #plainWord(word: Word, place: Place): BashWord {
    const parts = word.parts === undefined
      ? textWord(word.value)
      : this.#parts(word.parts, place, false);
    return word.text.startsWith("~") ? withHome(parts) : parts;
  }

  #parts(parts: readonly SourcePart[], place: Place, quoted: boolean): BashWord {
    const out: WordPart[] = [];
    for (const part of parts) {
      switch (part.type) {
        case "Literal":
        case "SingleQuoted":
        case "AnsiCQuoted":
          push(out, part.value);
          break;
        case "Glob":
          for (const inner of part.parts ?? []) this.#parts([inner], place, quoted);
          if (quoted) push(out, part.text);
          else out.push({ kind: "glob", text: part.text });
          break;
        case "ExtendedGlob":
          this.#parts(part.parts ?? [], place, quoted);
          out.push({ kind: "glob", text: part.text });
          break;
        case "DoubleQuoted":
        case "LocaleString":
          for (const inner of this.#parts(part.parts, place, true)) {
            if (inner.kind === "text") push(out, inner.text);
            else out.push(inner);
          }
          break;
        case "SimpleExpansion":
          out.push(variable(part.text.slice(1), quoted));
          break;
        case "ParameterExpansion": {
          if (part.index !== undefined) this.#word(part.index, place);
          const operation = part.operation;
          if (operation === undefined) {
            out.push(
              part.prefix === undefined
                ? variable(part.parameter, quoted)
                : { kind: "computed", quoted },
            );
            break;
          }
          const operands = Object.values(operation).filter(isWord)
            .map((operand) => this.#plainWord(operand, place));
          const [fallback] = operands;
          out.push(
            operation.type === "Default" && part.prefix === undefined &&
              !operation.operator.endsWith("?")
              ? { kind: "variable", name: part.parameter, quoted, fallback }
              : { kind: "computed", quoted },
          );
          break;
        }
        case "CommandExpansion":
        case "ProcessSubstitution":
          out.push(this.#substitution(part, quoted, place));
          break;
        case "ArithmeticExpansion":
          this.#arithmetic(part.expression, place);
          out.push({ kind: "computed", quoted });
          break;
        case "BraceExpansion":
          // A range too long to write out: characters that no expansion adds a slash to.
          this.#parts(part.parts ?? [], place, quoted);
          out.push({ kind: "computed", quoted: true });
          break;
      }
    }
    return out;
  }

  #substitution(
    part: CommandExpansionPart | ProcessSubstitutionPart,
    quoted: boolean,
    place: Place,
  ): WordPart {
    const printed: BashCommand[] = [];
    const collect = [...place.collect.slice(0, 1), printed];
    const fed = part.type === "ProcessSubstitution" && part.operator === ">";
    const input: BashInput = fed ? { kind: "pipe", stage: { commands: [] } } : place.input;
    const inner = { ...place, input, scope: within(place.scope), collect };
    if (part.script !== undefined) this.#script(part.script, inner);
    return part.type === "ProcessSubstitution"
      ? { kind: "computed", quoted: true, pipe: true }
      : { kind: "computed", quoted, output: { commands: printed } };
  }

  #arithmetic(node: ArithmeticExpression | undefined, place: Place): void {
    if (node === undefined) return;
    if (node.type === "ArithmeticCommandExpansion") {
      if (node.script !== undefined) this.#script(node.script, place);
    } else if (node.type === "ArithmeticWord") {
      this.#parts(node.parts ?? [], place, true);
    } else {
      for (const child of Object.values(node)) {
        if (isExpression(child)) this.#arithmetic(child, place);
      }
    }
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
        const operand = this.#word(node.operand, place);
        return this.#emitTest([textWord(node.operator), ...operand], place);
      }
      case "TestBinary": {
        const left = this.#word(node.left, place);
        const right = this.#word(node.right, place);
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

function variable(name: string, quoted: boolean): WordPart {
  return { kind: "variable", name, quoted, fallback: undefined };
}

function push(parts: WordPart[], text: string): void {
  const last = parts.at(-1);
  if (last?.kind === "text") parts[parts.length - 1] = { kind: "text", text: last.text + text };
  else if (text !== "") parts.push({ kind: "text", text });
}

/** The front of a word that was written with an unquoted `~`. */
function withHome(parts: BashWord): BashWord {
  const [first, ...rest] = parts;
  if (first?.kind !== "text") return parts;
  const slash = first.text.indexOf("/");
  const user = slash < 0 ? first.text.slice(1) : first.text.slice(1, slash);
  const after = slash < 0 ? "" : first.text.slice(slash);
  return [{ kind: "home", user }, ...textWord(after), ...rest];
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

function isWord(value: unknown): value is Word {
  return typeof value === "object" && value !== null && "type" in value && value.type === "Word";
}

function isExpression(value: unknown): value is ArithmeticExpression {
  return typeof value === "object" && value !== null && "type" in value &&
    typeof value.type === "string" && value.type.startsWith("Arithmetic");
}
