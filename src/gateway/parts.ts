/**
 * What a gateway is made of.
 * @module
 */

import type { Questions } from "../access/judge.ts";
import type { PinBoard } from "../access/pins.ts";
import type { Credentials, Principal } from "../access/principal.ts";
import type { ResultInspector } from "../access/result_inspection.ts";
import type { DenyReason } from "../access/verdict.ts";
import type { AuditSink } from "../audit/sink.ts";
import type { Clock } from "../base/clock.ts";
import type { Limits } from "../base/limits.ts";
import type { Logger } from "../base/log.ts";
import type { Result } from "../base/result.ts";
import type { Budget } from "./budget.ts";

/** Everything a gateway is made of; `assemble.ts` knows where the parts come from. */
export interface GatewayParts {
  /** Asked of a client's messages. */
  readonly questions: Questions;
  /** Who is asking. */
  readonly authenticate: (
    credentials: Credentials,
    signal?: AbortSignal,
  ) => Result<Principal, DenyReason> | Promise<Result<Principal, DenyReason>>;
  /** Knows what the tools of the upstream were; undefined when nobody does. */
  readonly pins: PinBoard | undefined;
  /** Looks into the answers of the upstream; undefined when nobody does. */
  readonly inspector: ResultInspector | undefined;
  readonly audit: AuditSink;
  /** `sha256:` and hex of bytes, for the audit. Undefined when nothing is recorded. */
  readonly digest: ((bytes: Uint8Array) => string) | undefined;
  /** Whether the text of arguments goes into the audit. */
  readonly recordArguments: boolean;
  readonly limits: Limits;
  /** What all frames in hand may hold together. */
  readonly budget: Budget;
  readonly clock: Clock;
  readonly log: Logger;
}
