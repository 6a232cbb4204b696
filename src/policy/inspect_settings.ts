/**
 * The groups of `inspect:` as the operator writes them.
 * @module
 */

import type { RuleRef } from "../access/decision.ts";
import type {
  CommandProfile,
  PathRules,
  ResultRules,
  SqlDialect,
  UrlRules,
} from "../access/inspection.ts";

/** `inspect:` as written; an absent group is left to whoever speaks next. */
export interface InspectSettings {
  readonly ref: RuleRef;
  readonly paths: PathSettings | undefined;
  readonly commands: ReadonlyMap<string, ProfileSettings> | undefined;
  readonly urls: UrlRules | undefined;
  readonly dialect: SqlDialect | undefined;
  readonly results: ResultRules | undefined;
}

/** The group `paths`. */
export interface PathSettings extends Omit<PathRules, "roots" | "local"> {
  readonly roots: readonly string[] | undefined;
  readonly local: boolean | undefined;
}

/** One profile of the group `commands`; its folders are those of `paths`. */
export interface ProfileSettings extends Omit<CommandProfile, "cwd" | "home" | "writeRoots"> {
  /** Absent: the roots of `paths`. */
  readonly writeRoots: readonly string[] | undefined;
}
