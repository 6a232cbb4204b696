/**
 * A detector for every kind, loaded when the first argument of that kind is known.
 * @module
 */

import type { ArgumentKind, InspectionRules, SqlDialect } from "../access/inspection.ts";
import type { CommandSurroundings } from "./arguments/command.ts";
import type { Objection } from "./objection.ts";
import { type Examine, examineInWindows } from "./windows.ts";

/** Looks at one value of its kind. */
export type Detector =
  | { readonly on: "text"; readonly examine: Examine }
  /** A command together with what the same call says of how it is run. */
  | {
    readonly on: "command";
    examine(text: string, around: CommandSurroundings): Objection | undefined;
  }
  /** All strings of an array together; one text instead is split as a shell would, whoever takes it. */
  | {
    readonly on: "words";
    readonly examineText: Examine;
    examine(words: readonly string[]): Objection | undefined;
  };

/** What the detectors go by. */
export interface DetectorRules extends InspectionRules {
  /** UTF-16 units of text that one detector reads at once. */
  readonly maxScan: number;
}

const NOTHING: Detector = { on: "text", examine: () => undefined };

/** Makes the detectors of one upstream; each is made once. */
export class Detectors {
  readonly #rules: DetectorRules;
  readonly #made = new Map<string, Promise<Detector>>();

  constructor(rules: DetectorRules) {
    this.#rules = rules;
  }

  /** The dialect of SQL where nothing is said. */
  get dialect(): SqlDialect {
    return this.#rules.dialect;
  }

  /** The detector of a kind; `undefined` stands for a kind that nobody knows. */
  of(kind: ArgumentKind | undefined): Promise<Detector> {
    const key = kind === undefined ? "unknown" : Object.values(kind).join(" ");
    let made = this.#made.get(key);
    if (made === undefined) {
      made = kind === undefined ? this.#unknown() : this.#make(kind);
      this.#made.set(key, made);
      // What could not be loaded is tried again at the next call.
      made.catch(() => this.#made.delete(key));
    }
    return made;
  }

  async #make(kind: ArgumentKind): Promise<Detector> {
    const { paths, urls } = this.#rules;
    switch (kind.kind) {
      case "workdir": // the command's detector goes by it too
      case "path": {
        if (paths === undefined) return await this.#unknown();
        const { examinePath } = await import("./arguments/path.ts");
        const { examinePathOnDisk } = await import("./arguments/path_on_disk.ts");
        const onDisk = (text: string) => paths.local ? examinePathOnDisk(text, paths) : undefined;
        return { on: "text", examine: (text) => examinePath(text, paths) ?? onDisk(text) };
      }
      case "command": {
        const profile = this.#rules.commands.get(kind.profile);
        if (profile === undefined) return { on: "text", examine: () => noProfile(kind.profile) };
        const { examineCommand } = await import("./arguments/command.ts");
        return {
          on: "command",
          examine: (text, around) => examineCommand(text, profile, around),
        };
      }
      case "argv": {
        const profile = this.#rules.commands.get(kind.profile);
        if (profile === undefined) {
          const examine = () => noProfile(kind.profile);
          return { on: "words", examine, examineText: examine };
        }
        const { examineArgv } = await import("./arguments/argv.ts");
        const { examineCommand } = await import("./arguments/command.ts");
        return {
          on: "words",
          examine: (words) => examineArgv(words, profile),
          examineText: (text) => examineCommand(text, profile),
        };
      }
      case "shellarg": {
        const { examineShellarg } = await import("./arguments/shellarg.ts");
        return { on: "text", examine: examineShellarg };
      }
      case "sql": {
        const { loadSql } = await import("../grammar/sql.ts");
        const { examineSql } = await import("./arguments/sql.ts");
        const { profile } = kind;
        const parser = await loadSql(kind.dialect);
        return { on: "text", examine: (text) => examineSql(text, { profile, parser }) };
      }
      case "sqlvalue": {
        const { examineSqlvalue } = await import("./arguments/sqlvalue.ts");
        return { on: "text", examine: examineSqlvalue };
      }
      case "url": {
        const { examineUrl } = await import("./arguments/url.ts");
        const { carriedSecretInAny } = await import("../grammar/carried_secrets.ts");
        const hasSecret = (texts: readonly string[]) => carriedSecretInAny(texts) !== undefined;
        const options = { rules: urls, hasSecret };
        return { on: "text", examine: (text) => examineUrl(text, options) };
      }
      case "host": {
        const { examineHost } = await import("./arguments/host.ts");
        return { on: "text", examine: (text) => examineHost(text, urls) };
      }
      case "text": {
        const { examineText } = await import("./arguments/text.ts");
        return this.#inWindows(examineText);
      }
      case "stdin": // the command's detector reads it too
      case "code": {
        const { examineCode } = await import("./arguments/code.ts");
        return this.#inWindows(examineCode);
      }
      case "regex":
      case "id":
      case "opaque":
        return NOTHING; // the universal checks are all
    }
  }

  async #unknown(): Promise<Detector> {
    const { examineUnknown } = await import("./arguments/unknown.ts");
    return this.#inWindows(examineUnknown);
  }

  #inWindows(examine: Examine): Detector {
    const max = this.#rules.maxScan;
    return { on: "text", examine: (text) => examineInWindows(text, { max, examine }) };
  }
}

function noProfile(name: string): Objection {
  return {
    rule: "command-no-profile",
    detail: `is a command, and the policy has no profile ${JSON.stringify(name)} for commands`,
  };
}
