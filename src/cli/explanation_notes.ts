/**
 * What a reader of an explanation should know besides.
 * @module
 */

import type { AccessRequest } from "../access/request.ts";
import type { Explanation } from "../policy/explain.ts";
import type { Policy } from "../policy/policy.ts";
import { PRESETS } from "../policy/presets.ts";
import type { CallInspection } from "./call_inspection.ts";
import type { Recorded } from "./recorded.ts";

/** What notes are made of. */
export interface Noted {
  readonly policy: Policy;
  /** Undefined when no question was put to the policy. */
  readonly explanation: Explanation | undefined;
  readonly recorded: Recorded | undefined;
  readonly request: AccessRequest | undefined;
  readonly inspection: CallInspection | undefined;
  /** Whether the server's command is known. */
  readonly commandGiven: boolean;
}

/** Sentences, without their periods. */
export function notesOf(noted: Noted): readonly string[] {
  return [
    ...(noted.recorded === undefined ? presetNotes(noted) : recordNotes(noted.recorded, noted)),
    ...inspectionNotes(noted),
  ];
}

function inspectionNotes({ request, explanation, inspection }: Noted): readonly string[] {
  if (request?.method !== "tools/call") return [];
  if (request.arguments === undefined) {
    return explanation?.decision.effect === "depends"
      ? ["What it is called with decides: give it with --argument or --arguments"]
      : [];
  }
  if (inspection === undefined) return ["Arguments are not looked into: defaults.arguments is off"];
  return request.context.listing === undefined
    ? [
      "Judged by what is declared; with --list and the server's command also by the tool's schema " +
      "and by what can be guessed",
    ]
    : [];
}

function presetNotes({ policy, explanation, commandGiven }: Noted): readonly string[] {
  if (commandGiven || explanation?.classification?.source.kind !== "default") return [];
  const known = [...PRESETS.values()].find(({ shortName }) => shortName === policy.upstreamName);
  if (known === undefined) return [];
  const [first = ""] = known.packages;
  return [
    `No preset applies, as no command was given; with "-- npx -y ${first.replace(/^npm:/, "")}" ` +
    `the preset ${known.name} would`,
  ];
}

function recordNotes(
  recorded: Recorded,
  { policy, explanation }: Noted,
): readonly string[] {
  const notes: string[] = [];
  const decision = explanation?.decision;
  const { kind, place, traceId, action, reason, effect } = recorded;
  if (kind === "result" || kind === "error") {
    const file = place.slice(0, place.lastIndexOf(":"));
    notes.push(`It is an answer; its request is explained by --audit-line ${file}:${traceId}`);
  }
  if (recorded.policy !== policy.hash) {
    notes.push(`${policy.file} was another one then: this is what it says today`);
  } else if (effect === "deny" && decision?.effect === "allow") {
    notes.push(`The policy allows it; it was refused for another reason: ${reason ?? "unknown"}`);
  }
  if (decision !== undefined && action !== undefined && action !== decision.action) {
    notes.push(`It counted as ${action} then: the server's own hints are not in the record`);
  }
  if (recorded.cut) notes.push("The line was cut to its bounds when it was written");
  return notes;
}
