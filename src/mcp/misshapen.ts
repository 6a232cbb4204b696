/**
 * Why params or a result cannot be used.
 * @module
 */

import { err, type Result } from "../base/result.ts";

/** A place in a message and what is wrong with it. */
export interface Misshapen {
  /** JSON pointer into the params, the result or the error; `""` for the whole of it. */
  readonly pointer: string;
  /** Goes on from the pointer: `must be a string`. */
  readonly detail: string;
}

/** Says what is wrong. */
export function misshapen(pointer: string, detail: string): Result<never, Misshapen> {
  return err({ pointer, detail });
}

/** A member name as part of a JSON pointer (RFC 6901 §3). */
export function pointerTo(name: string): string {
  return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
