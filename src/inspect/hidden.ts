/**
 * How a hidden channel is objected to.
 * @module
 */

import type { HiddenKind } from "../grammar/unicode.ts";
import type { Objection } from "./objection.ts";

/** The objection to what hides something; it quotes nothing, as nobody would see it. */
export function hiddenObjection(kind: HiddenKind): Objection {
  switch (kind) {
    case "nul":
      return { rule: "hidden-nul", detail: "holds a NUL character" };
    case "control":
      return {
        rule: "hidden-control",
        detail: "holds a control character other than TAB, LF and CRLF",
      };
    case "lone-cr":
      return {
        rule: "hidden-lone-cr",
        detail: "holds a carriage return that no line feed follows",
      };
    case "escape":
      return { rule: "hidden-escape", detail: "holds a terminal escape sequence" };
    case "bidi":
      return {
        rule: "hidden-bidi",
        detail: "holds characters that change the order in which text is shown",
      };
    case "tag":
      return {
        rule: "hidden-tag",
        detail: "holds Unicode tags, which spell text that nobody sees",
      };
    case "invisible":
      return {
        rule: "hidden-invisible",
        detail: "holds a run of invisible characters that no script or emoji needs",
      };
    case "scattered":
      return {
        rule: "hidden-scattered",
        detail: "holds many invisible characters between the visible ones",
      };
    case "identifier":
      return {
        rule: "hidden-in-identifier",
        detail: "holds an invisible character inside an identifier",
      };
  }
}
