/**
 * The port through which the gateway records what it is about to do.
 * @module
 */

import type { AuditEntry } from "./entry.ts";

/** Where audit entries go. */
export interface AuditSink extends AsyncDisposable {
  /**
   * Records the entries in order, all or none. When it returns (or its promise resolves) they are
   * handed to the operating system; when it throws or rejects, none of the messages they speak of
   * is sent.
   */
  record(entries: readonly AuditEntry[]): void | Promise<void>;
}
