/**
 * What can be wrong with a JSON Schema.
 * @module
 */

/** Why a schema cannot be used, and where. */
export interface SchemaFault {
  /** `malformed`: it is no JSON Schema. `unsupported`: it cannot be judged safely. `too_large`: it exceeds a cap. */
  readonly code: "malformed" | "unsupported" | "too_large";
  /** JSON pointer into the schema. */
  readonly pointer: string;
  /** One clause that completes "the schema at … ". */
  readonly detail: string;
}
