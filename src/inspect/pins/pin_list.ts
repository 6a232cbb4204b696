/**
 * A list of tools beside what is pinned: which are new, which are refused, and why.
 * @module
 */

import { type JsonObject, stringMember } from "../../base/json.ts";
import { changedFields } from "./compare.ts";
import { type Digest, fingerprintTool, type ServerPins, type ToolPin } from "./fingerprint.ts";
import { examineNames, type NameFault } from "./names.ts";

/** Why a tool may be neither seen nor called. */
export type ToolFault =
  | NameFault
  /** It is not what was pinned. */
  | {
    readonly kind: "changed";
    readonly name: string;
    /** Members that differ; empty where what was pinned was too large to keep. */
    readonly fields: readonly string[];
  }
  /** The server has more tools than are pinned. */
  | { readonly kind: "too-many"; readonly name: string; readonly max: number };

/** A list, compared. */
export interface PinnedList {
  /** Each tool as it is listed; of a name that is repeated, the first. */
  readonly listed: ServerPins;
  /** Those that are not pinned and may be. */
  readonly fresh: ServerPins;
  /** In the order of the list. */
  readonly faults: ReadonlyMap<string, ToolFault>;
}

/** What a list is compared with. */
export interface PinListOptions {
  /** The pins of the server; a name that is pinned was taken by the operator as it is. */
  readonly locked: ServerPins;
  readonly digest: Digest;
}

/** Real servers have tens; a lock file stays readable. */
const MAX_TOOLS = 10_000;

/**
 * Compares a list, or one page of it, with what is pinned: names first, then what stands under them.
 * What is pinned and not listed may stand on another page, and is left as it is.
 */
export function pinList(
  tools: readonly JsonObject[],
  { locked, digest }: PinListOptions,
): PinnedList {
  const names: string[] = [];
  const listed = new Map<string, ToolPin>();
  for (const tool of tools) {
    const name = stringMember(tool, "name");
    if (name === undefined) continue;
    names.push(name);
    if (!listed.has(name)) listed.set(name, fingerprintTool(tool, { name, digest }));
  }
  const faults = new Map<string, ToolFault>();
  for (const fault of examineNames(names, locked.keys())) faults.set(fault.name, fault);
  const fresh = new Map<string, ToolPin>();
  for (const [name, pin] of listed) {
    if (faults.has(name)) continue;
    const before = locked.get(name);
    if (before === undefined) {
      if (locked.size + fresh.size < MAX_TOOLS) fresh.set(name, pin);
      else faults.set(name, { kind: "too-many", name, max: MAX_TOOLS });
    } else if (before.hash !== pin.hash) {
      faults.set(name, { kind: "changed", name, fields: changedFields(before, pin) });
    }
  }
  return { listed, fresh, faults };
}

/** Why a tool is refused; completes "the tool …". */
export function faultText(fault: ToolFault): string {
  switch (fault.kind) {
    case "grammar":
      return "has a name outside the protocol's grammar (1 to 128 of A-Z, a-z, 0-9, _, -, .)";
    case "repeated":
      return "is listed more than once";
    case "look-alike":
      return `has a name that could be taken for ${JSON.stringify(fault.other)}`;
    case "changed": {
      const where = fault.fields.length === 0 ? "" : ` (${fault.fields.join(", ")})`;
      return `has changed since it was pinned${where}`;
    }
    case "too-many":
      return `is one of more than ${fault.max} tools of its server`;
  }
}
