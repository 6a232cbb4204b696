/**
 * Prints an explanation for people.
 * @module
 */

import type { BucketRate, Decision, Obligation } from "../access/decision.ts";
import type { AccessRequest, Action } from "../access/request.ts";
import { printable } from "../base/log.ts";
import type { Explanation } from "../policy/explain.ts";
import type { RuleExplanation } from "../policy/near_rules.ts";
import type { Policy } from "../policy/policy.ts";
import { placeOf } from "../policy/remedies.ts";
import type { CallInspection } from "./call_inspection.ts";
import { saidBy } from "./exposure.ts";
import { inspectionLines } from "./inspection_text.ts";
import type { Ink, Paint } from "./paint.ts";
import type { Recorded } from "./recorded.ts";
import { columns } from "./table.ts";

/** A question, and everything the policy says of it. */
export interface Answer {
  readonly policy: Policy;
  readonly request: AccessRequest | undefined;
  readonly explanation: Explanation | undefined;
  readonly recorded: Recorded | undefined;
  /** Undefined when there was nothing to look into. */
  readonly inspection: CallInspection | undefined;
  /** Sentences that a reader should know. */
  readonly notes: readonly string[];
}

/** The whole text, newline at the end included. */
export function explanationText(answer: Answer, paint: Paint): string {
  const { policy, request, explanation, recorded, inspection, notes } = answer;
  const sections: (readonly string[])[] = [];
  if (recorded !== undefined) sections.push(recordedLines(recorded, paint));
  if (request !== undefined && explanation !== undefined) {
    const { decision } = explanation;
    const said = verdict(decision, { inspection, paint });
    sections.push([`${said}  ${subject(request)}`]);
    sections.push([
      ["policy", `${policy.file}, ${policy.hash}`],
      ["action", actionText(explanation, request)],
      ["checks", checksText(answer, decision)],
      ...decision.obligations.map(obligationRow),
    ].map(([name = "", text = ""]) => `${paint("dim", name.padEnd(8))}${printable(text)}`));
    sections.push(entryLines(explanation, { request, paint }));
    sections.push(ruleLines(explanation, paint));
    sections.push(remedyLines(explanation.remedies, paint));
    if (inspection !== undefined) {
      sections.push(inspectionLines(inspection, paint));
      sections.push(remedyLines(inspection.remedies, paint));
    }
  } else {
    sections.push(["No question was put to the policy about this message"]);
  }
  if (notes.length > 0) {
    sections.push(notes.map((note) => `${paint("yellow", "note")}: ${printable(note)}`));
  }
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join(
    "\n\n",
  ) + "\n";
}

function remedyLines(remedies: readonly string[], paint: Paint): readonly string[] {
  if (remedies.length === 0) return [];
  return [
    paint("bold", "What would allow it"),
    ...remedies.map((remedy, i) => `  ${i + 1}. ${printable(remedy)}`),
  ];
}

function verdict(
  { effect, mode }: Decision,
  { inspection, paint }: {
    readonly inspection: CallInspection | undefined;
    readonly paint: Paint;
  },
): string {
  const isUnsafe = effect !== "deny" && inspection?.effect === "deny";
  switch (isUnsafe ? "deny" : effect) {
    case "allow":
      return paint("green", "ALLOW");
    case "deny":
      return mode === "observe" ? paint("yellow", "DENY, only observed") : paint("red", "DENY");
    case "depends":
      return paint("yellow", "DEPENDS on the arguments");
  }
}

function subject({ principal, method, resource }: AccessRequest): string {
  const roles = [...principal.roles];
  const who = principal.kind === "upstream"
    ? "the server"
    : principal.id + (roles.length === 0 ? "" : ` (${roles.join(", ")})`);
  const of = resource.server === null ? "" : ` of ${resource.server}`;
  const what = resource.kind === "server" ? method : `${resource.kind} ${resource.name}${of}`;
  return printable(`${who}: ${what}`);
}

function actionText(
  { decision, classification }: Explanation,
  request: AccessRequest,
): string {
  if (!request.known) return `${decision.action}, as the protocol has no such method`;
  if (classification === undefined) return `${decision.action}, by the protocol`;
  const { source } = classification;
  const note = source.kind === "preset" && source.note !== undefined ? ` (${source.note})` : "";
  return `${decision.action}, said by ${saidBy(classification)}${note}`;
}

function checksText({ policy, recorded, inspection }: Answer, decision: Decision): string {
  if (recorded !== undefined && recorded.steps.length > 0) {
    return recorded.steps.map(([check, us]) => `${check} ${us} µs`).join(" → ");
  }
  const rate = policy.attempts === undefined ? "600 refused in 60 s" : rateText(policy.attempts);
  const isEnforced = decision.mode === "enforce";
  const isRefused = decision.effect === "deny" && isEnforced;
  const looked = inspection === undefined
    ? []
    : isRefused
    ? ["inspection not asked"]
    : [inspection.effect === "deny" ? "inspection refuses" : "inspection passes"];
  const isUnsafe = inspection?.effect === "deny" && isEnforced;
  const after = [...looked, isRefused || isUnsafe ? "rate limit not asked" : "rate limit"];
  return [`attempts (${rate})`, `policy says ${decision.effect}`, ...after].join(" → ");
}

/** What an allow obliges to: a word for it, and what. */
function obligationRow(obligation: Obligation): readonly [string, string] {
  switch (obligation.kind) {
    case "rate": {
      const { rate, cost, bucket } = obligation;
      return ["draws", `${cost} of ${rateText(rate)} from ${bucket}`];
    }
    case "redact": {
      const { secrets } = obligation;
      return ["redacts", secrets === "all" ? "every secret in the result" : secrets.join(", ")];
    }
    case "max_result_bytes":
      return ["at most", `${obligation.maxBytes} bytes of result`];
  }
}

function rateText({ capacity, perMs }: BucketRate): string {
  return `${capacity} in ${perMs / 1000} s`;
}

function entryLines(
  { entries }: Explanation,
  { request: { principal }, paint }: { readonly request: AccessRequest; readonly paint: Paint },
): readonly string[] {
  const title = paint("bold", "Entries that speak of them");
  if (principal.kind === "upstream") {
    return [`${paint("bold", "What a server may ask")} is granted by servers.NAME.may`];
  }
  if (entries.length === 0) return [`${title}: none`];
  const rows = entries.map(({ name, ref, applies }) => [
    `  ${name}`,
    placeOf(ref),
    applies.by === "role" ? `by the role ${applies.role}` : `by ${applies.by}`,
  ]);
  return [title, ...columns(rows, paint)];
}

const OUTCOME_INKS: Readonly<Record<RuleExplanation["outcome"], Ink>> = {
  decided: "bold",
  "in-part": "yellow",
  condition: "dim",
  observed: "yellow",
  overruled: "dim",
  "missing-scopes": "dim",
  "other-action": "dim",
  "other-server": "dim",
};

const DEFAULT = "the default does (defaults.effect)";

/** Who decides when no rule does. */
const DEFAULTS: Readonly<Record<Action, string>> = {
  read: DEFAULT,
  write: DEFAULT,
  delete: DEFAULT,
  execute: DEFAULT,
  control: "protocol upkeep is open to every principal",
  "ask-client": "a server may ask nothing that is not granted",
};

function ruleLines({ decision, rules }: Explanation, paint: Paint): readonly string[] {
  const title = paint("bold", "Rules");
  const byDefault = decision.determining.length === 0
    ? [`  no rule decided: ${DEFAULTS[decision.action]}`]
    : [];
  const rows = rules.map(({ ref, effect, pattern, actions, outcome, because }) => [
    `  ${placeOf(ref)}`,
    `${effect} ${pattern ?? "methods"}${actions.length === 0 ? "" : ` [${actions.join(", ")}]`}`,
    { text: because, ink: OUTCOME_INKS[outcome] },
  ]);
  return [title, ...columns(rows, paint), ...byDefault];
}

function recordedLines(recorded: Recorded, paint: Paint): readonly string[] {
  const { effect, observed, reason, detail, pointer, finding, rules } = recorded;
  const ink = effect === "deny" ? "red" : observed ? "yellow" : "green";
  const said = [effect + (observed ? ", deny only observed" : ""), reason, detail];
  return [
    `${paint("bold", "Recorded")} at ${printable(recorded.place)}, ${printable(recorded.time)}, ` +
    `trace ${printable(recorded.traceId)}`,
    `  ${paint(ink, printable(said.filter((part) => part !== undefined).join(": ")))}`,
    ...(pointer === undefined && finding === undefined ? [] : [
      `  about ${printable(pointer || "the arguments")}` +
      (finding === undefined ? "" : `, found by ${printable(finding)}`),
    ]),
    ...(rules.length === 0 ? [] : [`  by ${printable(rules.join(", "))}`]),
  ];
}
