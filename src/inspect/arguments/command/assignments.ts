/**
 * Judges `name=value`: for the environment, for the shell, for the settings of a program.
 * @module
 */

import { type BashWord, frontText, staticText, textWord } from "../../../grammar/bash_facts.ts";
import { cutFront, type LineItem, type ProgramLine } from "../../../grammar/program_line.ts";
import type { Objection } from "../../objection.ts";
import { judgeContainerSetting } from "./containers.ts";
import { type Context, judgeChange, judgeRead } from "./context.ts";
import { variableDanger } from "./environment.ts";
import { judgeGitSetting } from "./git.ts";
import { refusal } from "./refusals.ts";
import { nodeSetting, packageSetting, type SettingDanger } from "./settings.ts";
import { isViewer } from "./viewers.ts";
import { render } from "./words.ts";

/** Judges a variable that is set in the environment of a command. */
export function judgeVariable(
  name: string,
  value: BashWord,
  context: Context,
): Objection | undefined {
  switch (variableDanger(name, render(value, context.at)).kind) {
    case "none":
      return judgeRead(value, context);
    case "runs":
      return refusal("command-environment", name);
    case "registry":
      return refusal("command-registry", name);
    case "command":
      return isViewer(staticText(value) ?? "?")
        ? judgeRead(value, context)
        : refusal("command-environment", name);
  }
}

/** Splits `name=value`; the value is missing when there is no `=`. */
export function splitSetting(
  word: BashWord,
): { readonly name: string; readonly value: BashWord | undefined } {
  const front = frontText(word);
  const equals = front.indexOf("=");
  if (equals < 0) return { name: front, value: undefined };
  return {
    name: front.slice(0, equals).replace(/\+$/, ""),
    value: cutFront(word, equals + 1),
  };
}

/** Judges a word that sets something of the program it is given to. */
export function judgeSetting(
  given: { readonly name: string; readonly line: ProgramLine; readonly item: LineItem },
  context: Context,
): Objection | undefined {
  const { name: program, line, item } = given;
  const { name, value } = splitSetting(item.value);
  switch (program) {
    case "git":
      return item.option === undefined
        ? undefined
        : judgeGitSetting(textWord(name), value ?? textWord("true"));
    case "alias":
      return value === undefined ? undefined : context.referee.text(value, context, []);
    case "docker":
    case "podman":
    case "docker-compose":
    case "kubectl":
      return item.option === undefined
        ? undefined
        : judgeContainerSetting(item.option, withoutEquals(item.value), context);
    case "npm":
    case "pnpm":
    case "yarn":
      return asObjection(nodeSetting(name), `${program} ${name}`);
    case "pip":
    case "pip3":
    case "composer":
    case "bundle":
    case "cargo":
      return asObjection(packageSetting(name), `${program} ${name}`);
    case "rustc":
      return /^(?:linker|link-arg)/.test(name) ? refusal("command-runs-code", name) : undefined;
    case "go":
      return line.path[0] === "env" ? judgeVariable(name, value ?? [], context) : undefined;
    case "perl":
      return /^[A-Za-z0-9_:,= -]*$/.test(staticText(item.value) ?? "\n") ||
          !context.profile.noInlineCode.has(program)
        ? undefined
        : refusal("command-inline-code", program);
    case "php":
      return /^(?:auto_prepend_file|auto_append_file|extension|zend_extension|open_basedir)$/
          .test(name)
        ? refusal("command-runs-code", `php -d ${name}`)
        : undefined;
    case "mvn":
      return /^exec\./.test(name) ? refusal("command-runs-code", `mvn -D${name}`) : undefined;
    case "ssh":
      return /^(?:proxycommand|localcommand|permitlocalcommand|knownhostscommand)/i.test(name)
        ? refusal("command-runs-code", `ssh -o ${name}`)
        : undefined;
    case "gh":
      return judgeGh(line, item);
    case "dd":
      if (value === undefined) return undefined;
      return name === "of" ? judgeChange(value, context) : judgeRead(value, context);
    case "make":
    case "gmake":
      if (/^(?:SHELL|\.SHELLFLAGS|MAKEFLAGS)$/.test(name) || plainText(item.value).includes("$(")) {
        return refusal("command-runs-code", `make ${name}`);
      }
      return judgeRead(item.value, context);
    default:
      // Names that the shell looks at once more run what stands in their subscripts.
      return isEvaluated(plainText(item.value))
        ? refusal("command-computed")
        : judgeRead(item.value, context);
  }
}

/** `-v=/:/host`, as programs in Go take it. */
function withoutEquals(word: BashWord): BashWord {
  return frontText(word).startsWith("=") ? cutFront(word, 1) : word;
}

/** The text of a word that stands in it as such. */
export function plainText(word: BashWord): string {
  return word.map((part) => part.kind === "text" ? part.text : "").join("");
}

/** Whether a text, taken for a name, has a subscript with something to be run. */
export function isEvaluated(text: string): boolean {
  return text.includes("[") && (text.includes("$(") || text.includes("`"));
}

function judgeGh(line: ProgramLine, item: LineItem): Objection | undefined {
  if (line.path[0] === "alias") {
    return frontText(item.value).startsWith("!")
      ? refusal("command-runs-code", "gh alias set")
      : undefined;
  }
  const [key, value] = line.operands;
  const name = staticText(key ?? []) ?? "";
  if (!["editor", "pager", "browser"].includes(name) || value === undefined) return undefined;
  return isViewer(staticText(value) ?? "?")
    ? undefined
    : refusal("command-runs-code", `gh config set ${name}`);
}

function asObjection(danger: SettingDanger, what: string): Objection | undefined {
  switch (danger) {
    case "none":
      return undefined;
    case "runs":
    case "command":
      return refusal("command-runs-code", what);
    case "registry":
      return refusal("command-registry", what);
  }
}
