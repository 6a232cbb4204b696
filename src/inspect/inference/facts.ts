/**
 * What a server says of a tool and of one argument: all that a kind is inferred from.
 * @module
 */

import type { ArgumentKind, SqlDialect } from "../../access/inspection.ts";
import type { Words } from "./words.ts";

/** What is known of a tool. */
export interface ToolFacts {
  /** Of its name. */
  readonly name: Words;
  /** Of its description. */
  readonly description: Words;
  /** What it does, in the first words of its description. */
  readonly start: Words;
  /** The names of its arguments at the top, one word each: `repopath`. */
  readonly siblings: ReadonlySet<string>;
  /** The dialect where nothing is said. */
  readonly dialect: SqlDialect;
  /** Tells whether one of some words occurs in its name or description. */
  says(...words: readonly string[]): boolean;
}

/** What is known of an argument that holds a string. */
export interface ArgumentFacts {
  /** Of its own name; of the array's or map's where it is an item or value. */
  readonly name: Words;
  /** Of its description, or of the array's or map's. */
  readonly description: Words;
  /** Of the name of the object that it is a member of, where that is not the whole. */
  readonly within: Words;
  /** The `format` of its schema, or `""`. */
  readonly format: string;
  /** Whether the schema lists its values. */
  readonly listed: boolean;
  /** Whether it is an item of an array. */
  readonly item: boolean;
}

/** What an argument probably is. */
export interface InferredKind {
  readonly kind: ArgumentKind;
  /** Whether a call may be refused on this guess; otherwise the audit says "would refuse". */
  readonly enforced: boolean;
  /** What the guess rests on, for people. */
  readonly because: string;
}

/** One guess: undefined when it has nothing to say. */
export type Guess = (argument: ArgumentFacts, tool: ToolFacts) => InferredKind | undefined;
