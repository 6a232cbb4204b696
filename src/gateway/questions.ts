/**
 * Questions to the client that ride on the server's answers, judged like requests of their own.
 * @module
 */

import type { DenyReason, Verdict } from "../access/verdict.ts";
import type { Result } from "../base/result.ts";
import type { InputAsk } from "../mcp/input_required.ts";
import type { Misshapen } from "../mcp/misshapen.ts";
import type { Conversation } from "./conversation.ts";
import type { Pending } from "./in_flight.ts";

/** Why an answer with these questions may not pass; nothing when each is granted. */
export function refusedQuestion(
  conversation: Conversation,
  { traceId, revision }: Pick<Pending, "traceId" | "revision">,
  asks: Result<readonly InputAsk[], Misshapen>,
): DenyReason | undefined | Promise<DenyReason | undefined> {
  if (!asks.ok) {
    const { pointer, detail } = asks.error;
    return { code: "upstream_failed", detail: `its answer is misshapen at ${pointer}: ${detail}` };
  }
  const verdicts: (Verdict | Promise<Verdict>)[] = [];
  for (const { ask, method, params, pointer } of asks.value) {
    if (ask === undefined) {
      return { code: "upstream_failed", detail: `it asks by an unknown method at ${pointer}` };
    }
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
    ? Promise.all(verdicts).then(firstDenial)
    : firstDenial(verdicts as readonly Verdict[]);
}

function firstDenial(verdicts: readonly Verdict[]): DenyReason | undefined {
  for (const verdict of verdicts) if (verdict.effect === "deny") return verdict.reason;
  return undefined;
}
