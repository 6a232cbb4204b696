/**
 * Why the policy says what it says of one request, and what would make it say otherwise.
 * @module
 */

import type { Decision, RuleRef } from "../access/decision.ts";
import type { AccessRequest } from "../access/request.ts";
import { type Applies, whyApplies } from "./applicable.ts";
import { type Classification, classify, classifyPrompt } from "./classify.ts";
import { nearRules, type RuleExplanation } from "./near_rules.ts";
import { knowledgeAt, modelOf, type Policy, type PolicyModel, serverOf } from "./policy.ts";
import { remediesFor } from "./remedies.ts";

/** One decision, laid open; plain data. */
export interface Explanation {
  readonly decision: Decision;
  /** The name by which rules speak of the upstream. */
  readonly server: string | null;
  /** For a call of a tool, and a prompt that does more than to give text: what it does and who says so. */
  readonly classification: Classification | undefined;
  /** Entries that speak of the principal. */
  readonly entries: readonly EntryExplanation[];
  /** Rules that decided, were overruled, or nearly applied; the deciding ones first. */
  readonly rules: readonly RuleExplanation[];
  /** What would allow it, the smallest change first; empty when it is allowed. */
  readonly remedies: readonly string[];
}

/** An entry that applies. */
export interface EntryExplanation {
  readonly name: string;
  readonly ref: RuleRef;
  readonly applies: Applies;
}

/** Explains a decision. It decides nothing by itself: the decision is the policy's own. */
export function explain(policy: Policy, request: AccessRequest): Explanation {
  const model = modelOf(policy);
  const decision = policy.decide(request);
  const server = serverOf(model, request.resource);
  const classification = classificationOf(model, request, server);
  const entries = model.document.entries.flatMap((entry) => {
    const applies = whyApplies(entry, request.principal);
    return applies === undefined ? [] : [{ name: entry.name, ref: entry.ref, applies }];
  });
  const rules = nearRules(model, { request, decision, server });
  const remedies = decision.effect === "deny"
    ? remediesFor(model, {
      request,
      decision,
      server,
      classification,
      rules,
      decide: (other) => policy.decide(other),
    })
    : [];
  return { decision, server, classification, entries, rules, remedies };
}

function classificationOf(
  model: PolicyModel,
  { resource, action, known, context, principal, method }: AccessRequest,
  server: string | null,
): Classification | undefined {
  if (principal.kind === "upstream") return undefined;
  if (resource.kind === "prompt" && method === "prompts/get") {
    return classifyPrompt(resource.name, knowledgeAt(model, server));
  }
  const isCall = resource.kind === "tool" && action === "execute" && known;
  if (!isCall) return undefined;
  return classify(resource.name, knowledgeAt(model, server), context.annotations);
}
