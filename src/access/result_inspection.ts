/**
 * The port through which a server's answers are looked into on their way back.
 * @module
 */

import type { JsonObject } from "../base/json.ts";
import type { Obligation } from "./decision.ts";

/** What an answer answers. */
export interface Answered {
  /** The method of the request. */
  readonly method: string;
  /** What the allow of the request was bound to. */
  readonly obligations: readonly Obligation[];
}

/** What becomes of an answer. */
export type InspectedResult =
  | {
    readonly effect: "pass";
    /** The same object when nothing was changed. */
    readonly result: JsonObject;
    /** For the audit: what was changed or marked, `redacted github-token 1`. */
    readonly changes: readonly string[];
  }
  | {
    readonly effect: "refuse";
    /** Which rule, in kebab-case. */
    readonly rule: string;
    /** Completes "the answer …". */
    readonly detail: string;
  };

/** Looks into results. What it throws or says in no shape refuses the answer. */
export interface ResultInspector {
  /** Looks into one result; never changes it in place. */
  inspect(result: JsonObject, about: Answered): InspectedResult | Promise<InspectedResult>;
}
