/**
 * What changed since a server was pinned.
 * @module
 */

import { canonicalJson } from "../../base/canonical_json.ts";
import { type JsonObject, member } from "../../base/json.ts";
import { type Difference, differences } from "./difference.ts";
import type { ServerPins, ToolPin } from "./fingerprint.ts";

/** One tool that is not what was pinned. */
export type PinChange =
  /** Not pinned. */
  | { readonly kind: "new"; readonly name: string }
  /** Pinned, and another thing by now. */
  | {
    readonly kind: "changed";
    readonly name: string;
    /** Empty where the pinned definition was too large to keep. */
    readonly differences: readonly Difference[];
    /** Whether there are more differences than are given. */
    readonly more: boolean;
  }
  /** Pinned, and no longer listed. */
  | { readonly kind: "gone"; readonly name: string };

/** Compares what is listed with what was pinned: listed tools in their order, then those that are gone. */
export function comparePins(locked: ServerPins, listed: ServerPins): readonly PinChange[] {
  const changes: PinChange[] = [];
  for (const [name, pin] of listed) {
    const before = locked.get(name);
    if (before === undefined) changes.push({ kind: "new", name });
    else if (before.hash !== pin.hash) changes.push(changed(name, { before, after: pin }));
  }
  for (const name of locked.keys()) {
    if (!listed.has(name)) changes.push({ kind: "gone", name });
  }
  return changes;
}

/** What people know of a tool; a server may add anything. */
const FIELDS = ["title", "description", "inputSchema", "outputSchema", "annotations"];
const OTHER = "another member";

/**
 * The members of a tool that differ, in words of ours alone; none where what was pinned was too
 * large to keep.
 */
export function changedFields(before: ToolPin, after: ToolPin): readonly string[] {
  const [old, current] = [before.definition, after.definition];
  if (old === undefined || current === undefined) return [];
  const names = new Set([...Object.keys(old), ...Object.keys(current)]);
  const changed = [...names].filter((name) => textOf(old, name) !== textOf(current, name));
  const known = FIELDS.filter((field) => changed.includes(field));
  return known.length === changed.length ? known : [...known, OTHER];
}

function textOf(definition: JsonObject, field: string): string | undefined {
  const value = member(definition, field);
  return value === undefined ? undefined : canonicalJson(value);
}

function changed(
  name: string,
  { before, after }: { readonly before: ToolPin; readonly after: ToolPin },
): PinChange {
  if (before.definition === undefined || after.definition === undefined) {
    return { kind: "changed", name, differences: [], more: true };
  }
  const { shown, more } = differences(before.definition, after.definition);
  return { kind: "changed", name, differences: shown, more };
}
