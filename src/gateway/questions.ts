/**
 * Questions to the client that ride on the server's answers, judged like requests of their own.
 * @module
 */

import type { DenyReason, Verdict } from "../access/verdict.ts";
import type { JsonObject } from "../base/json.ts";
import type { Result } from "../base/result.ts";
import type { InputAsk } from "../mcp/input_required.ts";
import type { Misshapen } from "../mcp/misshapen.ts";
import type { Conversation } from "./conversation.ts";
import type { Pending } from "./in_flight.ts";

/** An answer that may be passed on. */
export interface Passed {
  readonly kind: "passed";
  /** The same object when unchanged. */
  readonly result: JsonObject;
  readonly changes: readonly string[];
  /** Whether `result` is another than the one that came. */
  readonly changed: boolean;
  /** Of the questions on it: the first that was only observed, else the first. */
  readonly verdict?: Verdict;
}

/** An answer as it may be passed on, or why it may not. */
export type Settled =
  | Passed
  | { readonly kind: "refused"; readonly reason: DenyReason; readonly verdict?: Verdict };

/** What passes when every question on an answer is granted, and else why not. */
export function settleQuestions(
  conversation: Conversation,
  { traceId, revision }: Pick<Pending, "traceId" | "revision">,
  { asks, passed }: {
    readonly asks: Result<readonly InputAsk[], Misshapen>;
    readonly passed: Passed;
  },
): Settled | Promise<Settled> {
  if (!asks.ok) {
    const { pointer, detail } = asks.error;
    return refused(`its answer is misshapen at ${pointer}: ${detail}`);
  }
  if (asks.value.length === 0) return passed;
  const verdicts: (Verdict | Promise<Verdict>)[] = [];
  for (const { ask, method, params, pointer } of asks.value) {
    if (ask === undefined) return refused(`it asks by an unknown method at ${pointer}`);
    verdicts.push(conversation.judge({
      direction: "upstream-to-client",
      method,
      known: true,
      action: "ask-client",
      resource: { kind: "server", server: conversation.upstream, name: ask },
      arguments: params,
      traceId,
      revision,
    }));
  }
  return verdicts.some((verdict) => verdict instanceof Promise)
    ? Promise.all(verdicts).then((judged) => united(judged, passed))
    : united(verdicts as readonly Verdict[], passed);
}

function refused(detail: string): Settled {
  return { kind: "refused", reason: { code: "upstream_failed", detail } };
}

/** The first denial, else what passes with the gravest verdict. */
function united(verdicts: readonly Verdict[], passed: Passed): Settled {
  let gravest: Verdict | undefined;
  for (const verdict of verdicts) {
    if (verdict.effect === "deny") return { kind: "refused", reason: verdict.reason, verdict };
    if (gravest === undefined || (verdict.would !== undefined && isPlain(gravest))) {
      gravest = verdict;
    }
  }
  return gravest === undefined ? passed : { ...passed, verdict: gravest };
}

/** An allow without a "would". */
function isPlain(verdict: Verdict): boolean {
  return verdict.effect === "allow" && verdict.would === undefined;
}
