/**
 * How much a part of an expression speaks for SQL and against prose.
 * @module
 */

/** What an expression holds, in all. */
export interface Weight {
  /** A number, a string, a variable or a truth value. */
  readonly literal: boolean;
  /** One of the truth values. */
  readonly truth: boolean;
  /** A comparison that has a result: `a = b`, `a LIKE 'x'`, `a IS NULL`. */
  readonly compared: boolean;
  /** A call that prose does not write: `f()`, `f(1)`, and any call around such. */
  readonly called: boolean;
  /** Two operands joined by AND, OR and their like. */
  readonly logical: boolean;
  /** Behind AND, OR and their like: a literal. */
  readonly logicalLiteral: boolean;
  /** Two operands that are reckoned with. */
  readonly reckoned: boolean;
  /** Behind AND, OR and their like: a comparison or such a call. This is SQL whatever follows. */
  readonly proof: boolean;
  /** It is the empty string whose end is not its own: the two quotes of `'…' LIKE '` and its surroundings. */
  readonly half: boolean;
}

/** A name, of which prose is full. */
export const NAME: Weight = {
  literal: false,
  truth: false,
  compared: false,
  called: false,
  logical: false,
  logicalLiteral: false,
  reckoned: false,
  proof: false,
  half: false,
};

/** A literal. */
export const LITERAL: Weight = { ...NAME, literal: true };

/** Both together. */
export function bothWeights(a: Weight, b: Weight): Weight {
  return {
    literal: a.literal || b.literal,
    truth: a.truth || b.truth,
    compared: a.compared || b.compared,
    called: a.called || b.called,
    logical: a.logical || b.logical,
    logicalLiteral: a.logicalLiteral || b.logicalLiteral,
    reckoned: a.reckoned || b.reckoned,
    proof: a.proof || b.proof,
    half: a.half || b.half,
  };
}
