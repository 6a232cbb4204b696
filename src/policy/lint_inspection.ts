/**
 * What a sound policy still gets wrong about arguments: kinds that nothing is said about, and rules
 * that nobody asks.
 * @module
 */

import type { RuleRef } from "../access/decision.ts";
import type { Diagnostic } from "../base/diagnostic.ts";
import { nearest } from "../base/diagnostic.ts";
import type { DeclaredKind } from "./argument_kind.ts";
import { DEFAULT_PROFILE } from "./argument_kind.ts";
import type { PolicyDocument, ServerEntry } from "./document.ts";
import type { InspectSettings } from "./inspect_settings.ts";
import type { Preset } from "./presets.ts";
import { type Fault, Problems } from "../yaml/problems.ts";

/** The upstream a policy is checked against. */
export interface InspectedHere {
  readonly name: string | null;
  readonly preset: Preset | undefined;
}

/** Everything found; an error is a profile that does not exist. */
export function lintInspection(
  document: PolicyDocument,
  upstream: InspectedHere | undefined,
): readonly Diagnostic[] {
  const linter = new InspectionLinter(document);
  for (const server of document.servers.values()) linter.server(server);
  if (upstream !== undefined) linter.preset(upstream);
  linter.level();
  return linter.found();
}

/** Where one server's arguments are judged. */
interface Groups {
  readonly hasRoots: boolean;
  readonly profiles: readonly string[];
}

class InspectionLinter {
  readonly #problems: Problems;
  readonly #document: PolicyDocument;

  constructor(document: PolicyDocument) {
    this.#problems = new Problems(document.file, "");
    this.#document = document;
  }

  found(): readonly Diagnostic[] {
    return this.#problems.list();
  }

  server(server: ServerEntry): void {
    const groups = this.#groupsOf(server);
    for (const { arguments: kinds } of server.tools.values()) {
      for (const { kind, ref } of kinds.values()) this.#kind(kind, { ref, groups });
    }
  }

  /**
   * A preset's commands are refused without a profile, and that is told. Its paths are not: a policy
   * that says nothing of inspection is left in peace.
   */
  preset({ name, preset }: InspectedHere): void {
    const own = name === null ? undefined : this.#document.servers.get(name);
    const groups = this.#groupsOf(own);
    const { inspect } = this.#document;
    const ref = own?.inspect?.ref ?? inspect?.ref ?? this.#top();
    for (const [tool, known] of preset?.tools ?? []) {
      const stated = own?.tools.get(tool)?.arguments;
      for (const [pointer, kind] of known.arguments) {
        if (stated?.has(pointer) === true) continue;
        if (kind.kind !== "command" && kind.kind !== "argv") continue;
        if (groups.profiles.includes(kind.profile)) continue;
        this.#warn(ref, {
          code: "no-command-profile",
          message: `Every call of "${tool}" is refused: ${pointer} is a command, ` +
            `and there is no profile "${kind.profile}"`,
          hint: PROFILE_HINT,
        });
      }
    }
    const holdsPaths = [...preset?.tools.values() ?? []].some((known) =>
      [...known.arguments.values()].some(namesAPath)
    );
    if (inspect === undefined && own?.inspect === undefined) return;
    if (holdsPaths && !groups.hasRoots) {
      this.#warn(ref, {
        ...NO_ROOTS,
        message: `The paths of preset ${preset?.name} are not held against folders: no roots`,
      });
    }
  }

  /** Rules that nobody asks. */
  level(): void {
    const { defaults, inspect, servers } = this.#document;
    if (defaults.arguments !== "off") return;
    for (const idle of [inspect, ...[...servers.values()].map((server) => server.inspect)]) {
      if (idle === undefined || !speaksOfArguments(idle)) continue;
      this.#warn(idle.ref, {
        code: "idle-inspect",
        message: "These rules hold for results alone: defaults.arguments is off",
        hint: "Write defaults: { arguments: standard }",
      });
    }
  }

  #kind(
    kind: DeclaredKind,
    { ref, groups }: { readonly ref: RuleRef; readonly groups: Groups },
  ): void {
    if (namesAPath(kind) && !groups.hasRoots) this.#warn(ref, NO_ROOTS);
    if (kind.kind !== "command" && kind.kind !== "argv") return;
    const { profile } = kind;
    if (groups.profiles.includes(profile)) return;
    if (profile === DEFAULT_PROFILE) {
      this.#warn(ref, {
        code: "no-command-profile",
        message: `This argument is refused: it is a command, and there is no profile "${profile}"`,
        hint: PROFILE_HINT,
      });
      return;
    }
    const near = nearest(profile, groups.profiles);
    this.#add(ref, {
      code: "unknown-profile",
      message: `There is no profile "${profile}" of commands here`,
      hint: near === undefined
        ? `Add it: inspect: { commands: { ${profile}: { allow: [git, ls] } } }`
        : `Did you mean "${near}"?`,
    });
  }

  #groupsOf(server: ServerEntry | undefined): Groups {
    const { inspect } = this.#document;
    const commands = server?.inspect?.commands ?? inspect?.commands;
    const paths = server?.inspect?.paths ?? inspect?.paths;
    return { hasRoots: paths?.roots !== undefined, profiles: [...commands?.keys() ?? []] };
  }

  #top(): RuleRef {
    return { file: this.#document.file, line: 1, column: 1, path: "" };
  }

  #warn(ref: RuleRef, fault: Fault): void {
    this.#add(ref, { ...fault, severity: "warning" });
  }

  #add({ line, column, path }: RuleRef, fault: Fault): void {
    this.#problems.add({ ...fault, line, column, path });
  }
}

function speaksOfArguments({ paths, commands, urls, dialect }: InspectSettings): boolean {
  return [paths, commands, urls, dialect].some((group) => group !== undefined);
}

const NO_ROOTS: Fault = {
  code: "no-roots",
  message: "This path is not held against folders: no roots are named",
  hint: "Add inspect: { paths: { roots: [/srv/project] } }",
};

const PROFILE_HINT = "Say what may run: inspect: { commands: { default: { allow: [git, ls] } } }";

/** Kinds that are held against folders. */
function namesAPath({ kind }: DeclaredKind): boolean {
  return kind === "path" || kind === "workdir";
}
