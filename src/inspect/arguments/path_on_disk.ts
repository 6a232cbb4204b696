/**
 * Paths whose links lead where the agent may not be, judged by what the disk holds.
 *
 * What is judged is the disk as it is at this moment. Between the judgement and the upstream's own
 * opening somebody else may change a link; no proxy can see that. Neither can it see hard links.
 * @module
 */

import type { PathRules } from "../../access/inspection.ts";
import { pathReadings } from "../../grammar/path_readings.ts";
import type { Objection } from "../objection.ts";
import { DiskView, pathText } from "./disk_view.ts";
import {
  isObjection,
  MAX_PATH_LENGTH,
  placeObjection,
  type PreparedRules,
  prepareRules,
  type Route,
  routesOf,
} from "./path_rules.ts";

/**
 * What is wrong with the place that a path leads to once links are followed, if anything; nothing
 * when the rules say that the proxy does not see the files.
 *
 * The longest part that exists is followed link by link, and what does not exist yet is added to it;
 * the roots are followed too. `..` is read both ways, behind a link (the kernel) and before it
 * (programs that normalise first). What cannot be looked at is refused.
 */
export function examinePathOnDisk(value: string, rules: PathRules): Objection | undefined {
  if (!rules.local) return undefined;
  if (value.length > MAX_PATH_LENGTH) return UNRESOLVED;
  const ready = prepareRules(rules);
  const disk = new DiskView(ready.roots);
  if (disk.roots === undefined) return UNRESOLVED;
  const real = prepareRules({ ...rules, roots: disk.roots.map(pathText) });
  for (const reading of pathReadings(value)) {
    const objection = examineReading(reading, { ready, real, disk });
    if (objection !== undefined) return objection;
  }
  return undefined;
}

interface Surroundings {
  readonly ready: PreparedRules;
  /** The same rules over the real places of the roots. */
  readonly real: PreparedRules;
  readonly disk: DiskView;
}

function examineReading(reading: string, around: Surroundings): Objection | undefined {
  for (const route of routesOf(reading, around.ready)) {
    const objection = isObjection(route) ? route : examineRoute(route, around);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

function examineRoute(route: Route, { real, disk }: Surroundings): Objection | undefined {
  const places = disk.follow(route);
  if (places === undefined) return UNRESOLVED;
  for (const place of places) {
    const objection = placeObjection(place, real);
    if (objection?.rule === "path-outside-roots") return LINKED_OUTSIDE;
    if (objection !== undefined) return objection;
  }
  return undefined;
}

const UNRESOLVED: Objection = {
  rule: "path-unresolved",
  detail: "cannot be followed on the disk",
};

const LINKED_OUTSIDE: Objection = {
  rule: "path-link-outside",
  detail: "leads outside the allowed folders through a link",
};
