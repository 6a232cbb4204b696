/**
 * From an access request to what a condition is asked about.
 * @module
 */

import { requestEra } from "../access/era.ts";
import type { AccessRequest, Action } from "../access/request.ts";
import type { ConditionInput } from "./condition_types.ts";

/** What the request itself does not say. */
export interface ConditionSurroundings {
  /** Wall clock, in milliseconds since 1970. */
  readonly timeMs: number;
  /** The action as the policy classified it. */
  readonly action: Action;
  /** The upstream's name, by which rules speak of it. */
  readonly server: string | null;
}

/** Prepares a request for its conditions. */
export function conditionInput(
  request: AccessRequest,
  { timeMs, action, server }: ConditionSurroundings,
): ConditionInput {
  const { resource, context, principal } = request;
  return {
    arguments: request.arguments,
    principal,
    context: {
      timeMs,
      era: requestEra(context),
      transport: context.transport,
      server: server ?? "",
      tool: resource.kind === "tool" ? resource.name : "",
      resource: resource.name,
      action,
      annotations: context.annotations ?? {},
    },
  };
}
