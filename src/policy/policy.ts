/**
 * What a compiled policy is: the port's answer plus what a start-up line, `explain` and `check`
 * want to know.
 * @module
 */

import type { BucketRate, Decision, PolicyEngine } from "../access/decision.ts";
import type { ArgumentKinds, InspectionRules } from "../access/inspection.ts";
import type { AccessRequest, Resource } from "../access/request.ts";
import type { Diagnostic } from "../base/diagnostic.ts";
import type { ServerKnowledge } from "./classify.ts";
import type { Mode, PolicyDocument } from "./document.ts";
import { dialectAt } from "./inspection.ts";
import type { Preset } from "./presets.ts";

/** A policy, compiled for one upstream. */
export interface Policy extends PolicyEngine {
  /** The file as the operator named it. */
  readonly file: string;
  /** The name by which rules speak of the upstream, or null when it has none. */
  readonly upstreamName: string | null;
  /** Names of the presets applied. */
  readonly presets: readonly string[];
  /** How many requests each principal may try, refused ones included, when the policy says so. */
  readonly attempts: (BucketRate & { readonly counts: "all" }) | undefined;
  /** True when something in it only observes; a start says so loudly. */
  readonly observing: boolean;
  /** How many rules stand in it. */
  readonly ruleCount: number;
  /** What a sound policy still gets wrong here. */
  readonly warnings: readonly Diagnostic[];
  /** What holds for arguments and results of the upstream. */
  readonly inspection: InspectionRules;
  /** The declared kinds of a tool's arguments: the policy's, and for what it leaves out a preset's. */
  argumentKinds(tool: string): ArgumentKinds | undefined;
  /** The kinds of a prompt's arguments, where a preset knows that getting it does something. */
  promptKinds(prompt: string): ArgumentKinds | undefined;
  /** Judges one request; synchronous. */
  decide(request: AccessRequest): Decision;
}

const MODELS = new WeakMap<Policy, PolicyModel>();

/** Remembers what a policy was compiled from. */
export function setModel(policy: Policy, model: PolicyModel): void {
  MODELS.set(policy, model);
}

/**
 * What a policy was compiled from.
 *
 * @throws {TypeError} for a policy engine of someone else's.
 */
export function modelOf(policy: Policy): PolicyModel {
  const model = MODELS.get(policy);
  if (model === undefined) {
    throw new TypeError("Cannot explain a policy that was not compiled here");
  }
  return model;
}

/** Everything a decision rests on. */
export interface PolicyModel {
  readonly document: PolicyDocument;
  readonly upstreamName: string | null;
  readonly preset: Preset | undefined;
}

/** What is known of a server's tools; a preset speaks of the policy's own upstream alone. */
export function knowledgeAt(
  { document, upstreamName, preset }: PolicyModel,
  server: string | null,
): ServerKnowledge {
  return {
    server: server === null ? undefined : document.servers.get(server),
    preset: server === upstreamName ? preset : undefined,
    dialect: dialectAt(document, server),
  };
}

/** The mode that holds for a server where no rule says otherwise. */
export function modeAt({ document }: PolicyModel, server: string | null): Mode {
  const own = server === null ? undefined : document.servers.get(server)?.mode;
  return own ?? document.defaults.mode;
}

/** The name of the server that a resource belongs to; the policy's own upstream when it says none. */
export function serverOf(model: PolicyModel, { server }: Resource): string | null {
  return server ?? model.upstreamName;
}
