/**
 * Decisions that no rule is asked about: protocol upkeep, and what a server may ask of its client.
 * @module
 */

import type { Decision } from "../access/decision.ts";
import type { AccessRequest, Action } from "../access/request.ts";
import { modeAt, type PolicyModel } from "./policy.ts";

/** What an upstream may do: protocol upkeep, and to ask what `may` grants. */
export function decideUpstream(model: PolicyModel, request: AccessRequest): Decision {
  const { action, resource, known } = request;
  if (known && action === "control") return open(action);
  const mode = modeAt(model, resource.server);
  const grants = known && action === "ask-client" ? grantsAt(model, resource.server) : [];
  const grant = grants.find(({ ask }) => ask === resource.name);
  const determining = grant === undefined ? [] : [grant.ref];
  return {
    effect: grant === undefined ? "deny" : "allow",
    action,
    determining,
    obligations: [],
    mode,
  };
}

/** What a server may ask of its client: its own list replaces the default. */
export function grantsAt({ document }: PolicyModel, server: string | null) {
  const own = server === null ? undefined : document.servers.get(server)?.may;
  return own ?? document.defaults.serverMay;
}

/** Protocol upkeep is open to every principal that is identified. */
export function open(action: Action): Decision {
  return { effect: "allow", action, determining: [], obligations: [], mode: "enforce" };
}

/** A refusal that no rule can change. */
export function closed(action: Action): Decision {
  return { effect: "deny", action, determining: [], obligations: [], mode: "enforce" };
}
