/**
 * Flags as data: one table per command drives its parser, its help and its corrections.
 * @module
 */

/** What every flag says of itself. */
interface Described {
  /** Heading in the help. */
  readonly group: string;
  /** What it does, in one line. */
  readonly brief: string;
  /** The default, as the help prints it. */
  readonly default?: string;
  /** The environment variable that sets the same. */
  readonly env?: string;
}

/** One value. */
export interface TextFlag extends Described {
  readonly kind: "text";
  /** Placeholder: `FILE`. */
  readonly value: string;
}

/** Present or absent. */
export interface SwitchFlag extends Described {
  readonly kind: "switch";
}

/** One of some words, in any case. */
export interface ChoiceFlag extends Described {
  readonly kind: "choice";
  readonly value: string;
  readonly choices: readonly string[];
}

/** A whole number in a range. */
export interface NumberFlag extends Described {
  readonly kind: "number";
  readonly value: string;
  readonly min: number;
  readonly max: number;
}

/** Words separated by commas; repeating adds to them. */
export interface ListFlag extends Described {
  readonly kind: "list";
  readonly value: string;
}

/** One value each time it is given. */
export interface ManyFlag extends Described {
  readonly kind: "many";
  readonly value: string;
}

/** Any flag. */
export type FlagSpec = TextFlag | SwitchFlag | ChoiceFlag | NumberFlag | ListFlag | ManyFlag;

/** Flags by name, without dashes. */
export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** What parsing gives for each flag of a table. */
export type FlagValues<F extends FlagTable> = { readonly [name in keyof F]: FlagValue<F[name]> };

type FlagValue<S extends FlagSpec> = S extends SwitchFlag ? boolean
  : S extends ListFlag | ManyFlag ? readonly string[]
  : S extends NumberFlag ? number | undefined
  : S extends { readonly choices: readonly (infer Choice)[] } ? Choice | undefined
  : string | undefined;
