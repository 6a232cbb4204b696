/**
 * What the audit says of one message.
 * @module
 */

import type { JsonObject } from "../base/json.ts";
import type { Action, Direction, Resource } from "../access/request.ts";
import type { RuleRef } from "../access/decision.ts";
import type { Step } from "../access/verdict.ts";

/** One message, one entry, written before the message goes on. */
export interface MessageEntry {
  /** Tells this entry from the others. */
  readonly type: "message";
  /** Wall clock, milliseconds since the epoch. */
  readonly timeMs: number;
  /** The same in the answer to the client and in the log. */
  readonly traceId: string;
  /** Which way the message went. */
  readonly direction: Direction;
  /** What the gateway does with it. */
  readonly disposition: "forward" | "answer" | "drop";
  /** The shape of the message. */
  readonly kind: "request" | "notification" | "result" | "error" | "unreadable";
  /** JSON-RPC id; null when there is none or it could not be read. */
  readonly id: string | number | null;
  /** Its method, or that of the request it answers. */
  readonly method: string | null;
  /** Who sent it. */
  readonly principal: string;
  /** The roles of the principal. */
  readonly roles: readonly string[];
  /** The upstream's name, or null. */
  readonly upstream: string | null;
  /** The action after classification. */
  readonly action: Action | null;
  /** The thing it is about. */
  readonly resource: Resource | null;
  /** The verdict. */
  readonly effect: "allow" | "deny";
  /** In observe mode: the effect that was not enforced. */
  readonly would?: "deny";
  /** Code of the reason for a denial (or of the one observed). */
  readonly reason?: string;
  /** The reason in words, for the operator. */
  readonly detail?: string;
  /** JSON pointer of the argument that it is about. */
  readonly pointer?: string;
  /** Which rule of the inspection spoke, in kebab-case. */
  readonly finding?: string;
  /** The rules that decided. */
  readonly rules: readonly RuleRef[];
  /** The hash of the policy that decided. */
  readonly policy: string;
  /** How long each check took. */
  readonly steps: readonly Step[];
  /** `sha256:` and hex of the arguments as they are sent, when there are any. */
  readonly argumentsHash?: string;
  /** Only when the operator asked for it. */
  readonly arguments?: JsonObject;
  /** Bytes of the frame. */
  readonly bytes: number;
  /** What was changed on the way: `surrogates-repaired`, `list-filtered 3 of 12`, `capabilities-removed sampling`. */
  readonly changes?: readonly string[];
}

/** Unreadable output of the upstream, at most one entry a second. */
export interface NoiseEntry {
  /** Tells this entry from the others. */
  readonly type: "noise";
  /** Wall clock, milliseconds since the epoch. */
  readonly timeMs: number;
  /** The upstream's name, or null. */
  readonly upstream: string | null;
  /** Lines dropped since the last such entry. */
  readonly count: number;
  /** Bytes dropped. */
  readonly bytes: number;
  /** The first of them, cut to 200 characters, controls escaped. */
  readonly sample: string;
}

/** Start, end and other events of the program itself. */
export interface EventEntry {
  /** Tells this entry from the others. */
  readonly type: "event";
  /** Wall clock, milliseconds since the epoch. */
  readonly timeMs: number;
  /** Kebab-case: `start`, `stop`, `upstream-exit`. */
  readonly event: string;
  /** What there is to say of it. */
  readonly detail: JsonObject;
}

/** One line of the audit. */
export type AuditEntry = MessageEntry | NoiseEntry | EventEntry;
