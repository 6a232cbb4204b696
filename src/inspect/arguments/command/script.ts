/**
 * Judges a whole script: its commands in order, with the folder each is in.
 * @module
 */

import type { CommandProfile } from "../../../access/inspection.ts";
import { parseBash } from "../../../grammar/bash.ts";
import {
  type BashBinding,
  type BashCommand,
  type BashInput,
  type BashRedirection,
  type BashScript,
  type BashWord,
  staticText,
  textWord,
} from "../../../grammar/bash_facts.ts";
import { BashValues } from "../../../grammar/bash_values.ts";
import type { Objection } from "../../objection.ts";
import { judgeVariable } from "./assignments.ts";
import { type Context, judgeChange, judgeRead, type Referee } from "./context.ts";
import { variableDanger } from "./environment.ts";
import { FolderTrack } from "./folders.ts";
import { isForkBomb } from "./fork_bomb.ts";
import { firstOf, judgeProgram } from "./programs.ts";
import { faultRefusal, refusal } from "./refusals.ts";
import { judgeEnv, judgeFind, judgeXargs } from "./runners.ts";
import { Sensitive } from "./sensitive.ts";
import { isPackageFile, setsRegistry } from "./settings.ts";
import { places, render, type Surroundings, within } from "./words.ts";

/** Programs and shells inside one another. */
const MAX_LEVEL = 12;
/** Characters of nested scripts in all; the outermost one is bounded by the parser. */
const MAX_NESTED_CHARS = 128 * 1024;
/** Command lines that are judged in all, nested scripts, and words of all of them. */
const MAX_LINES = 4000;
const MAX_SCRIPTS = 500;
const MAX_WORDS = 16_000;

/** Judges commands by one profile. An instance judges one value. */
export class CommandReferee implements Referee {
  readonly #profile: CommandProfile;
  readonly #sensitive: Sensitive;
  readonly #folder: string | undefined;
  #nestedChars = 0;
  #lines = 0;
  #words = 0;
  #scripts = 0;

  /** `folder`: where the commands are run, if not where the profile says. */
  constructor(profile: CommandProfile, folder?: string) {
    this.#profile = profile;
    this.#folder = folder;
    this.#sensitive = sensitiveOf(profile);
  }

  /** Judges a script from the outside. */
  script(text: string): Objection | undefined {
    return this.#script(parseBash(text), this.#outermost());
  }

  /** Judges an argument vector from the outside. */
  vector(words: readonly string[]): Objection | undefined {
    return this.argv(words.map(textWord), this.#outermost());
  }

  argv(words: readonly BashWord[], context: Context): Objection | undefined {
    const [first, ...rest] = words;
    if (first === undefined) return undefined;
    this.#words += words.length;
    const spent = ++this.#lines > MAX_LINES || this.#words > MAX_WORDS;
    if (spent || context.level > MAX_LEVEL) {
      return refusal("command-too-complex");
    }
    const inner = { ...context, level: context.level + 1 };
    const name = staticText(first);
    if (name === undefined) return this.#computed(first, context);
    if (name.includes("/")) {
      return this.#projectScript(name, context) ??
        firstOf(rest, (word) => judgeRead(word, context));
    }
    if (!this.#profile.allow.has(name) && !context.functions.has(name)) {
      return refusal("command-program", name);
    }
    switch (name) {
      case "find":
        return judgeFind(rest, inner);
      case "xargs":
        return judgeXargs(rest, inner);
      case "env":
        return judgeEnv(rest, inner);
      default:
        return judgeProgram(name, rest, inner);
    }
  }

  text(word: BashWord, context: Context, args: readonly BashWord[]): Objection | undefined {
    const text = asShellText(word, context.at);
    this.#nestedChars += text.length;
    const spent = ++this.#scripts > MAX_SCRIPTS || this.#nestedChars > MAX_NESTED_CHARS;
    if (spent || context.level > MAX_LEVEL) {
      return refusal("command-too-complex");
    }
    const script = parseBash(text);
    const bindings: BashBinding[] = args.slice(0, 9)
      .map((value, index) => ({ name: String(index + 1), values: [value], append: false }));
    const all: BashBinding = { name: "@", values: args, append: false };
    return this.#script(
      args.length === 0
        ? script
        : { ...script, bindings: [...script.bindings, ...bindings, all, { ...all, name: "*" }] },
      { ...context, level: context.level + 1 },
    );
  }

  #outermost(): Context {
    const profile = this.#profile;
    return {
      profile,
      sensitive: this.#sensitive,
      at: this.#at(),
      functions: new Set(),
      input: { kind: "inherited" },
      level: 0,
      referee: this,
    };
  }

  /** Where the first command is: in the folder that the call names, else where the profile says. */
  #at(): Surroundings {
    const at = { folders: [workingFolder(this.#profile)], home: this.#profile.home };
    if (this.#folder === undefined) return at;
    const named = places(this.#folder, at);
    return { ...at, folders: named.length === 0 ? [undefined] : named };
  }

  #script(script: BashScript, outer: Context): Objection | undefined {
    const [fault] = script.faults;
    if (fault !== undefined) return faultRefusal(fault);
    if (isForkBomb(script)) return refusal("command-fork-bomb");
    const values = new BashValues(script);
    const functions = new Set([...outer.functions, ...script.functions]);
    const { writeRoots } = this.#profile;
    const track = new FolderTrack(
      outer.at,
      (folder) => !writeRoots.some((root) => within(folder, root)),
    );
    const last = script.commands.findLastIndex((command) => command.words.length > 0);
    for (const [index, command] of script.commands.entries()) {
      const at = track.before(command);
      const input: BashInput = command.input.kind === "inherited" ? outer.input : command.input;
      const context: Context = { ...outer, at, functions, input };
      const refused = this.#command({ command, values, followed: index < last }, context);
      if (refused !== undefined) return refused;
      track.after(command, values);
    }
    return values.overflow ? refusal("command-too-complex") : undefined;
  }

  #command(
    given: {
      readonly command: BashCommand;
      readonly values: BashValues;
      readonly followed: boolean;
    },
    context: Context,
  ): Objection | undefined {
    const { command, values, followed } = given;
    const [first] = command.words;
    const counts = followed || first !== undefined;
    const bindings = [...command.assignments, ...command.declared];
    const refused = firstOf(
      bindings,
      (binding) =>
        firstOf(
          binding.values,
          (value) =>
            firstOf(values.wordValues(value), (each) =>
              judgeDeclared(
                { name: binding.name, value: each },
                command.declared.includes(binding) ? followed : counts,
                context,
              )),
        ),
    ) ??
      firstOf(
        command.redirections,
        (redirection) =>
          firstOf(
            values.wordValues(redirection.target),
            (target) => judgeRedirection({ ...redirection, target }, command, context),
          ),
      );
    if (refused !== undefined || first === undefined) return refused;
    if (staticText(first) === undefined) return this.#computed(first, context);
    const lines = values.variants(command.words).lines;
    return firstOf(lines, (line) => this.argv(line, context));
  }

  /** A command word that is not the same on every run; `~/bin/x` is one place all the same. */
  #computed(word: BashWord, context: Context): Objection | undefined {
    const fixed = word.every((part) =>
      part.kind === "text" || part.kind === "home" ||
      (part.kind === "variable" && (part.name === "HOME" || part.name === "PWD"))
    );
    if (!fixed) return refusal("command-computed");
    return this.#projectScript(render(word, context.at), context);
  }

  #projectScript(path: string, context: Context): Objection | undefined {
    const folder = workingFolder(this.#profile);
    const inside = this.#profile.projectScripts && folder !== undefined &&
      places(path, context.at).every((place) => within(place, folder));
    return inside
      ? undefined
      : refusal(this.#profile.projectScripts ? "command-script-outside" : "command-program", path);
  }
}

const SENSITIVE = new WeakMap<CommandProfile, Sensitive>();

/** Profiles are read once and judged by for as long as the program runs. */
function sensitiveOf(profile: CommandProfile): Sensitive {
  const known = SENSITIVE.get(profile);
  if (known !== undefined) return known;
  const made = new Sensitive(profile.sensitive, profile.home);
  SENSITIVE.set(profile, made);
  return made;
}

/** Where relative paths start. */
function workingFolder(profile: CommandProfile): string | undefined {
  return profile.cwd ?? profile.writeRoots.find((root) => !root.startsWith("/dev/"));
}

/** `export name=value`: of no effect when nothing follows. */
function judgeDeclared(
  given: { readonly name: string; readonly value: BashWord },
  counts: boolean,
  context: Context,
): Objection | undefined {
  const { name, value } = given;
  const { kind } = variableDanger(name, render(value, context.at));
  const idle = !counts && (name === "PATH" || kind === "command");
  return idle ? judgeRead(value, context) : judgeVariable(name, value, context);
}

function judgeRedirection(
  redirection: BashRedirection,
  command: BashCommand,
  context: Context,
): Objection | undefined {
  const { access, target } = redirection;
  const text = render(target, context.at);
  if (/^\/dev\/(?:tcp|udp)\//.test(text)) return refusal("command-network");
  if (access === "read") return judgeRead(target, context);
  if (isPackageFile(`/${text}`) && saysRegistry(command)) {
    return refusal("command-registry", text);
  }
  return judgeChange(target, context);
}

/** Whether what a command prints says where packages come from, or may. */
function saysRegistry(command: BashCommand): boolean {
  const printed = [
    ...command.words,
    ...(command.input.kind === "text" ? [command.input.text] : []),
  ];
  return printed.some((word) => {
    const text = staticText(word);
    return text === undefined || setsRegistry(text);
  });
}

/** A word as text for a shell; what is only known at run time stands as a variable in it. */
function asShellText(word: BashWord, at: Surroundings): string {
  return word.map((part) => {
    switch (part.kind) {
      case "text":
      case "glob":
        return part.text;
      case "home":
        return render([part], at);
      case "variable":
        return `\${${/^[A-Za-z_0-9]+$/.test(part.name) ? part.name : "_"}}`;
      case "computed":
        return "${_}";
    }
  }).join("");
}
