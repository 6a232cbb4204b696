/**
 * From JSON to the values of CEL: whole numbers become ints, objects become maps without a
 * prototype's names.
 * @module
 */

import { isObject, isRawNumber, type JsonObject, type JsonValue, member } from "../base/json.ts";
import type { ReadPlan } from "./condition_reads.ts";
import type { ConditionContext, ConditionInput } from "./condition_types.ts";

/** A value that CEL takes. */
export type CelValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Date
  | readonly CelValue[]
  | ReadonlyMap<string, CelValue>;

/** How much was made ready. */
export interface Tally {
  /** UTF-16 units of texts and names. */
  chars: number;
  values: number;
}

const MAX_VALUES = 100_000; // made ready in 10 ms
// CEL keeps a type for every shape of nested lists and maps that it compares: 2 ^ depth of them.
const MAX_DEPTH = 8;
const INT = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** The arguments, as far as they are read. @throws {RangeError} for what a condition cannot hold. */
export function argumentValues(
  args: JsonObject,
  { plan, tally }: { readonly plan: ReadPlan; readonly tally: Tally },
): CelValue {
  return celValue(args, { plan, tally, depth: 0 });
}

/** The principal. @throws {RangeError} for claims that a condition cannot hold. */
export function principalValues(
  { id, kind, roles, scopes, claims = {} }: ConditionInput["principal"],
  { plan, tally }: { readonly plan: ReadPlan; readonly tally: Tally },
): CelValue {
  const claimPlan = plan.whole ? plan : plan.members.get("claims");
  tally.values += roles.size + scopes.size;
  return new Map<string, CelValue>([
    ["name", id],
    ["kind", kind],
    ["roles", [...roles]],
    ["scopes", [...scopes]],
    [
      "claims",
      claimPlan === undefined ? new Map() : celValue(claims, { plan: claimPlan, tally, depth: 0 }),
    ],
  ]);
}

/** The circumstances. */
export function contextValues({ timeMs, annotations, ...texts }: ConditionContext): CelValue {
  const hints = Object.entries(annotations).filter(([, hint]) => typeof hint === "boolean");
  return new Map<string, CelValue>([
    ...Object.entries(texts),
    ["time", new Date(timeMs)],
    ["annotations", new Map(hints)],
  ]);
}

interface Work {
  readonly plan: ReadPlan;
  readonly tally: Tally;
  readonly depth: number;
}

function celValue(value: JsonValue, { plan, tally, depth }: Work): CelValue {
  if (++tally.values > MAX_VALUES) throw new RangeError("Cannot hold more values");
  if (depth > MAX_DEPTH) throw new RangeError("Cannot hold values nested deeper");
  if (typeof value === "string") {
    tally.chars += value.length;
    return value;
  }
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value === "boolean") return value;
  if (isRawNumber(value)) return numberOf(value.rawJSON);
  if (isObject(value)) return mapOf(value, { plan, tally, depth });
  if (!plan.whole) return [];
  return value.map((item) => celValue(item, { plan, tally, depth: depth + 1 }));
}

/** Own members only. INVARIANT: no name of a prototype is found in a map. */
function mapOf(object: JsonObject, { plan, tally, depth }: Work): CelValue {
  const map = new Map<string, CelValue>();
  for (const name of plan.whole ? Object.keys(object) : plan.members.keys()) {
    const value = member(object, name);
    if (value === undefined) continue;
    // A map literal finds this name in every object.
    if (name === "__proto__") throw new RangeError(`Cannot hold a member named "__proto__"`);
    tally.chars += name.length;
    const own = plan.whole ? plan : plan.members.get(name) ?? plan;
    map.set(name, celValue(value, { plan: own, tally, depth: depth + 1 }));
  }
  return map;
}

/** A number kept as text: an int of 64 bits, or a double of the same decimal value. */
function numberOf(text: string): CelValue {
  if (/^-?[0-9]{1,20}$/.test(text)) {
    const whole = BigInt(text);
    if (whole >= INT.min && whole <= INT.max) return whole;
  } else {
    const double = Number(text);
    if (decimal(text) === decimal(String(double))) {
      return Number.isSafeInteger(double) ? BigInt(double) : double;
    }
  }
  throw new RangeError("Cannot hold a number that neither an int nor a double is equal to");
}

/** One spelling for each decimal value: `1.50` and `15e-1` are both `15e-1`. */
function decimal(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,6}))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`;
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end--;
  let start = 0;
  while (start < end && digits[start] === "0") start++;
  if (start === end) return whole === "" ? text : "0";
  const scale = Number(exponent) - fraction.length + digits.length - end;
  return `${sign}${digits.slice(start, end)}e${scale}`;
}
