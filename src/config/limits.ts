/**
 * Bounds as the operator sets them: flag over environment over file over default.
 *
 * Every variable exists with two prefixes: `AEGIS_` and, from version 1, `GUARDIAN_`; the former
 * wins. Durations are in seconds there. An empty variable counts as unset.
 * @module
 */

import {
  type LimitName,
  LIMITS,
  type Limits,
  type LimitSpec,
  resolveLimits,
} from "../base/limits.ts";
import { formatBytes, parseBoolean, parseBytes, parseSeconds, parseWhole } from "./units.ts";

/** Where values may come from. */
export interface LimitSources {
  /** Text by flag name, without dashes. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  /** Text by variable name, prefix included; only {@linkcode LIMIT_VARIABLES} are read. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What a file says, read already. */
  readonly file?: { readonly [name in LimitName]?: number };
}

/** A value that cannot be used. */
export interface LimitFault {
  readonly source: "flag" | "environment";
  /** `--max-depth` or `AEGIS_MAX_NESTING_DEPTH`. */
  readonly name: string;
  /** Names the wanted range and the value given. */
  readonly message: string;
  readonly hint?: string;
}

/** What was read; `limits` holds only when there are no faults. */
export interface LimitReading {
  readonly limits: Limits;
  readonly faults: readonly LimitFault[];
  /** Sentences for the log. */
  readonly warnings: readonly string[];
}

const PREFIXES = ["AEGIS_", "GUARDIAN_"] as const;

const SPECS: readonly (readonly [LimitName, LimitSpec])[] = Object.entries(LIMITS) as [
  LimitName,
  LimitSpec,
][];

/** Every variable that {@linkcode readLimits} looks at. */
export const LIMIT_VARIABLES: readonly string[] = SPECS.flatMap(([, { env }]) =>
  env === undefined ? [] : PREFIXES.map((prefix) => prefix + env)
);

/** Reads every bound; reports all faults at once. */
export function readLimits(
  { flags = {}, environment = {}, file = {} }: LimitSources,
): LimitReading {
  const wanted: { -readonly [name in LimitName]?: number } = { ...file };
  const faults: LimitFault[] = [];
  const warnings: string[] = [];
  const take = (limit: LimitName, given: Given) => {
    const value = parseLimit(LIMITS[limit], given.text);
    if (value === undefined) faults.push(fault(LIMITS[limit], given));
    else wanted[limit] = value;
  };
  for (const [limit, { env, flag }] of SPECS) {
    if (env !== undefined) {
      const [first, second] = given(env, environment);
      if (first !== undefined) take(limit, first);
      if (first !== undefined && second !== undefined && first.text !== second.text) {
        warnings.push(`${first.name} wins over ${second.name}, which has another value`);
      }
    }
    const text = flag === undefined ? undefined : own(flags, flag);
    if (text !== undefined) take(limit, { source: "flag", name: `--${flag}`, text });
  }
  return { limits: resolveLimits(faults.length === 0 ? wanted : {}), faults, warnings };
}

/** The range of a bound in the unit an operator writes. */
export function describeRange({ unit, min, max }: LimitSpec): string {
  switch (unit) {
    case "bytes":
      return `${formatBytes(min)} to ${formatBytes(max)}`;
    case "ms":
      return `${min / 1000} to ${max / 1000} (seconds)`;
    case "boolean":
      return "true or false";
    case "levels":
    case "values":
    case "members":
    case "requests":
    case "connections":
    case "streams":
      return `${min} to ${max} (${unit})`;
  }
}

/** A text somebody wrote for a bound. */
interface Given {
  readonly source: LimitFault["source"];
  readonly name: string;
  readonly text: string;
}

/** The variables of both prefixes that are set, the winner first. */
function given(env: string, environment: Readonly<Record<string, string | undefined>>): Given[] {
  const found: Given[] = [];
  for (const prefix of PREFIXES) {
    const name = prefix + env;
    const text = own(environment, name)?.trim();
    if (text !== undefined && text !== "") found.push({ source: "environment", name, text });
  }
  return found;
}

function own(record: Readonly<Record<string, string | undefined>>, name: string) {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Reads a bound as an operator writes it; `undefined` when it is none or out of its range. */
export function parseLimit(spec: LimitSpec, text: string): number | undefined {
  const value = parseUnit(spec.unit, text);
  return value === undefined || value < spec.min || value > spec.max ? undefined : value;
}

function parseUnit(unit: LimitSpec["unit"], text: string): number | undefined {
  switch (unit) {
    case "bytes":
      return parseBytes(text);
    case "ms":
      return parseSeconds(text);
    case "boolean":
      return parseBoolean(text);
    case "levels":
    case "values":
    case "members":
    case "requests":
    case "connections":
    case "streams":
      return parseWhole(text);
  }
}

function fault(spec: LimitSpec, { source, name, text }: Given): LimitFault {
  const shown = JSON.stringify(text.slice(0, 80));
  const message = `Cannot set ${name} as it must be ${
    describeRange(spec)
  }: current value is ${shown}`;
  return spec.unit === "bytes"
    ? { source, name, message, hint: "Sizes are bytes, or written like 64KiB, 10MB, 1GB" }
    : { source, name, message };
}
