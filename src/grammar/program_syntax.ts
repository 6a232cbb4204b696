/**
 * What the words of a well-known program's command line are: which option takes a value, which
 * word is a file it writes, where another program's command line begins.
 * @module
 */

/** What the program does with one word. */
export type WordRole =
  /** Data: a pattern, a number, a message. */
  | "text"
  /** Reads it as a file or folder, or may. */
  | "file"
  /** Creates it, or changes what it holds or its mode. */
  | "write"
  /** Removes it, or moves it away. */
  | "delete"
  /** Takes it as the folder that other names start from. */
  | "folder"
  /** Runs it, with the words that follow, as a program. */
  | "argv"
  /** Runs it, perhaps split at spaces, as a program. */
  | "program"
  /** Gives it to a shell. */
  | "shell"
  /** Gives it, with the words that follow, to a shell. */
  | "shellwords"
  /** Runs it as code of its own language. */
  | "code"
  /** Runs the file as code of its own language. */
  | "script"
  /** A program in the language of that name. */
  | "awk"
  | "sed"
  | "sql"
  /** Where it fetches packages from. */
  | "registry"
  /** Runs or loads something that no allow-list can judge. */
  | "denied"
  /** `name=value` for the environment, or `key=value` of the configuration. */
  | "setting";

/** Every role, in the order in which tables are read: of two entries for one option the last counts. */
export const WORD_ROLES: readonly WordRole[] = [
  ...[
    "text",
    "file",
    "write",
    "delete",
    "folder",
    "argv",
    "program",
    "shell",
    "shellwords",
  ] as const,
  ...["code", "script", "awk", "sed", "sql", "registry", "denied", "setting"] as const,
];

/** What a program does at its gravest when no role says more. */
export type ProgramEffect = "read" | "write" | "delete" | "execute";

/** How one program, or one of its subcommands, reads its words. */
export interface ProgramSyntax {
  readonly effect: ProgramEffect;
  /** Options with a value, by what the value is: space-separated, with their dashes. */
  readonly values?: { readonly [role in WordRole]?: string };
  /** Short options whose value, if any, is attached to them. */
  readonly attached?: string;
  /** The operands in order; the last role holds for all that follow. Default: `file`. */
  readonly operands?: readonly WordRole[];
  /** The last operand, where there are two or more. */
  readonly last?: WordRole;
  /** Options that stand in for the first operand, as `grep -e` does for the pattern. */
  readonly instead?: string;
  /** Other operands when one of the options in `when` is given; the first that fits. */
  readonly modes?: readonly ProgramMode[];
  /** Options are read up to the first operand only. */
  readonly leading?: boolean;
  /** Long options may begin with one dash, and short ones do not cluster. */
  readonly oneDash?: boolean;
  /** Without options: every word is an operand. */
  readonly plain?: boolean;
  /** Further tables by the first operand. */
  readonly subcommands?: { readonly [name: string]: ProgramSyntax };
  /** Options that are refused whatever their value, with or without one. */
  readonly denied?: string;
}

/** How an option changes what the operands are. */
export interface ProgramMode {
  readonly when: string;
  readonly effect?: ProgramEffect;
  readonly operands: readonly WordRole[];
  readonly last?: WordRole;
}
