/**
 * Paths that lead where the agent may not be, judged by their text alone.
 * @module
 */

import type { PathRules } from "../../access/inspection.ts";
import { findExpansion } from "../../grammar/expansion.ts";
import { resolvePath } from "../../grammar/path.ts";
import { pathReadings } from "../../grammar/path_readings.ts";
import type { Objection } from "../objection.ts";
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
 * What is wrong with a path, if anything. The value is judged as it stands and again as everything
 * that decoding, folding of look-alikes and `\` as a separator make of it; each reading must stay in
 * the roots, clear of what is denied, and free of controls and of what a shell would replace.
 *
 * Links are not followed: {@linkcode examinePathOnDisk} does that where the proxy sees the files.
 */
export function examinePath(value: string, rules: PathRules): Objection | undefined {
  if (value.length > MAX_PATH_LENGTH) return TOO_LONG;
  const ready = prepareRules(rules);
  for (const reading of pathReadings(value)) {
    const objection = examineReading(reading, ready);
    if (objection !== undefined) return reading === value ? objection : onceDecoded(objection);
  }
  return undefined;
}

const TOO_LONG: Objection = {
  rule: "path-too-long",
  detail: `is longer than ${MAX_PATH_LENGTH} characters`,
};

function examineReading(reading: string, rules: PreparedRules): Objection | undefined {
  // NFKC spells some characters with eighteen.
  if (reading.length > MAX_PATH_LENGTH) return TOO_LONG;
  if (CONTROL.test(reading)) {
    return { rule: "path-control", detail: "holds a control character" };
  }
  const expansion = findExpansion(reading);
  if (expansion !== undefined) {
    return { rule: "path-expansion", detail: "holds something that a shell would replace" };
  }
  for (const route of routesOf(reading, rules)) {
    const objection = isObjection(route) ? route : examineRoute(route, rules);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

/** C0, DEL, C1. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

function examineRoute(route: Route, rules: PreparedRules): Objection | undefined {
  if (rules.drives && route.segments.some(isAmbiguousName)) {
    return { rule: "path-ambiguous", detail: "holds a name that Windows reads as another one" };
  }
  return placeObjection(resolvePath(route.from, route.segments), rules);
}

/** Win32 leaves out dots and spaces at a name's end, and `name:stream` opens another part of `name`. */
function isAmbiguousName(name: string): boolean {
  if (name === "." || name === "..") return false;
  return name.endsWith(".") || name.endsWith(" ") || name.includes(":");
}

function onceDecoded({ rule, detail }: Objection): Objection {
  return { rule, detail: `${detail}, once it is decoded` };
}
