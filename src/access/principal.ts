/**
 * Who asks, once proved.
 * @module
 */

import type { JsonObject } from "../base/json.ts";

/** An identity that policy may speak of. */
export interface Principal {
  /** The local name, `issuer#subject`, or the upstream's name. */
  readonly id: string;
  /** How it was proved: by the operator's flag, by a token, or by being the upstream itself. */
  readonly kind: "local" | "token" | "upstream";
  /** Roles given by a flag or mapped from claims. */
  readonly roles: ReadonlySet<string>;
  /** Scopes of the token; empty for others. */
  readonly scopes: ReadonlySet<string>;
  /** Claims of the token. */
  readonly claims?: JsonObject;
}

/** What is shown, unproven. */
export type Credentials =
  | { readonly kind: "local" }
  | { readonly kind: "bearer"; readonly token: string };
