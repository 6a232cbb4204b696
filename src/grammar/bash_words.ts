/**
 * Reads the words of the parser's tree: quotes taken away, braces written out, what is only known at
 * run time told from what is fixed.
 * @module
 */

import { braceAlternatives, WORD_COST } from "./bash_braces.ts";
import {
  type BashCommand,
  type BashFault,
  type BashWord,
  textWord,
  type WordPart,
} from "./bash_facts.ts";
import {
  type ArithmeticExpression,
  type CommandExpansionPart,
  parse,
  type ParsedScript,
  type ProcessSubstitutionPart,
  type SourcePart,
  type Word,
} from "./bash_tree.ts";

/** Characters that braces may add to one script; each word counts for a few more. */
const MAX_BRACE_CHARS = 128 * 1024;

/** Who reads the scripts inside words; `P` is what it knows of the place. */
export interface WordHost<P> {
  /** Reads a substitution, and gives the commands that it prints by. `fed`: something is piped into it. */
  substitution(script: ParsedScript | undefined, place: P, fed: boolean): readonly BashCommand[];
  fault(fault: BashFault): void;
  /** Whether there is a fault already; then nothing more needs to be read. */
  readonly faulty: boolean;
}

/** Reads the words of one script. */
export class WordReader<P> {
  readonly #host: WordHost<P>;
  #braceChars = 0;

  constructor(host: WordHost<P>) {
    this.#host = host;
  }

  /** A word, or the words that its braces make of it. */
  words(word: Word, place: P): BashWord[] {
    if (word.parts?.some((part) => part.type === "BraceExpansion") !== true) {
      return [this.plain(word, place)];
    }
    const texts = braceAlternatives(word.text, MAX_BRACE_CHARS - this.#braceChars);
    if (texts === undefined) {
      this.#host.fault({ code: "too-many-words" });
      return [];
    }
    for (const text of texts) this.#braceChars += text.length + WORD_COST;
    const words: BashWord[] = [];
    for (const text of texts) {
      const again = parse(`: ${text}`);
      const statement = again.commands[0];
      const command = statement?.command;
      if ((again.errors?.length ?? 0) > 0 || command?.type !== "Command") {
        this.#host.fault({ code: "syntax", message: "braces that do not expand to words" });
        return [];
      }
      for (const item of command.suffix) {
        if (item.type === "Word") words.push(this.plain(item, place));
        else words.push([{ kind: "computed", quoted: false }]);
      }
    }
    return words;
  }

  plain(word: Word, place: P): BashWord {
    const parts = word.parts === undefined
      ? textWord(word.value)
      : this.parts(word.parts, place, false);
    return word.text.startsWith("~") ? withHome(parts) : parts;
  }

  parts(parts: readonly SourcePart[], place: P, quoted = false): BashWord {
    const out: WordPart[] = [];
    for (const part of parts) {
      switch (part.type) {
        case "Literal":
        case "SingleQuoted":
        case "AnsiCQuoted":
          push(out, part.value);
          break;
        case "Glob":
          for (const inner of part.parts ?? []) this.parts([inner], place, quoted);
          if (quoted) push(out, part.text);
          else out.push({ kind: "glob", text: part.text });
          break;
        case "ExtendedGlob":
          this.parts(part.parts ?? [], place, quoted);
          out.push({ kind: "glob", text: part.text });
          break;
        case "DoubleQuoted":
        case "LocaleString":
          for (const inner of this.parts(part.parts, place, true)) {
            if (inner.kind === "text") push(out, inner.text);
            else out.push(inner);
          }
          break;
        case "SimpleExpansion":
          out.push(variable(part.text.slice(1), quoted));
          break;
        case "ParameterExpansion": {
          if (part.index !== undefined) this.words(part.index, place);
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
            .map((operand) => this.plain(operand, place));
          const [fallback] = operands;
          out.push(
            operation.type === "Default" && part.prefix === undefined
              ? {
                kind: "variable",
                name: part.parameter,
                quoted,
                // The word of `${name:?word}` is a message.
                fallback: operation.operator.endsWith("?") ? undefined : fallback,
              }
              : { kind: "computed", quoted },
          );
          break;
        }
        case "CommandExpansion":
        case "ProcessSubstitution":
          out.push(this.#substitution(part, place, quoted));
          break;
        case "ArithmeticExpansion":
          this.arithmetic(part.expression, place);
          out.push({ kind: "computed", quoted });
          break;
        case "BraceExpansion":
          // A range too long to write out: characters that no expansion adds a slash to.
          this.parts(part.parts ?? [], place, quoted);
          out.push({ kind: "computed", quoted: true });
          break;
      }
    }
    return out;
  }

  #substitution(
    part: CommandExpansionPart | ProcessSubstitutionPart,
    place: P,
    quoted: boolean,
  ): WordPart {
    // The parser reads the script of a substitution only when it is asked for.
    if (this.#host.faulty) return { kind: "computed", quoted };
    const named = part.type === "ProcessSubstitution";
    const commands = this.#host.substitution(part.script, place, named && part.operator === ">");
    return named
      ? { kind: "computed", quoted: true, pipe: true }
      : { kind: "computed", quoted, output: { commands } };
  }

  arithmetic(node: ArithmeticExpression | undefined, place: P): void {
    if (node === undefined) return;
    if (node.type === "ArithmeticCommandExpansion") {
      this.#host.substitution(node.script, place, false);
    } else if (node.type === "ArithmeticWord") {
      this.parts(node.parts ?? [], place, true);
    } else {
      for (const child of Object.values(node)) {
        if (isExpression(child)) this.arithmetic(child, place);
      }
    }
  }
}

/** `$name`. */
export function variable(name: string, quoted: boolean): WordPart {
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

function isWord(value: unknown): value is Word {
  return typeof value === "object" && value !== null && "type" in value && value.type === "Word";
}

function isExpression(value: unknown): value is ArithmeticExpression {
  return typeof value === "object" && value !== null && "type" in value &&
    typeof value.type === "string" && value.type.startsWith("Arithmetic");
}
