/**
 * Follows what a script itself says about its variables: `d=/etc; rm "$d/x"` names `/etc/x`.
 *
 * Without regard to the order of commands: a name stands for everything it is ever given, and for an
 * unknown besides when any of that cannot be seen.
 * @module
 */

import { printedWords } from "./bash_output.ts";
import type { BashCommand, BashScript, BashWord, WordPart } from "./bash_facts.ts";
import { staticText, textWord } from "./bash_facts.ts";

/** How far one name is followed through others. */
const MAX_CHAIN = 6;
/** Values that one name may have. */
const MAX_VALUES = 64;
/** Words that are made in all. */
const MAX_WORDS = 40_000;

/** What the words of a command may be. */
export interface Variants {
  /**
   * The words with their variables filled in: as many times as the variable with the most values
   * has, each value once. At least one.
   */
  readonly lines: readonly (readonly BashWord[])[];
}

/** Fills in variables for the commands of one script. */
export class BashValues {
  readonly #values = new Map<string, BashWord[]>();
  #made = 0;
  #overflow = false;

  constructor(script: BashScript) {
    for (const { name, values } of script.bindings) this.#bind(name, values);
    for (const command of script.commands) this.#bindByCommand(command, script);
  }

  /** Whether the script has more values than are followed; then nothing that was said is complete. */
  get overflow(): boolean {
    return this.#overflow;
  }

  /** Whether the script itself sets the name. */
  sets(name: string): boolean {
    return this.#values.has(name);
  }

  /** The words of a command. */
  variants(words: readonly BashWord[]): Variants {
    let widest = 1;
    const all = words.map((word) => {
      const options = this.#expand(word, 0);
      widest = Math.max(widest, options.length);
      return options;
    });
    const lines: BashWord[][] = [];
    for (let index = 0; index < widest; index++) {
      const line: BashWord[] = [];
      for (const options of all) {
        line.push(...(options[Math.min(index, options.length - 1)] ?? []));
        if (++this.#made > MAX_WORDS) {
          this.#overflow = true;
          return { lines: [...lines, line] };
        }
      }
      lines.push(line);
    }
    return { lines };
  }

  /** Every value a single word may have. */
  wordValues(word: BashWord): readonly BashWord[] {
    return this.variants([word]).lines.flat();
  }

  #bind(name: string, values: readonly BashWord[]): void {
    const known = this.#values.get(name) ?? [];
    if (known.length + values.length > MAX_VALUES) this.#overflow = true;
    else this.#values.set(name, [...known, ...values]);
  }

  #bindByCommand(command: BashCommand, script: BashScript): void {
    const [first, ...words] = command.words;
    const name = staticText(first ?? []) ?? "";
    if (name === "read" || name === "mapfile" || name === "readarray") {
      const given = inputWords(command);
      for (const word of words) {
        const target = staticText(word) ?? "";
        if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(target)) this.#bind(target, given);
      }
    } else if (name === "printf" && staticText(words[0] ?? []) === "-v") {
      this.#bind(staticText(words[1] ?? []) ?? "", [unknown()]);
    } else if (name === "set" || script.functions.has(name)) {
      const from = name === "set" ? words.findIndex((word) => staticText(word) === "--") + 1 : 0;
      if (name === "set" && from === 0) return;
      const given = words.slice(from);
      this.#bind("@", given);
      this.#bind("*", given);
      for (const [index, word] of given.slice(0, 9).entries()) {
        this.#bind(String(index + 1), [word]);
      }
    }
  }

  /** Each result is one way the word can come out, as the words it then is. */
  #expand(word: BashWord, chain: number): BashWord[][] {
    if (word.every((part) => part.kind !== "variable" && part.kind !== "computed")) return [[word]];
    const ways: WordPart[][][] = [[[]]];
    for (const part of word) {
      const options = this.#options(part, chain);
      // One way per value of this part and, beyond that, the last value: all values once.
      while (ways.length < options.length) ways.push(ways.at(-1)?.map((each) => [...each]) ?? [[]]);
      for (const [index, way] of ways.entries()) {
        glue(way, options[Math.min(index, options.length - 1)] ?? [[]]);
      }
    }
    return ways;
  }

  /** The ways one part can come out, each as a list of words that is glued to its neighbours. */
  #options(part: WordPart, chain: number): BashWord[][] {
    if (part.kind === "computed") {
      if (part.output === undefined || chain >= MAX_CHAIN) return [[[part]]];
      const printed = printedWords(part.output);
      if (printed.length === 0 || printed.length > MAX_VALUES) return [[[part]]];
      return printed.flatMap((word) => this.#expand(word, chain + 1));
    }
    if (part.kind !== "variable") return [[[part]]];
    if (part.name === "IFS" && !part.quoted && !this.#values.has("IFS")) return [[[], []]];
    const values = this.#values.get(part.name);
    if (chain >= MAX_CHAIN) return [[[{ kind: "computed", quoted: part.quoted }]]];
    const sources = [...(values ?? []), ...(part.fallback === undefined ? [] : [part.fallback])];
    const ways: BashWord[][] = sources.flatMap((value) => this.#expand(value, chain + 1))
      .map((words) => part.quoted ? words : words.flatMap(splitWord));
    if (ways.length > MAX_VALUES) this.#overflow = true;
    if (values === undefined) ways.push([[{ ...part, fallback: undefined }]]);
    return ways.slice(0, MAX_VALUES);
  }
}

function unknown(): BashWord {
  return [{ kind: "computed", quoted: false }];
}

/** What a command that reads its input may be given. */
function inputWords(command: BashCommand): readonly BashWord[] {
  const { input } = command;
  const words = input.kind === "pipe"
    ? printedWords(input.stage)
    : input.kind === "text"
    ? [input.text]
    : [];
  return words.length > 0 && words.length <= MAX_VALUES ? words : [unknown()];
}

/** Glues the first word of `after` to the last word of a way, which grows: copying it takes time in its square. */
function glue(way: WordPart[][], after: readonly BashWord[]): void {
  for (const [index, word] of after.entries()) {
    if (index > 0) way.push([...word]);
    else for (const part of word) way.at(-1)?.push(part);
  }
}

/** Splits a value that was not quoted at white space, and sees its wildcards. */
function splitWord(word: BashWord): BashWord[] {
  const words: WordPart[][] = [[]];
  for (const part of word) {
    if (part.kind !== "text") {
      words.at(-1)?.push(part);
      continue;
    }
    for (const [index, piece] of part.text.split(/[ \t\n]+/).entries()) {
      if (index > 0) words.push([]);
      for (const fragment of piece.split(/([*?]|\[[^\]]*\])/)) {
        if (fragment === "") continue;
        const glob = /^[*?[]/.test(fragment);
        if (glob) words.at(-1)?.push({ kind: "glob", text: fragment });
        else words.at(-1)?.push(...textWord(fragment));
      }
    }
  }
  return words.filter((each) => each.length > 0);
}
