/**
 * A value that must not be printed by accident.
 * @module
 */

/** Holds a secret; every way of printing it gives `[secret]`. */
export class Secret {
  readonly #value: string;

  /** Takes the secret. */
  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself; call it only where the value leaves the program on purpose. */
  reveal(): string {
    return this.#value;
  }

  /** Gives `[secret]`. */
  toString(): string {
    return "[secret]";
  }

  /** Gives `[secret]`. */
  toJSON(): string {
    return "[secret]";
  }

  /** Gives `[secret]`. */
  [Symbol.for("Deno.customInspect")](): string {
    return "[secret]";
  }
}
