/**
 * Turns what happened to a message into its audit entry.
 * @module
 */

import type { RuleRef } from "../access/decision.ts";
import type { Principal } from "../access/principal.ts";
import type { Action, Direction, Resource } from "../access/request.ts";
import type { DenyReason, Step, Verdict } from "../access/verdict.ts";
import type { MessageEntry } from "../audit/entry.ts";
import type { JsonObject } from "../base/json.ts";
import type { Message } from "../jsonrpc/message.ts";
import { sentence } from "./answer.ts";

/** What is known of a message when its entry is made. */
export interface Facts {
  readonly timeMs: number;
  readonly traceId: string;
  readonly direction: Direction;
  readonly principal: Principal;
  readonly upstream: string | null;
  readonly policy: string;
  readonly bytes: number;
  /** The message, or the id of one that could not be read. */
  readonly message: Message | { readonly kind: "unreadable"; readonly id: string | number | null };
  /** Of the request that an answer answers. */
  readonly method?: string;
  readonly action?: Action;
  readonly resource?: Resource;
  readonly verdict?: Verdict;
  /** A denial by the gateway itself. */
  readonly denied?: DenyReason;
  readonly argumentsHash?: string;
  readonly arguments?: JsonObject;
  readonly changes?: readonly string[];
}

const NO_RULES: readonly RuleRef[] = [];
const NO_STEPS: readonly Step[] = [];
const NO_ROLES: readonly string[] = [];
const rolesOf = new WeakMap<ReadonlySet<string>, readonly string[]>();

/** Makes the one entry of a message. */
export function entryOf(
  facts: Facts,
  disposition: MessageEntry["disposition"],
): MessageEntry {
  const { message, verdict, resource } = facts;
  const reason = facts.denied ?? reasonOf(verdict);
  const observed = facts.denied === undefined && verdict?.effect === "allow" &&
    verdict.would !== undefined;
  const entry: MessageEntry = {
    type: "message",
    timeMs: facts.timeMs,
    traceId: facts.traceId,
    direction: facts.direction,
    disposition,
    kind: message.kind,
    id: "id" in message ? message.id : null,
    method: "method" in message ? message.method : facts.method ?? null,
    principal: facts.principal.id,
    roles: roleList(facts.principal.roles),
    upstream: facts.upstream,
    action: verdict?.decision?.action ?? facts.action ?? null,
    resource: resource ?? null,
    effect: reason === undefined || observed ? "allow" : "deny",
    rules: verdict?.decision?.determining ?? NO_RULES,
    policy: facts.policy,
    steps: verdict?.steps ?? NO_STEPS,
    bytes: facts.bytes,
    ...(observed ? { would: "deny" as const } : undefined),
    ...(reason === undefined ? undefined : {
      reason: reason.code,
      detail: sentence(
        reason,
        resource === undefined
          ? "this message"
          : `${resource.kind} ${JSON.stringify(resource.name.slice(0, 200))}`,
      ),
      ...findingOf(reason),
    }),
    ...(facts.argumentsHash === undefined ? undefined : { argumentsHash: facts.argumentsHash }),
    ...(facts.arguments === undefined ? undefined : { arguments: facts.arguments }),
    ...(facts.changes === undefined || facts.changes.length === 0
      ? undefined
      : { changes: facts.changes }),
  };
  return entry;
}

/** What a reader of the audit counts by; the client is not told the rule. */
function findingOf(reason: DenyReason): Pick<MessageEntry, "pointer" | "finding"> {
  return {
    ...("pointer" in reason && reason.pointer !== undefined ? { pointer: reason.pointer } : {}),
    ...("rule" in reason && reason.rule !== undefined ? { finding: reason.rule } : {}),
  };
}

/** The reason of a denial, enforced or observed. */
export function reasonOf(verdict: Verdict | undefined): DenyReason | undefined {
  if (verdict === undefined) return undefined;
  return verdict.effect === "deny" ? verdict.reason : verdict.would;
}

function roleList(roles: ReadonlySet<string>): readonly string[] {
  if (roles.size === 0) return NO_ROLES;
  let list = rolesOf.get(roles);
  if (list === undefined) rolesOf.set(roles, list = [...roles]);
  return list;
}
