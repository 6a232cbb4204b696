/**
 * Every objection to a command, in one place.
 * @module
 */

import type { Objection } from "../../objection.ts";
import type { BashFault } from "../../../grammar/bash_facts.ts";

/** Characters of the value that a detail may quote. */
const MAX_QUOTED = 60;

const DETAILS = {
  "command-too-long": "is longer than a command may be",
  "command-too-complex": "is too complex to be judged as a command",
  "command-not-bash": "cannot be read as Bash",
  "command-control-character": "holds a control character",
  "command-program": "runs a program that is not allowed:",
  "command-script-outside": "runs a script outside the working folder:",
  "command-computed": "runs a program whose name is only known at run time",
  "command-inline-code": "hands code to an interpreter:",
  "command-code-on-stdin": "hands code on standard input to an interpreter:",
  "command-runs-code": "tells a program to run code or another program:",
  "command-environment": "sets a variable that changes which programs run:",
  "command-registry": "changes where packages come from:",
  "command-write-outside": "writes outside the allowed folders:",
  "command-delete-outside": "removes or moves what is outside the allowed folders:",
  "command-delete-root": "removes a whole folder that holds everything:",
  "command-sensitive": "names a file that may not be named",
  "command-container": "gives a container access to the host:",
  "command-network": "opens a network connection from the shell",
  "command-fork-bomb": "starts copies of itself without end",
} as const;

/** Which rule of the command detector refuses. */
export type CommandRule = keyof typeof DETAILS;

/** The objection of a rule; a detail that ends with a colon quotes `what`. */
export function refusal(rule: CommandRule, what = ""): Objection {
  const detail = DETAILS[rule];
  return { rule, detail: detail.endsWith(":") ? `${detail} ${quote(what)}` : detail };
}

/** What a script that cannot be read is refused for. */
export function faultRefusal(fault: BashFault): Objection {
  switch (fault.code) {
    case "too-long":
      return refusal("command-too-long");
    case "too-deep":
    case "too-many-words":
      return refusal("command-too-complex");
    case "syntax":
    case "unreadable":
      return refusal("command-not-bash");
  }
}

function quote(what: string): string {
  let plain = "";
  for (const char of what) {
    if (plain.length >= MAX_QUOTED) return `"${plain}…"`;
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xE000 && code <= 0xE002) plain += "…";
    else plain += code < 32 || code === 127 ? " " : char;
  }
  return `"${plain}"`;
}
