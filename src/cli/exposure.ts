/**
 * Which principal of a policy may reach which thing that a server lists.
 * @module
 */

import type { Principal } from "../access/principal.ts";
import type { Decision } from "../access/decision.ts";
import type { Action, ToolAnnotations } from "../access/request.ts";
import { isObject, type JsonObject, member, stringMember } from "../base/json.ts";
import type { Classification } from "../policy/classify.ts";
import { explain } from "../policy/explain.ts";
import { modelOf, type Policy } from "../policy/policy.ts";
import type { ReadableStatement } from "../policy/statement.ts";
import type { Listing } from "./list_server.ts";
import { accessRequest, type Asked, localPrincipal } from "./question.ts";

/** One thing that a server offers, and who reaches it. */
export interface Exposure {
  readonly kind: Asked["kind"];
  /** Tool or prompt name, URI or URI template. */
  readonly name: string;
  readonly action: Action;
  /** For a tool: who says so. */
  readonly saidBy?: string;
  /** For a tool whose argument decides: which. */
  readonly statement?: ReadableStatement;
  /** Names of entries. `anyone else` is a principal of no entry. */
  readonly allowed: readonly string[];
  /** Entries whose answer depends on the arguments. */
  readonly depends: readonly string[];
  /** Entries whose refusal is only written down. */
  readonly observed: readonly string[];
}

const ANYONE_ELSE = "anyone else";

/** Asks the policy about everything listed, for every entry's own principal. */
export function exposureOf(policy: Policy, listing: Listing): readonly Exposure[] {
  const who = principalsOf(policy);
  return askedOf(listing).map((asked) => {
    const answers = who.map(({ entry, principal }) => ({
      entry,
      decision: policy.decide(
        accessRequest(asked, { principal, server: policy.upstreamName }),
      ),
    }));
    const of = (wanted: (decision: Decision) => boolean) =>
      answers.filter(({ decision }) => wanted(decision)).map(({ entry }) => entry);
    const denied = ({ effect }: Decision) => effect === "deny";
    const { action, ...said } = actionOf(policy, asked);
    return {
      kind: asked.kind,
      name: asked.name,
      action,
      ...said,
      allowed: of(({ effect }) => effect === "allow"),
      depends: of(({ effect }) => effect === "depends"),
      observed: of((decision) => denied(decision) && decision.mode === "observe"),
    };
  });
}

/** Who says what a tool does. */
export function saidBy({ source, tightenedFrom, statement }: Classification): string {
  const tightened = statement !== undefined
    ? `: the ${statement.from === "sql" ? "SQL" : "command"} in ${statement.argument} decides`
    : tightenedFrom === undefined
    ? ""
    : `; the server's own hints made it stricter than ${tightenedFrom}`;
  switch (source.kind) {
    case "policy":
      return `${source.ref.file}:${source.ref.line}:${source.ref.column}${tightened}`;
    case "preset":
      return `preset ${source.preset}${tightened}`;
    case "trusted-annotations":
      return "the server, which the policy trusts";
    case "default":
      return "nobody, so execute";
  }
}

interface Somebody {
  readonly entry: string;
  readonly principal: Principal;
}

/** The principal that each entry is about, and one that no entry is about. */
function principalsOf(policy: Policy): readonly Somebody[] {
  const named = modelOf(policy).document.entries.map(({ name, roles, tokenId }): Somebody => {
    const local = localPrincipal(name, roles);
    return {
      entry: name,
      principal: tokenId === undefined ? local : { ...local, id: tokenId, kind: "token" },
    };
  });
  const stranger = localPrincipal(`${ANYONE_ELSE} (no entry)`, []);
  return [...named, { entry: ANYONE_ELSE, principal: stranger }];
}

function actionOf(
  policy: Policy,
  asked: Asked,
): Pick<Exposure, "action" | "saidBy" | "statement"> {
  const principal = localPrincipal("", []);
  const request = accessRequest(asked, { principal, server: policy.upstreamName });
  const { classification } = explain(policy, request);
  if (classification === undefined) return { action: request.action };
  const { action, statement } = classification;
  const said = { action, saidBy: saidBy(classification) };
  return statement === undefined ? said : { ...said, statement };
}

function askedOf({ tools, prompts, resources, resourceTemplates }: Listing): readonly Asked[] {
  const named = (items: readonly JsonObject[], key: string) =>
    items.flatMap((item) => stringMember(item, key) ?? []);
  return [
    ...tools.flatMap((tool): Asked[] => {
      const name = stringMember(tool, "name");
      return name === undefined ? [] : [{ kind: "tool", name, annotations: annotationsOf(tool) }];
    }),
    ...named(prompts, "name").map((name): Asked => ({ kind: "prompt", name })),
    ...named(resources, "uri").map((name): Asked => ({ kind: "resource", name })),
    ...named(resourceTemplates, "uriTemplate").map((name): Asked => ({ kind: "template", name })),
  ];
}

/** What a tool says of itself. */
export function annotationsOf(tool: JsonObject): ToolAnnotations {
  const said = member(tool, "annotations");
  if (!isObject(said)) return {};
  const hint = (name: keyof ToolAnnotations) => {
    const value = member(said, name);
    return typeof value === "boolean" ? { [name]: value } : {};
  };
  return { ...hint("readOnlyHint"), ...hint("destructiveHint") };
}
