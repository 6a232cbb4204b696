/**
 * The operator's rules of paths, taken apart once, and what they say of one place.
 * @module
 */

import type { PathRules } from "../../access/inspection.ts";
import {
  isWithin,
  type ParsedPath,
  parsePath,
  type Place,
  resolvePath,
} from "../../grammar/path.ts";
import {
  compilePathGlob,
  type GlobName,
  matchesPathGlob,
  type PathGlob,
} from "../../grammar/path_glob.ts";
import type { Objection } from "../objection.ts";

/** In UTF-16 units: PATH_MAX of Linux, 4096 bytes, with each byte as an escape. */
export const MAX_PATH_LENGTH = 3 * 4096;

/** Rules of paths, ready to be asked. */
export interface PreparedRules {
  readonly roots: readonly Place[];
  /** What relative paths start from; none when there are no roots either. */
  readonly base: Place | undefined;
  readonly deny: readonly PathGlob[];
  readonly except: readonly PathGlob[];
  /** Whether globs are compared without case; on drives always. */
  readonly ignoreCase: boolean;
  /** Whether the roots stand on Windows drives. */
  readonly drives: boolean;
}

/** A path that has not been walked yet: where it starts, and the names to go through. */
export interface Route {
  readonly from: Place;
  readonly segments: readonly string[];
}

const prepared = new WeakMap<PathRules, PreparedRules>();

/** Takes rules apart, once for each object. */
export function prepareRules(rules: PathRules): PreparedRules {
  const known = prepared.get(rules);
  if (known !== undefined) return known;
  const roots = rules.roots.map(placeOf);
  const drives = roots.some((root) => root.drive !== "");
  const ignoreCase = rules.ignoreCase || drives;
  const around: Surroundings = {
    roots,
    home: rules.home === undefined ? undefined : placeOf(rules.home),
    ignoreCase,
  };
  const fresh: PreparedRules = {
    roots,
    base: rules.cwd === undefined ? roots[0] : placeOf(rules.cwd),
    deny: globs(rules.deny, around),
    except: globs(rules.except, around),
    ignoreCase,
    drives,
  };
  prepared.set(rules, fresh);
  return fresh;
}

/**
 * Where a path goes in the tree that the rules speak of, or why it goes nowhere in it: once with `/`
 * alone as a separator, and once with `\\` as another. On drives it always is one.
 */
export function routesOf(path: string, rules: PreparedRules): readonly (Route | Objection)[] {
  const slashes = rules.drives ? [] : [routeOf(parsePath(path, { backslash: false }), rules)];
  if (!rules.drives && !path.includes("\\")) return slashes;
  return [...slashes, routeOf(parsePath(path, { backslash: true }), rules)];
}

function routeOf(path: ParsedPath, rules: PreparedRules): Route | Objection {
  const { start, segments } = path;
  switch (start.kind) {
    case "relative":
      if (rules.base === undefined) return OUTSIDE;
      return { from: rules.base, segments };
    case "root":
      return { from: { drive: rules.base?.drive ?? "", segments: [] }, segments };
    case "drive":
      if (rules.drives && start.rooted) {
        return { from: { drive: start.drive, segments: [] }, segments };
      }
      return { rule: "path-drive", detail: "starts with a drive letter" };
    case "share":
      return { rule: "path-share", detail: "names a folder of another machine" };
    case "home":
      return { rule: "path-home", detail: 'starts with "~", which stands for a home folder' };
    case "url":
      return { rule: "path-url", detail: "is a URL where a path is wanted" };
  }
}

/** What the rules say against a place, if anything: it stands in no root, or is one that stays closed. */
export function placeObjection(place: Place, rules: PreparedRules): Objection | undefined {
  if (!rules.roots.some((root) => isWithin(place, root))) return OUTSIDE;
  const names = namesOf(place, rules);
  if (!rules.deny.some((glob) => matchesPathGlob(glob, names))) return undefined;
  if (rules.except.some((glob) => matchesPathGlob(glob, names))) return undefined;
  return { rule: "path-denied", detail: "names a file that stays closed" };
}

/** Whether a route was refused. */
export function isObjection(route: Route | Objection): route is Objection {
  return "rule" in route;
}

const OUTSIDE: Objection = {
  rule: "path-outside-roots",
  detail: "leads outside the allowed folders",
};

/** A place that the operator wrote. */
function placeOf(text: string): Place {
  const { start, segments } = parsePath(text, { backslash: /^[a-z]:/i.test(text) });
  const drive = start.kind === "drive" ? start.drive : "";
  return resolvePath({ drive, segments: [] }, segments);
}

/** What globs are completed with. */
interface Surroundings {
  readonly roots: readonly Place[];
  readonly home: Place | undefined;
  readonly ignoreCase: boolean;
}

/** A glob that starts neither at the root of the tree, nor with `**`, nor with `~`, is meant below each root. */
function globs(texts: readonly string[], around: Surroundings): readonly PathGlob[] {
  return texts.flatMap((text) => {
    const spelled = around.ignoreCase ? text.toLowerCase() : text;
    const glob = compilePathGlob(spelled.startsWith("~/") ? spelled.slice(2) : spelled);
    if (/^(?:\/|\*\*|[a-z]:)/i.test(spelled)) return [glob];
    const folders = spelled.startsWith("~/") ? [around.home] : around.roots;
    return folders.filter((folder) => folder !== undefined).map((folder) => ({
      names: [...namesOf(folder, around).map(literalName), ...glob.names],
    }));
  });
}

function literalName(name: string): GlobName {
  return { kind: "name", pieces: [name] };
}

/** A place as globs see it: the drive is the first name where there are drives. */
function namesOf(
  { drive, segments }: Place,
  { ignoreCase }: { readonly ignoreCase: boolean },
): readonly string[] {
  const names = drive === "" ? segments : [drive, ...segments];
  return ignoreCase ? names.map((name) => name.toLowerCase()) : names;
}
