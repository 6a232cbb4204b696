/**
 * What is thrown when the caller misuses the library or the operator's files are wrong.
 * @module
 */

import type { Diagnostic } from "./diagnostic.ts";
import { formatDiagnostic } from "./diagnostic.ts";

/** Misuse or a broken environment; `code` is stable. */
export class AegisError extends Error {
  /** Stable, kebab-case. */
  readonly code: string;

  /** Makes an error; `cause` keeps the original. */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AegisError";
    this.code = code;
  }
}

/** A file of the operator's that cannot be used; carries every problem found in it. */
export class ConfigurationError extends AegisError {
  /** All problems, errors first. */
  readonly diagnostics: readonly Diagnostic[];

  /** Makes an error of all problems. */
  constructor(diagnostics: readonly Diagnostic[]) {
    super("bad-configuration", diagnostics.map(formatDiagnostic).join("\n"));
    this.name = "ConfigurationError";
    this.diagnostics = diagnostics;
  }
}
