/**
 * What a Bash script says, in our own words: the commands it would run and what each is made of.
 * @module
 */

/** A stretch of a word. Where braces stood, every alternative is a word of its own. */
export type WordPart =
  /** Characters that stand for themselves, quotes and escapes taken away. */
  | { readonly kind: "text"; readonly text: string }
  /** An unquoted pattern that the shell compares with file names: `*`, `?`, `[a-z]`, `+(x)`. */
  | { readonly kind: "glob"; readonly text: string }
  /** An unquoted `~`, or `~user`, at the front. */
  | { readonly kind: "home"; readonly user: string }
  /** `$name`. Unquoted, the shell splits its value into words. */
  | {
    readonly kind: "variable";
    readonly name: string;
    readonly quoted: boolean;
    /** The word of `${name:-word}`. */
    readonly fallback: BashWord | undefined;
  }
  /** Known only at run time: a substitution, an edited variable. */
  | {
    readonly kind: "computed";
    readonly quoted: boolean;
    /** The commands whose output stands here. */
    readonly output?: BashStage;
    /** `<(…)` or `>(…)`: the name of a pipe to or from commands. */
    readonly pipe?: boolean;
  };

/** One word of a command. None: the empty word. */
export type BashWord = readonly WordPart[];

/** A name that gets one value, or the elements of an array, or the words of a loop. */
export interface BashBinding {
  readonly name: string;
  readonly values: readonly BashWord[];
  /** `+=`. */
  readonly append: boolean;
}

/** A redirection to or from a file. Copies of open descriptors (`2>&1`) are none. */
export interface BashRedirection {
  readonly access: "read" | "write" | "both";
  readonly target: BashWord;
}

/** Commands that run in a process of their own: what they change in the shell stays there. */
export interface BashScope {
  readonly parent: BashScope | undefined;
}

/** The commands whose output goes the same way: into a pipe, or into a word. */
export interface BashStage {
  readonly commands: readonly BashCommand[];
}

/** Where standard input comes from, as far as the script says. */
export type BashInput =
  | { readonly kind: "inherited" }
  | { readonly kind: "pipe"; readonly stage: BashStage }
  | { readonly kind: "file"; readonly path: BashWord }
  /** A here-document or here-string. */
  | { readonly kind: "text"; readonly text: BashWord };

/** One simple command, or the redirections of a compound one (then without words). */
export interface BashCommand {
  /** The first is the command word. */
  readonly words: readonly BashWord[];
  /** Set before it, for it alone; without words: set in the shell. */
  readonly assignments: readonly BashBinding[];
  /** Assignments among its words: `export name=value`. They are among `words` too. */
  readonly declared: readonly BashBinding[];
  readonly redirections: readonly BashRedirection[];
  readonly input: BashInput;
  readonly scope: BashScope;
  /** Whether it runs beside what follows: `&`, or as part of a pipe. */
  readonly beside: boolean;
  /** The function whose body it stands in. */
  readonly inside: string | undefined;
  /** The list of `&&` and `||` that it is a direct part of; another one for every other command. */
  readonly chain: BashChain;
  /** Whether the next command of its chain runs only after its success: `&&`. */
  readonly guards: boolean;
}

/** The identity of one list of commands joined by `&&` and `||`. */
export interface BashChain {
  readonly commands: number;
}

/** Why a text cannot be judged as Bash. */
export type BashFault =
  | { readonly code: "too-long"; readonly maxChars: number }
  | { readonly code: "too-deep"; readonly maxLevels: number }
  | { readonly code: "too-many-words" }
  /** Not Bash, by the first complaint of the parser. */
  | { readonly code: "syntax"; readonly message: string }
  /** The parser gave up. */
  | { readonly code: "unreadable" };

/** A parsed script. With any fault, the rest is incomplete. */
export interface BashScript {
  /** Every command that could run, those of substitutions before the command that uses them. */
  readonly commands: readonly BashCommand[];
  /** Names of the functions that the script defines. */
  readonly functions: ReadonlySet<string>;
  /** Every name that the script sets, where it can be seen. */
  readonly bindings: readonly BashBinding[];
  readonly faults: readonly BashFault[];
}

/** A word of characters that stand for themselves. */
export function textWord(text: string): BashWord {
  return text === "" ? [] : [{ kind: "text", text }];
}

/** What a word says when nothing of it depends on the run; else nothing. */
export function staticText(word: BashWord): string | undefined {
  let text = "";
  for (const part of word) {
    if (part.kind !== "text") return undefined;
    text += part.text;
  }
  return text;
}

/** The characters that a word begins with whatever happens. */
export function frontText(word: BashWord): string {
  let text = "";
  for (const part of word) {
    if (part.kind !== "text") break;
    text += part.text;
  }
  return text;
}
