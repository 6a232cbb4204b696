/**
 * What a message amounts to, before policy classifies it further: a verb and a thing.
 * @module
 */

/** The verb of a method. `tools/call` is `execute` until policy knows the tool better. */
export type Action = "read" | "execute" | "control" | "ask-client";

/** The thing of a method, or of an item of a list. */
export interface Target {
  readonly kind: "tool" | "prompt" | "resource" | "server";
  /** Tool or prompt name, resource URI, what a server asks for, or the method itself. */
  readonly name: string;
  /** True when `name` is a URI template: any expansion of it may be meant. */
  readonly template?: boolean;
}
