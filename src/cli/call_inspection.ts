/**
 * What the inspection would say of one call, and what would make it say otherwise.
 * @module
 */

import type { AccessRequest } from "../access/request.ts";
import type { DenyReason, Finding } from "../access/verdict.ts";
import type { Limits } from "../base/limits.ts";
import { inspectCheck } from "../inspect/check.ts";
import type { Policy } from "../policy/policy.ts";
import { placeOf } from "../policy/remedies.ts";
import { widerRule } from "./argument_remedies.ts";
import { type KnownArgument, knownArgument } from "./known_arguments.ts";

/** One call, looked into. */
export interface CallInspection {
  readonly effect: Finding["effect"];
  /** Why it is refused; of a pass, what would be if a guess were sure. */
  readonly reason: DenyReason | undefined;
  /** What is known of the argument that the reason speaks of. */
  readonly argument: KnownArgument | undefined;
  /** What would allow it, the smallest change first. */
  readonly remedies: readonly string[];
}

/** Asks the inspection; `undefined` when it looks at nothing: it is off, or the arguments are not known. */
export async function inspectCall(
  policy: Policy,
  { request, limits }: { readonly request: AccessRequest; readonly limits: Limits },
): Promise<CallInspection | undefined> {
  const { arguments: args, method, context, resource } = request;
  if (policy.inspection.level === "off" || args === undefined) return undefined;
  if (method !== "tools/call" && Object.keys(args).length === 0) return undefined;
  const check = inspectCheck(policy, { limits });
  const finding = await check.examine(request, undefined, undefined);
  const reason = finding.effect === "deny" ? finding.reason : finding.would;
  const argument = reason?.code === "unsafe_argument" && method === "tools/call"
    ? await knownArgument(policy, {
      tool: resource.name,
      listing: context.listing,
      pointer: reason.pointer,
    })
    : undefined;
  return {
    effect: finding.effect,
    reason,
    argument,
    remedies: reason === undefined ? [] : remediesFor(policy, { reason, argument, request }),
  };
}

const UNSAFE = "Nothing: no argument may hold that, whatever it is declared to be";

function remediesFor(
  policy: Policy,
  { reason, argument, request: { resource } }: {
    readonly reason: DenyReason;
    readonly argument: KnownArgument | undefined;
    readonly request: AccessRequest;
  },
): readonly string[] {
  if (reason.code === "invalid_arguments") {
    return [
      "Send what the tool's own schema asks for; where that cannot be used, another version of " +
      "the server is needed. Only defaults: { arguments: off } asks for neither",
    ];
  }
  if (reason.code !== "unsafe_argument") return [];
  if (reason.rule?.startsWith("hidden-")) return [UNSAFE];
  const wider = widerRule(reason.rule);
  const name = JSON.stringify(policy.upstreamName ?? "NAME");
  const declaration = `servers: { ${name}: { tools: { ${JSON.stringify(resource.name)}: ` +
    `{ arguments: { ${JSON.stringify(argument?.pointer ?? reason.pointer)}: KIND } } } } }`;
  return [
    ...(wider === undefined ? [] : [wider]),
    ...(argument === undefined ? [] : [
      argument.kind === null
        ? `Say what the argument is: ${declaration}`
        : argument.said.by === "policy"
        ? `If it is no ${argument.kind.kind}, say what it is at ${placeOf(argument.said.ref)}`
        : `If it is no ${argument.kind.kind}, say what it is: ${declaration}`,
    ]),
  ];
}
