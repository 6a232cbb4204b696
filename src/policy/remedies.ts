/**
 * What an operator could change so that a refused request is allowed, smallest change first.
 * @module
 */

import type { Decision, RuleRef } from "../access/decision.ts";
import type { AccessRequest, Action } from "../access/request.ts";
import { whyApplies } from "./applicable.ts";
import type { Classification } from "./classify.ts";
import { missingScopes, type Question, type RuleExplanation } from "./near_rules.ts";
import type { PolicyModel } from "./policy.ts";

/** What a remedy is sought for. */
export interface Refusal extends Question {
  readonly classification: Classification | undefined;
  readonly rules: readonly RuleExplanation[];
  readonly decide: (request: AccessRequest) => Decision;
}

const MAX_ROLES = 3;

/** Entries tried before giving up. */
const MAX_TRIED = 200;

/** Sentences, each one change that would do. */
export function remediesFor(model: PolicyModel, refusal: Refusal): readonly string[] {
  const { request } = refusal;
  if (request.principal.kind === "upstream") return askRemedy(model, refusal);
  if (request.action === "ask-client") return [];
  const denies = refusal.rules.filter(({ effect, outcome }) =>
    effect === "deny" && outcome === "decided"
  );
  if (denies.length > 0) {
    return denies.map(({ ref }) => `Remove or narrow the deny at ${placeOf(ref)}`);
  }
  return [
    ...byScope(model, refusal),
    ...byCondition(refusal),
    ...byStatement(refusal),
    ...byAction(refusal),
    ...byClassification(refusal),
    ...byRole(model, refusal),
    byRule(model, refusal),
  ];
}

function askRemedy({ document }: PolicyModel, { request, server }: Refusal): readonly string[] {
  if (request.action !== "ask-client" || !request.known) return [];
  const { name } = request.resource;
  const own = server === null ? undefined : document.servers.get(server);
  return own === undefined && document.defaults.serverMay.length > 0
    ? [`Add ${name} to defaults.server_may`]
    : server === null
    ? [`Write defaults: { server_may: [${name}] }, or give the upstream a name and write servers`]
    : [`Write servers: { ${quoted(server)}: { may: [${name}] } }`];
}

function byScope(model: PolicyModel, refusal: Refusal): readonly string[] {
  const lacking = refusal.rules.filter(({ effect, outcome }) =>
    effect === "allow" && outcome === "missing-scopes"
  );
  return lacking.flatMap(({ ref }) => {
    const rule = model.document.entries.flatMap(({ rules }) => rules).find((candidate) =>
      candidate.ref.path === ref.path
    );
    if (rule === undefined) return [];
    const missing = missingScopes(rule, refusal.request.principal).join(" and ");
    return [`Get a token with the scope ${missing}, which ${placeOf(ref)} asks for`];
  });
}

/** A condition that the request does not meet may be right: it is named, and not to be widened blindly. */
function byCondition({ rules }: Refusal): readonly string[] {
  return rules.filter(({ effect, outcome }) => effect === "allow" && outcome === "condition").slice(
    0,
    1,
  )
    .map(({ ref }) => `Ask for what the condition (when) at ${placeOf(ref)} allows, or widen it`);
}

/** To grant `execute` for a statement that nobody could read would grant every statement. */
function byStatement({ classification, decision }: Refusal): readonly string[] {
  const statement = classification?.statement;
  if (statement === undefined || decision.action !== "execute") return [];
  return [
    `Put one ${statement.from === "sql" ? "SQL statement" : "command"} that can be read into ` +
    `${statement.argument}: what is missing or cannot be read counts as execute`,
  ];
}

function byAction({ rules, decision }: Refusal): readonly string[] {
  const near = rules.filter(({ effect, outcome }) =>
    effect === "allow" && outcome === "other-action"
  );
  return near.slice(0, 1).map(({ ref, actions }) =>
    decision.action === "execute" && actions.some((action) => action !== "read")
      ? `Put execute in the place of ${actions.join(", ")} at ${placeOf(ref)}`
      : `Add ${decision.action} to the actions at ${placeOf(ref)}`
  );
}

function byClassification({ classification, request, server }: Refusal): readonly string[] {
  if (classification?.source.kind !== "default") return [];
  const name = server === null ? "NAME" : quoted(server);
  const start = server === null ? "Give the upstream a name (--name NAME) and, if" : "If";
  return [
    `${start} the tool only reads, write servers: { ${name}: { tools: { ` +
    `${quoted(request.resource.name)}: { action: read } } } }`,
  ];
}

/** Roles that other entries speak of, each tried on the policy itself. */
function byRole({ document }: PolicyModel, { request, decide }: Refusal): readonly string[] {
  const { principal } = request;
  const found: string[] = [];
  for (const { roles } of document.entries.slice(0, MAX_TRIED)) {
    const role = roles[0];
    if (role === undefined || roles.some((held) => principal.roles.has(held))) continue;
    const roled = { ...principal, roles: new Set([...principal.roles, role]) };
    const { effect, determining: [rule] } = decide({ ...request, principal: roled });
    if (effect === "deny" || rule === undefined) continue;
    found.push(
      `Give ${quoted(principal.id)} the role ${quoted(role)}: ${placeOf(rule)} allows it`,
    );
    if (found.length === MAX_ROLES) break;
  }
  return found;
}

function byRule({ document }: PolicyModel, { request, decision, server }: Refusal): string {
  const { principal, resource, known, method } = request;
  const entry = document.entries.find((candidate) =>
    whyApplies(candidate, principal) !== undefined
  );
  const where = entry === undefined
    ? `a new entry under principals${principal.kind === "local" ? `, ${quoted(principal.id)}` : ""}`
    : `the entry ${quoted(entry.name)} (${placeOf(entry.ref)})`;
  const rule = known
    ? `{ pattern: ${quoted(patternOf(resource.kind, resource.name, server))}, ` +
      `actions: [${actionOf(decision.action)}] }`
    : `{ methods: [${quoted(method)}] }`;
  const list = known && resource.kind !== "server" ? `${resource.kind}s` : "tools";
  return `Add to ${where}: ${list}: [${rule}]`;
}

function patternOf(kind: string, name: string, server: string | null): string {
  if (kind === "server") return "*";
  const uri = kind === "resource" && /^[^:]*:\/\//.test(name);
  return server === null || uri ? name : `${server}:${name}`;
}

function actionOf(action: Action): string {
  return action === "control" || action === "ask-client" ? "execute" : action;
}

/** `file:line:column`. */
export function placeOf({ file, line, column }: RuleRef): string {
  return `${file}:${line}:${column}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
