/**
 * What a detector has against a value.
 * @module
 */

/** Why a value is refused. */
export interface Objection {
  /** Which rule of the detector, in kebab-case and stable: `path-outside-roots`. For audit, tests and `explain`. */
  readonly rule: string;
  /**
   * One clause for the client and the model behind it, which completes "the argument …": "leads
   * outside the allowed folders". At most 200 characters; quotes no more than 80 of the value, and
   * never a secret.
   */
  readonly detail: string;
}
