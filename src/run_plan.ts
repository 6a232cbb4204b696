/**
 * What every run that stands in front of a server is told, however its clients and servers are reached.
 * @module
 */

import type { AuditChoice } from "./audit/open_sink.ts";
import type { Limits } from "./base/limits.ts";
import type { LogLevel } from "./base/log.ts";
import type { PinChoice } from "./inspect/pins/place.ts";

/** The part that `wrap`, the bridge and `serve` have in common. */
export interface RunPlan {
  /** Tool calls a minute for each principal. */
  readonly callsPerMinute: number | undefined;
  readonly audit: AuditChoice;
  readonly auditKeyFile: string | undefined;
  readonly auditArguments: boolean;
  /** Where it is kept what the server's tools were; `none` keeps nothing, and lets every change pass. */
  readonly pins: PinChoice | { readonly kind: "none" };
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
  readonly limits: Limits;
  /** Told once the log is there. */
  readonly warnings: readonly string[];
}
