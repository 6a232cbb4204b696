/**
 * A policy as read: every rule with its place, nothing decided yet.
 * @module
 */

import type { BucketRate, Obligation, RuleRef } from "../access/decision.ts";
import type { InspectionLevel } from "../access/inspection.ts";
import type { AccessRequest, Action } from "../access/request.ts";
import type { DeclaredKind } from "./argument_kind.ts";
import type { InspectSettings } from "./inspect_settings.ts";
import type { Glob } from "./pattern.ts";

/** What a rule can grant or refuse. */
export const ACTIONS = [
  "read",
  "write",
  "delete",
  "execute",
] as const satisfies readonly GrantableAction[];

/** What a rule can grant or refuse. */
export type GrantableAction = "read" | "write" | "delete" | "execute";

/** What a server can ask of its client. */
export const ASKS = ["sampling", "elicitation", "roots"] as const;

/** What a server can ask of its client. */
export type Ask = (typeof ASKS)[number];

/** Whether a denial is enforced or only written down. */
export type Mode = "enforce" | "observe";

/** A policy file. */
export interface PolicyDocument {
  readonly file: string;
  readonly defaults: Defaults;
  readonly entries: readonly PrincipalEntry[];
  readonly servers: ReadonlyMap<string, ServerEntry>;
  readonly presets: PresetChoice;
  /** What is safe at every server; absent when the file does not say. */
  readonly inspect: InspectSettings | undefined;
}

/** What holds where nothing else is said. */
export interface Defaults {
  readonly effect: "allow" | "deny";
  readonly mode: Mode;
  readonly serverMay: readonly AskGrant[];
  readonly attempts: BucketRate | undefined;
  readonly arguments: InspectionLevel;
  /** Where the level stands; absent when the file does not say. */
  readonly argumentsRef: RuleRef | undefined;
}

/** Which presets apply. */
export type PresetChoice =
  | { readonly use: "auto" }
  | { readonly use: "none" }
  | { readonly use: "listed"; readonly names: readonly string[] };

/** One entry under `principals`. */
export interface PrincipalEntry {
  /** The local principal it speaks of. */
  readonly name: string;
  readonly ref: RuleRef;
  readonly roles: readonly string[];
  /** The id of the token principal it speaks of, `issuer#subject`. */
  readonly tokenId: string | undefined;
  /** In the order of the file: tools, resources, prompts as they are written. */
  readonly rules: readonly Rule[];
}

/** The lists a rule can stand in. */
export type RuleList = "tools" | "resources" | "prompts";

/** One rule. */
export interface Rule {
  readonly ref: RuleRef;
  readonly list: RuleList;
  readonly effect: "allow" | "deny";
  /** Absent on a rule that only lists methods. */
  readonly target: Target | undefined;
  readonly actions: readonly GrantableAction[];
  /** The actions it covers as bits of {@linkcode ACTION_BIT}. */
  readonly covered: number;
  readonly methods: ReadonlySet<string>;
  /** Scopes that the principal's token must hold for the rule to count. */
  readonly scopes: readonly string[];
  readonly rate: RuleRate | undefined;
  /** What else an allow obliges to: what is taken out of results, how large they may be. */
  readonly obligations: readonly Obligation[];
  /** Without one the rule always speaks. */
  readonly condition: RuleCondition | undefined;
  readonly mode: Mode | undefined;
}

/** A compiled `when:`. */
export interface RuleCondition {
  /** As written. */
  readonly source: string;
  /** Whether its answer can depend on the arguments of the call. */
  readonly needsArguments: boolean;
  /** Its answer, when it is the same for every request. */
  readonly constant?: boolean;
  /** Asks it of one request. */
  holds(request: AccessRequest, as: ConditionCircumstances): ConditionAnswer;
}

/** `unknown`: the arguments decide, and they are not known. `error`: an allow does not count, a deny does. */
export type ConditionAnswer = "true" | "false" | "error" | "unknown";

/** What a request does not say of itself. */
export interface ConditionCircumstances {
  /** The action after classification. */
  readonly action: Action;
  /** The name by which rules speak of the upstream. */
  readonly server: string | null;
}

/** A rule's own rate limit. */
export interface RuleRate {
  readonly rate: BucketRate;
  readonly cost: number;
}

/** The names a rule speaks of. */
export interface Target {
  /** The pattern as written. */
  readonly whole: Glob;
  /** Of `server:name`: both halves. Absent when the pattern speaks of names alone. */
  readonly qualified: { readonly server: Glob; readonly name: Glob } | undefined;
}

/** One entry under `servers`. */
export interface ServerEntry {
  readonly name: string;
  readonly tools: ReadonlyMap<string, ToolEntry>;
  /** Absent when `defaults.server_may` holds. */
  readonly may: readonly AskGrant[] | undefined;
  readonly trustsAnnotations: boolean;
  readonly mode: Mode | undefined;
  /** Its groups replace those of the document. */
  readonly inspect: InspectSettings | undefined;
}

/** The operator's own word on a tool. */
export interface ToolEntry {
  readonly ref: RuleRef;
  /** Absent when only arguments are declared. */
  readonly action: StatedAction | undefined;
  /** By JSON pointer; a `*` stands for every item or value. */
  readonly arguments: ReadonlyMap<string, DeclaredArgument>;
}

/** What a call does, as somebody says it. */
export type StatedAction =
  | { readonly by: "word"; readonly action: GrantableAction; readonly ref: RuleRef }
  | { readonly by: "statement"; readonly statement: Statement; readonly ref: RuleRef };

/** The argument that decides what a call does. */
export interface Statement {
  readonly from: "sql" | "command";
  /** JSON pointer without `*`. */
  readonly argument: string;
}

/** What an argument is, and where that is said. */
export interface DeclaredArgument {
  readonly kind: DeclaredKind;
  readonly ref: RuleRef;
}

/** One thing a server may ask. */
export interface AskGrant {
  readonly ask: Ask;
  readonly ref: RuleRef;
}

/** One bit for each action. */
export const ACTION_BIT: Readonly<Record<GrantableAction, number>> = {
  read: 1,
  write: 2,
  delete: 4,
  execute: 8,
};

/** What an allow of some actions covers: `execute` covers everything (version 1). */
export function coveredByAllow(actions: readonly GrantableAction[]): number {
  return actions.includes("execute") ? 15 : bitsOf(actions);
}

/** What a deny of some actions covers: `execute` covers write and delete too, but not read. */
export function coveredByDeny(actions: readonly GrantableAction[]): number {
  return bitsOf(actions) |
    (actions.includes("execute") ? ACTION_BIT.write | ACTION_BIT.delete : 0);
}

function bitsOf(actions: readonly GrantableAction[]): number {
  return actions.reduce((bits, action) => bits | ACTION_BIT[action], 0);
}
