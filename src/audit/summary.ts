/**
 * What an audit says was refused, or would have been, counted by what it was about.
 * @module
 */

import { isObject, type JsonObject, member, objectMember, stringMember } from "../base/json.ts";
import { readLines } from "./read_lines.ts";

/** Refusals that have everything in common but their time and their arguments. */
export interface RefusalGroup {
  /** True when it was forwarded all the same, and only recorded. */
  readonly observed: boolean;
  /** Code of the reason: `not_permitted`. */
  readonly reason: string;
  /** Which rule of the inspection spoke: `path-outside-roots`. */
  readonly finding: string | null;
  /** `tool`, `prompt`, `resource` or `server`; null when the message named nothing. */
  readonly kind: string | null;
  /** The upstream's name. */
  readonly server: string | null;
  /** Name of the tool, URI of the resource, or the method. */
  readonly name: string | null;
  readonly action: string | null;
  /** JSON pointer of the argument. */
  readonly pointer: string | null;
  /** Places of the policy's rules that decided. */
  readonly rules: readonly string[];
  readonly principals: readonly string[];
  readonly count: number;
  readonly firstTime: string;
  readonly lastTime: string;
}

/** An audit in numbers. */
export interface AuditSummary {
  /** Messages from either side. */
  readonly messages: number;
  readonly allowed: number;
  readonly refused: number;
  /** Forwarded, though it would have been refused. */
  readonly wouldRefuse: number;
  /** Most frequent first. */
  readonly groups: readonly RefusalGroup[];
  /** Refusals of further kinds than are told apart. */
  readonly ungrouped: number;
  /** Lines that could not be read. */
  readonly unreadable: number;
}

/** Kinds of refusals that are told apart. */
const MAX_GROUPS = 10_000;
/** Principals named for one of them. */
const MAX_PRINCIPALS = 20;

interface OpenGroup extends RefusalGroup {
  count: number;
  lastTime: string;
  readonly principals: string[];
}

/**
 * Reads audit files and counts; holds no more than the groups.
 *
 * @throws What opening or reading a file throws.
 */
export async function summariseAudit(files: readonly string[]): Promise<AuditSummary> {
  const sums = { messages: 0, allowed: 0, refused: 0, wouldRefuse: 0, ungrouped: 0, unreadable: 0 };
  const groups = new Map<string, OpenGroup>();
  const decoder = new TextDecoder();
  const line = (bytes: Uint8Array) => {
    const entry = readEntry(decoder.decode(bytes));
    if (entry === undefined) sums.unreadable++;
    else if (stringMember(entry, "type") === "message") {
      sums.messages++;
      const observed = stringMember(entry, "would") === "deny";
      if (stringMember(entry, "effect") === "allow" && !observed) sums.allowed++;
      else {
        if (observed) sums.wouldRefuse++;
        else sums.refused++;
        if (!added(groups, groupOf(entry, observed))) sums.ungrouped++;
      }
    }
  };
  const unread = () => {
    sums.unreadable++;
  };
  for (const file of files) await readLines(file, { line, longLine: unread, rest: unread });
  return { ...sums, groups: [...groups.values()].sort((a, b) => b.count - a.count) };
}

function readEntry(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && member(value, "v") === 1 ? value : undefined;
  } catch {
    return undefined; // no JSON, so no line of an audit
  }
}

function groupOf(entry: JsonObject, observed: boolean): OpenGroup {
  const resource = objectMember(entry, "resource");
  const rules = member(entry, "rules");
  const time = stringMember(entry, "time") ?? "";
  return {
    observed,
    reason: stringMember(entry, "reason") ?? "unknown",
    finding: stringMember(entry, "finding") ?? null,
    kind: stringMember(resource, "kind") ?? null,
    server: stringMember(resource, "server") ?? null,
    name: stringMember(resource, "name") ?? stringMember(entry, "method") ?? null,
    action: stringMember(entry, "action") ?? null,
    pointer: stringMember(entry, "pointer") ?? null,
    rules: Array.isArray(rules) ? rules.filter((rule) => typeof rule === "string") : [],
    principals: [stringMember(entry, "principal") ?? "unknown"],
    count: 1,
    firstTime: time,
    lastTime: time,
  };
}

/** Counts a refusal in its group; false when there is no room for another group. */
function added(groups: Map<string, OpenGroup>, one: OpenGroup): boolean {
  const { observed, reason, finding, kind, server, name, action, pointer, rules } = one;
  const key = JSON.stringify([
    observed,
    reason,
    finding,
    kind,
    server,
    name,
    action,
    pointer,
    rules,
  ]);
  const group = groups.get(key);
  if (group === undefined) {
    if (groups.size >= MAX_GROUPS) return false;
    groups.set(key, one);
    return true;
  }
  group.count++;
  group.lastTime = one.lastTime;
  const [principal = ""] = one.principals;
  if (group.principals.length < MAX_PRINCIPALS && !group.principals.includes(principal)) {
    group.principals.push(principal);
  }
  return true;
}
