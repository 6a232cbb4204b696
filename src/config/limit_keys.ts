/**
 * The limits of `aegis.yaml`: every bound of `base/limits.ts`, in the units of flags and variables.
 * @module
 */

import { type LimitName, LIMITS, type LimitSpec } from "../base/limits.ts";
import { namesIn, type ScalarNode, type YamlNode } from "../yaml/node.ts";
import type { Field, RecordShape } from "../yaml/shape.ts";
import { quoted } from "../yaml/shape_faults.ts";
import { describeRange, parseLimit } from "./limits.ts";

/** A time is written in seconds, so that its key does not say `Ms`. */
export function limitKey(name: LimitName): string {
  return name.replace(/Ms$/, "");
}

const NAMES = Object.keys(LIMITS) as LimitName[];

/** The mapping of limits. */
export const LIMIT_KEYS: RecordShape = {
  type: "record",
  what: "the limits",
  keys: Object.fromEntries(NAMES.map((name) => [limitKey(name), fieldOf(LIMITS[name])])),
};

/** The limits that a mapping sets, each in its own unit; what does not fit is left out. */
export function limitsIn(node: YamlNode | undefined): { readonly [name in LimitName]?: number } {
  const limits: { [name in LimitName]?: number } = {};
  for (const [key, value] of namesIn(node)) {
    const name = NAMES.find((each) => limitKey(each) === key);
    if (name === undefined || value.kind !== "scalar") continue;
    const number = parseLimit(LIMITS[name], value.text);
    if (number !== undefined) limits[name] = number;
  }
  return limits;
}

function fieldOf(spec: LimitSpec): Field {
  const isSwitch = spec.unit === "boolean";
  return {
    shape: {
      type: "scalar",
      what: describeRange(spec),
      sorts: isSwitch ? ["boolean"] : spec.unit === "bytes" ? ["string", "number"] : ["number"],
      fault: ({ key, text }: ScalarNode) =>
        parseLimit(spec, text) !== undefined ? undefined : {
          code: "bad-limit",
          message: `"${key}" must be ${describeRange(spec)}: found ${quoted(text)}`,
          ...(spec.unit === "bytes"
            ? { hint: "Sizes are bytes, or written like 64KiB, 10MB, 1GB" }
            : {}),
        },
    },
    brief: `${spec.brief}: ${describeRange(spec)}`,
  };
}
