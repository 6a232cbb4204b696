/**
 * What gives a container access to the host, beyond the folders that it mounts.
 * @module
 */

import {
  type BashInput,
  type BashWord,
  frontText,
  staticText,
} from "../../../grammar/bash_facts.ts";
import type { ProgramLine } from "../../../grammar/program_line.ts";
import type { Objection } from "../../objection.ts";
import { type Context, judgeChange } from "./context.ts";
import { refusal } from "./refusals.ts";

/** Capabilities that give a container nothing of the host. */
const HARMLESS_CAPABILITIES = new Set([
  ...["CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID", "KILL", "FOWNER", "FSETID", "SYS_NICE"],
  ...["AUDIT_WRITE", "SETPCAP", "MKNOD", "NET_RAW", "SYS_CHROOT", "SETFCAP", "DAC_OVERRIDE"],
]);

/** Judges a command to a container engine or a cluster beyond the roles of its words. */
export function judgeContainer(line: ProgramLine, input: BashInput): Objection | undefined {
  const manifest = input.kind === "text" ? plainText(input.text) : "";
  if (/\b(?:hostPath|hostPID|hostIPC)\s*:|\bprivileged["']?\s*:\s*true/.test(manifest)) {
    return refusal("command-container", "manifest with access to the host");
  }
  if (line.path[0] !== "debug") return undefined;
  const node = line.operands.some((word) => /^(?:node|nodes|no)\//.test(frontText(word)));
  return node ? refusal("command-container", "kubectl debug node") : undefined;
}

function plainText(word: BashWord): string {
  return word.map((part) => part.kind === "text" ? part.text : "").join("");
}

/** Judges one option of `docker run` and its like. */
export function judgeContainerSetting(
  option: string,
  value: BashWord,
  context: Context,
): Objection | undefined {
  const text = staticText(value) ?? "";
  switch (option) {
    case "-v":
    case "--volume":
      return judgeMount(upTo(value, ":"), context);
    case "--mount": {
      const fields = text.split(",").map((field) => field.split("="));
      if (staticText(value) === undefined) return judgeOpenMount(value, context);
      const source = fields.find(([key]) => key === "source" || key === "src")?.[1];
      const bind = fields.some(([key, kind]) => key === "type" && kind === "bind");
      return bind && source !== undefined
        ? judgeMount([{ kind: "text", text: source }], context)
        : undefined;
    }
    case "--cap-add": {
      const name = text.toUpperCase().replace(/^CAP_/, "");
      return HARMLESS_CAPABILITIES.has(name)
        ? undefined
        : refusal("command-container", `--cap-add ${text}`);
    }
    case "--security-opt":
      return /unconfined|disable|=false/.test(text)
        ? refusal("command-container", `--security-opt ${text}`)
        : undefined;
    case "--overrides":
      return /hostPath|hostPID|hostIPC|hostNetwork|privileged/.test(text)
        ? refusal("command-container", "--overrides")
        : undefined;
    case "--profile":
      return text === "sysadmin" ? refusal("command-container", "--profile sysadmin") : undefined;
    default:
      return text === "host" ? refusal("command-container", `${option} host`) : undefined;
  }
}

/** A folder of the host is one with a slash; a bare name is a volume of the engine's own. */
function judgeMount(source: BashWord, context: Context): Objection | undefined {
  const front = frontText(source);
  const folder = source[0]?.kind === "home" || /^[./~]/.test(front) ||
    source[0]?.kind === "variable";
  if (!folder) return undefined;
  return judgeChange(source, context) === undefined
    ? undefined
    : refusal("command-container", "mount of a host folder");
}

/** `type=bind,source=$PWD,…`: what stands behind `source=`. */
function judgeOpenMount(value: BashWord, context: Context): Objection | undefined {
  const front = frontText(value);
  const at = Math.max(front.lastIndexOf("source="), front.lastIndexOf("src="));
  if (at < 0) return undefined;
  const from = front.indexOf("=", at) + 1;
  const rest: BashWord = [
    ...(front.length > from ? [{ kind: "text" as const, text: front.slice(from) }] : []),
    ...value.slice(front === "" ? 0 : 1),
  ];
  return judgeMount(upTo(rest, ","), context);
}

function upTo(word: BashWord, mark: string): BashWord {
  const parts: BashWord[number][] = [];
  for (const part of word) {
    const end = part.kind === "text" ? part.text.indexOf(mark) : -1;
    if (part.kind === "text" && end >= 0) {
      if (end > 0) parts.push({ kind: "text", text: part.text.slice(0, end) });
      return parts;
    }
    parts.push(part);
  }
  return parts;
}
