/**
 * Conditions on a rule: what the policy reader gets of one, and what one is asked about. Types only,
 * so that whoever names them does not load CEL.
 * @module
 */

import type { Principal } from "../access/principal.ts";
import type { Action, RequestContext } from "../access/request.ts";
import type { JsonObject } from "../base/json.ts";
import type { Result } from "../base/result.ts";

/**
 * What a condition says of a request. `error`: it failed, cost too much, or gave no bool; it then
 * does not hold for an allow and holds for a deny. `unknown`: the arguments, which are not known,
 * decide.
 */
export type Truth = "true" | "false" | "error" | "unknown";

/** A compiled condition. */
export interface Condition {
  /** As written in the policy. */
  readonly source: string;
  /** Whether it speaks of `args` at all. */
  readonly needsArguments: boolean;
  /** What it says of every request, when it says the same of all. */
  readonly constant: boolean | undefined;
  /**
   * Asks it. Never throws.
   * INVARIANT: `unknown` only when the arguments are unknown; and what it says without them it says
   * with any, unless those make it an error.
   */
  holds(input: ConditionInput): Truth;
}

/** Why a condition cannot be used: where in its source, and what to do. */
export interface ConditionFault {
  /** Sentence case, no final period. */
  readonly message: string;
  /** In UTF-16 units from the start of the source. */
  readonly offset: number;
  /** In UTF-16 units; 0 at the end of the source. */
  readonly length: number;
  readonly hint?: string;
}

/** What a condition is asked about: the variables `args`, `principal` and `context`. */
export interface ConditionInput {
  /** `undefined` when they are unknown because a list item is being judged. */
  readonly arguments: JsonObject | undefined;
  readonly principal: Principal;
  readonly context: ConditionContext;
}

/** The variable `context`. */
export interface ConditionContext {
  /** Wall clock, in milliseconds since 1970. */
  readonly timeMs: number;
  readonly era: "legacy" | "modern";
  readonly transport: "stdio" | "http";
  /** The upstream's name; empty when it has none. */
  readonly server: string;
  /** The tool's name; empty for a request that is for no tool. */
  readonly tool: string;
  /** The name of whatever is asked for: tool or prompt name, resource URI. */
  readonly resource: string;
  /** As the policy classified it. */
  readonly action: Action;
  /** What the server says of the tool; absent hints are absent members. */
  readonly annotations: NonNullable<RequestContext["annotations"]>;
}

/** A pattern, ready for any number of subjects. */
export interface SubjectTest {
  /** May throw: the condition is then an error. */
  holds(subject: string): boolean;
  /** What one UTF-16 unit of a subject costs, in tens of nanoseconds. */
  readonly unitsPerChar: number;
}

/** What every function of ours has to say for itself, in documents and to the meter. */
interface FunctionEntry {
  /** As CEL declares it: `under(string, string): bool`. */
  readonly signature: string;
  /** One sentence for the operator. */
  readonly summary: string;
  /** What one UTF-16 unit of an operand costs at most, in tens of nanoseconds. */
  readonly unitsPerChar: number;
}

/** A function that conditions may call. Its time is linear in its operands. */
export type ConditionFunction =
  /** Takes a subject and a pattern, and gives a bool. A pattern that is a literal is compiled at load. */
  | FunctionEntry & {
    readonly kind: "test";
    /** Whether the pattern must be a string literal. */
    readonly literalOnly: boolean;
    /** Compiles a pattern, or says what is wrong with it. */
    compile(pattern: string): Result<SubjectTest, string>;
  }
  /** Takes texts and gives a text. */
  | FunctionEntry & {
    readonly kind: "text";
    /** Says at load what is wrong with the operands that are literals; the others are `undefined`. */
    refuses?(literals: readonly (string | undefined)[]): string | undefined;
    /** May throw: the condition is then an error. */
    call(operands: readonly string[]): string;
  };

/** All functions that conditions may call beside CEL's own. */
export type ConditionFunctions = readonly ConditionFunction[];
