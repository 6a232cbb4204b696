/**
 * Is it safe? The question asked of every call's arguments.
 *
 * In this order: the tool's own schema, what no string may hold, and the detector of each
 * argument's kind.
 * @module
 */

import type { ArgumentKinds, InspectionRules } from "../access/inspection.ts";
import type { AccessRequest, Resource, ToolListing } from "../access/request.ts";
import type { Check, Finding } from "../access/verdict.ts";
import { startDeadline } from "../base/deadline.ts";
import type { JsonObject } from "../base/json.ts";
import { DEFAULT_LIMITS, type Limits } from "../base/limits.ts";
import type { judgeArguments, Judged } from "./judge_arguments.ts";
import { Detectors } from "./detectors.ts";
import type { Objection } from "./objection.ts";
import type { ToolPlan } from "./tool_plan.ts";

/** What the operator says of arguments, for one upstream. */
export interface InspectionPlan {
  /** What is safe. */
  readonly inspection: InspectionRules;
  /** The kinds declared for a tool, by policy or preset. */
  argumentKinds(tool: string): ArgumentKinds | undefined;
  /** The kinds declared for a prompt; by default none is. */
  promptKinds?(prompt: string): ArgumentKinds | undefined;
}

/** Options of {@linkcode inspectCheck}. */
export interface InspectOptions {
  /** Default: every bound at its default. */
  readonly limits?: Pick<Limits, "maxScanBytes">;
}

const PASS: Finding = { effect: "pass" };
/** Plans of tools that the server has not listed. */
const MAX_UNLISTED = 1000;
/** UTF-16 units of one list's schemas that are read before they are needed; real servers send up to 100 KB. */
const MAX_PREPARED = 300_000;
/** And of those that are read at once. */
const MAX_TURN = 8_000;
/** What a tool costs beside its schema. */
const LISTING_SIZE = 200;

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
  /** As many as presets declare. */
  readonly #prompts = new Map<string, ToolPlan>();
  /** Loaded with the first list or call: a start does not pay for it. */
  #judge: typeof judgeArguments | undefined;

  constructor(plan: InspectionPlan, { limits = DEFAULT_LIMITS }: InspectOptions) {
    this.#plan = plan;
    this.#detectors = new Detectors({ ...plan.inspection, maxScan: limits.maxScanBytes });
  }

  examine(request: AccessRequest): Finding | Promise<Finding> {
    const { context, inputResponses } = request;
    if (this.#plan.inspection.level === "off") return PASS;
    if (context.direction !== "client-to-upstream") return PASS;
    return inputResponses === undefined
      ? this.#examineArguments(request)
      : this.#examineAnswers(request, inputResponses);
  }

  /** Nobody knows of what kind an answer is; then come the arguments, if there are some. */
  async #examineAnswers(request: AccessRequest, inputResponses: JsonObject): Promise<Finding> {
    const judge = await this.#loaded();
    const judged = judge({ inputResponses }, undefined, { of: request.resource });
    return judged.denied === undefined ? this.#examineArguments(request) : findingOf(judged);
  }

  #examineArguments(request: AccessRequest): Finding | Promise<Finding> {
    const { arguments: args, method, resource } = request;
    if (args === undefined || request.action === "control") return PASS;
    const plan = method === "tools/call" ? this.#known(request) : undefined;
    if (this.#judge !== undefined && plan !== undefined) {
      return findingOf(this.#judge(args, plan, { of: resource }));
    }
    return this.#examineLater(request, args);
  }

  /**
   * Makes the plans of what was listed, in turns, so that messages pass between them. What a list
   * holds beyond its share is made ready by its first call.
   */
  async prepare(tools: readonly ToolListing[]): Promise<void> {
    if (this.#plan.inspection.level === "off") return;
    let size = 0;
    let turn = 0;
    for (const listing of tools) {
      if (this.#listed.has(listing)) continue;
      const more = JSON.stringify(listing.inputSchema ?? null).length + LISTING_SIZE;
      size += more;
      turn += more;
      if (size > MAX_PREPARED) return;
      if (turn > MAX_TURN) {
        await new Promise<void>((resolve) => startDeadline(0, resolve));
        turn = more;
      }
      await this.#make(listing.name, listing);
    }
  }

  async #examineLater(request: AccessRequest, args: JsonObject): Promise<Finding> {
    const { method, resource, context } = request;
    const plan = method === "tools/call"
      ? await this.#make(resource.name, context.listing)
      : method === "prompts/get"
      ? await this.#prompt(resource.name)
      : undefined;
    const judge = await this.#loaded();
    const judged = judge(args, plan, { of: resource });
    if (judged.denied !== undefined || resource.kind !== "resource") return findingOf(judged);
    return await this.#resource(resource);
  }

  /** A file that is asked for as a resource is a path like any other. */
  async #resource(resource: Resource): Promise<Finding> {
    // Parsers of URLs leave these out (WHATWG URL, basic URL parser); other controls are refused already.
    const uri = resource.name.replace(/[\t\r\n]/g, "").trim();
    // What a template's variables become is not known here.
    if (resource.template === true && uri.includes("{")) return PASS;
    const isFile = /^file:/i.test(uri);
    if (isFile && this.#plan.inspection.paths === undefined) return PASS;
    const detector = await this.#detectors.of(
      isFile ? { kind: "path", access: "read" } : undefined,
    );
    if (detector.on !== "text") return PASS;
    // `file:etc/hosts` is relative to some, and `file:///etc/hosts` to others.
    const readings = [uri, ...(isFile ? [URL.parse(uri)?.href ?? uri] : [])];
    for (const reading of readings) {
      const objection = detector.examine(reading);
      if (objection !== undefined) return refused("/uri", objection);
    }
    return PASS;
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

  /** Undefined for a prompt that only gives text. */
  async #prompt(name: string): Promise<ToolPlan | undefined> {
    const declared = this.#plan.promptKinds?.(name);
    if (declared === undefined) return undefined;
    const ready = this.#prompts.get(name);
    if (ready !== undefined) return ready;
    const { makeToolPlan } = await import("./tool_plan.ts");
    const made = await makeToolPlan({ listing: undefined, declared, detectors: this.#detectors });
    this.#prompts.set(name, made);
    return made;
  }

  async #loaded(): Promise<typeof judgeArguments> {
    this.#judge ??= (await import("./judge_arguments.ts")).judgeArguments;
    return this.#judge;
  }
}

function refused(pointer: string, objection: Objection): Finding {
  return { effect: "deny", reason: { code: "unsafe_argument", pointer, ...objection } };
}

function findingOf({ denied, would }: Judged): Finding {
  if (denied !== undefined) return { effect: "deny", reason: denied };
  return would === undefined ? PASS : { effect: "pass", would };
}
