/**
 * Is it safe? The question asked of every call's arguments.
 *
 * In this order: the tool's own schema, what no string may hold, and the detector of each
 * argument's kind.
 * @module
 */

import type { ArgumentKinds, InspectionRules } from "../access/inspection.ts";
import type { AccessRequest, ToolListing } from "../access/request.ts";
import type { Check, Finding } from "../access/verdict.ts";
import type { JsonObject } from "../base/json.ts";
import { DEFAULT_LIMITS, type Limits } from "../base/limits.ts";
import type { judgeArguments, Judged } from "./judge_arguments.ts";
import { Detectors } from "./detectors.ts";
import type { ToolPlan } from "./tool_plan.ts";

/** What the operator says of arguments, for one upstream. */
export interface InspectionPlan {
  /** What is safe. */
  readonly inspection: InspectionRules;
  /** The kinds declared for a tool, by policy or preset. */
  argumentKinds(tool: string): ArgumentKinds | undefined;
}

/** Options of {@linkcode inspectCheck}. */
export interface InspectOptions {
  /** Default: every bound at its default. */
  readonly limits?: Pick<Limits, "maxScanBytes">;
}

const PASS: Finding = { effect: "pass" };
/** Plans of tools that the server has not listed. */
const MAX_UNLISTED = 1000;

/**
 * Makes the check that looks into arguments.
 *
 * @example
 * ```ts
 * import { inspectCheck, parsePolicy } from "@aegis/cli";
 *
 * const policy = await parsePolicy('version: "1"\nprincipals: { dev: { tools: [{ pattern: "*", actions: [read] }] } }');
 * const check = inspectCheck(policy);
 * console.assert(check.name === "inspect");
 * ```
 */
export function inspectCheck(plan: InspectionPlan, options: InspectOptions = {}): Check {
  return new InspectCheck(plan, options);
}

class InspectCheck implements Check {
  readonly name = "inspect";
  readonly #plan: InspectionPlan;
  readonly #detectors: Detectors;
  /** Ready ones; the same listing is the same object. */
  readonly #listed = new WeakMap<ToolListing, ToolPlan>();
  readonly #unlisted = new Map<string, ToolPlan>();
  /** Loaded with the first list or call: a start does not pay for it. */
  #judge: typeof judgeArguments | undefined;

  constructor(plan: InspectionPlan, { limits = DEFAULT_LIMITS }: InspectOptions) {
    this.#plan = plan;
    this.#detectors = new Detectors({ ...plan.inspection, maxScan: limits.maxScanBytes });
  }

  examine(request: AccessRequest): Finding | Promise<Finding> {
    const { arguments: args, context, method } = request;
    if (this.#plan.inspection.level === "off" || args === undefined) return PASS;
    if (context.direction !== "client-to-upstream" || request.action === "control") return PASS;
    const plan = method === "tools/call" ? this.#known(request) : undefined;
    if (this.#judge !== undefined && plan !== undefined) return findingOf(this.#judge(args, plan));
    return this.#examineLater(request, args);
  }

  async prepare(tools: readonly ToolListing[]): Promise<void> {
    if (this.#plan.inspection.level === "off") return;
    for (const listing of tools) {
      if (this.#listed.get(listing) === undefined) await this.#make(listing.name, listing);
    }
  }

  async #examineLater(request: AccessRequest, args: JsonObject): Promise<Finding> {
    const { method, resource, context } = request;
    const plan = method === "tools/call"
      ? await this.#make(resource.name, context.listing)
      : undefined;
    const judge = await this.#loaded();
    const judged = judge(args, plan);
    if (judged.denied !== undefined || resource.kind !== "resource") return findingOf(judged);
    return await this.#uri(resource.name);
  }

  /** A file that is asked for as a resource is a path like any other. */
  async #uri(uri: string): Promise<Finding> {
    if (!/^file:/i.test(uri)) return PASS;
    const detector = await this.#detectors.of({ kind: "path", access: "read" });
    const objection = detector.on === "text" ? detector.examine(uri) : undefined;
    if (objection === undefined) return PASS;
    return { effect: "deny", reason: { code: "unsafe_argument", pointer: "/uri", ...objection } };
  }

  #known({ resource, context: { listing } }: AccessRequest): ToolPlan | undefined {
    return listing === undefined ? this.#unlisted.get(resource.name) : this.#listed.get(listing);
  }

  async #make(tool: string, listing: ToolListing | undefined): Promise<ToolPlan> {
    await this.#loaded();
    const { makeToolPlan } = await import("./tool_plan.ts");
    const declared = this.#plan.argumentKinds(tool);
    const made = await makeToolPlan({ listing, declared, detectors: this.#detectors });
    if (listing !== undefined) this.#listed.set(listing, made);
    else {
      if (this.#unlisted.size >= MAX_UNLISTED) this.#unlisted.clear();
      this.#unlisted.set(tool, made);
    }
    return made;
  }

  async #loaded(): Promise<typeof judgeArguments> {
    this.#judge ??= (await import("./judge_arguments.ts")).judgeArguments;
    return this.#judge;
  }
}

function findingOf({ denied, would }: Judged): Finding {
  if (denied !== undefined) return { effect: "deny", reason: denied };
  return would === undefined ? PASS : { effect: "pass", would };
}
