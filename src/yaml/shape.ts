/**
 * What a file may hold, as data: one description serves the reader, which reports what does not
 * fit, and the JSON Schema for editors.
 * @module
 */

import type { ScalarNode } from "./node.ts";
import type { Fault } from "./problems.ts";

/** What may stand in one place. `what` finishes the sentence "must be …". */
export type Shape =
  | TextShape
  | ChoiceShape
  | CountShape
  | ListShape
  | NamesShape
  | RecordShape
  | EitherShape
  | WrittenShape
  | ScalarShape
  | RefusedShape
  | FlagShape
  | AnyShape;

/** Any text that `fault` does not object to. */
export interface TextShape {
  readonly type: "text";
  readonly what: string;
  readonly fault?: (text: string) => Fault | undefined;
}

/** One of a few words. */
export interface ChoiceShape {
  readonly type: "choice";
  readonly what: string;
  readonly choices: readonly string[];
  readonly code: string;
  /** Hints for words that people write instead. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** A whole number. */
export interface CountShape {
  readonly type: "count";
  readonly what: string;
  readonly min: number;
  readonly max: number;
}

/** Any number of values of one shape. */
export interface ListShape {
  readonly type: "list";
  readonly what: string;
  readonly of: Shape;
  /** True when a value that stands twice is a slip. */
  readonly unique?: boolean;
}

/** A mapping whose keys the operator invents. */
export interface NamesShape {
  readonly type: "names";
  readonly what: string;
  readonly of: Shape;
  readonly fault?: (name: string) => Fault | undefined;
}

/** A mapping with known keys. */
export interface RecordShape {
  readonly type: "record";
  readonly what: string;
  readonly keys: Readonly<Record<string, Field>>;
}

/** A key of a record. */
export interface Field {
  readonly shape: Shape;
  /** One line for editors. */
  readonly brief: string;
  readonly required?: boolean;
}

/** The first of several shapes that is of the value's sort. */
export interface EitherShape {
  readonly type: "either";
  readonly what: string;
  readonly of: readonly Shape[];
}

/** A scalar judged as it is written. */
export interface WrittenShape {
  readonly type: "written";
  readonly what: string;
  readonly fault: (node: ScalarNode) => Fault | undefined;
  /** The only value, for editors. */
  readonly value: string;
}

/** A text, a number, or yes and no, judged as it is written. */
export interface ScalarShape {
  readonly type: "scalar";
  readonly what: string;
  readonly fault: (node: ScalarNode) => Fault | undefined;
  /** What it may be in JSON Schema. */
  readonly sorts: readonly ("string" | "number" | "boolean")[];
}

/** A scalar that people write where none may stand; no message repeats it, and editors offer none. */
export interface RefusedShape {
  readonly type: "refused";
  readonly what: string;
  readonly why: Fault;
}

/** Whatever YAML can hold. */
export interface AnyShape {
  readonly type: "any";
  readonly what: string;
}

/** Yes or no. */
export interface FlagShape {
  readonly type: "flag";
  readonly what: string;
}
