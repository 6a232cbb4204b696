/**
 * Prints what the inspection says of one call.
 * @module
 */

import { printable } from "../base/log.ts";
import { kindText } from "../policy/kind_text.ts";
import { placeOf } from "../policy/remedies.ts";
import type { CallInspection } from "./call_inspection.ts";
import type { KnownArgument } from "./known_arguments.ts";
import type { Paint } from "./paint.ts";

/** The refusal and what is known of the argument, or that nothing is refused. */
export function inspectionLines(
  { effect, reason, argument }: CallInspection,
  paint: Paint,
): readonly string[] {
  const title = paint("bold", "Arguments");
  if (reason === undefined) return [`${title}: nothing is refused`];
  const pointer = "pointer" in reason && reason.pointer !== "" ? reason.pointer : "the arguments";
  const detail = "detail" in reason ? reason.detail : reason.code;
  const rule = "rule" in reason && reason.rule !== undefined ? reason.rule : reason.code;
  const ink = effect === "deny" ? "red" : "yellow";
  const would = effect === "deny" ? "refused" : "only recorded, as the kind is a guess";
  return [
    title,
    `  ${paint(ink, printable(`${pointer}: ${detail}`))} [${rule}], ${would}`,
    ...(argument === undefined ? [] : [`  ${printable(sentence(argument))}`]),
  ];
}

/** What the argument is, and who says so. */
function sentence({ kind, said }: KnownArgument): string {
  const what = kind === null ? "" : `its kind is ${kindText(kind)}`;
  switch (said.by) {
    case "policy":
      return `${what}, said by ${placeOf(said.ref)}`;
    case "preset":
      return `${what}, said by preset ${said.preset}`;
    case "guess":
      return `${what}, a guess: ${said.because}`;
    case "nobody":
      return "nobody knows what it is, so only unmistakable values are refused";
  }
}
