/**
 * The text of one audit line, up to its `prev` and `hash`.
 *
 * One JSON object, members in a fixed order. What many lines have in common stands first, so that it
 * is formatted and hashed once. Every text is bounded, whatever a message holds.
 * @module
 */

import type { RuleRef } from "../access/decision.ts";
import type { Resource } from "../access/request.ts";
import type { Step } from "../access/verdict.ts";
import type { JsonObject } from "../base/json.ts";
import type { AuditEntry, EventEntry, MessageEntry, NoiseEntry } from "./entry.ts";
import { decimal, tenths, threeDigits } from "./decimal.ts";
import { Cuts, quote, quoteAll, visible } from "./quote.ts";

/** No line is longer, its newline included; who reads lines need hold no more. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** UTF-16 units kept of one name, id, URI or method. */
export const MAX_NAME = 1024;
const MAX_DETAIL = 2048;
const MAX_ITEM = 256;
/** Roles, rules, steps and changes kept of one message. */
const MAX_ITEMS = 32;
/** UTF-16 units kept of the arguments; each takes at most six bytes. */
const MAX_ARGUMENTS = 64 * 1024;
const MAX_EVENT_DETAIL = 16 * 1024;

/** What the lines of equal messages begin with: who wanted what of whom, and what became of it. */
export interface Head {
  readonly text: string;
  readonly cuts: Cuts;
}

/** The members of a message's line that are likely the same in many lines. */
export function messageHead(entry: MessageEntry): Head {
  const cuts = new Cuts();
  const { principal, upstream, policy, would } = entry;
  const text = '{"v":1,"type":"message","principal":' +
    quote(principal, { name: "principal", max: MAX_NAME, cuts }) +
    `,"roles":${listText(entry.roles, "roles", cuts)},"upstream":` +
    nameOrNull(upstream, "upstream", cuts) +
    `,"direction":"${entry.direction}","kind":"${entry.kind}"` +
    ',"method":' + nameOrNull(entry.method, "method", cuts) +
    ',"action":' + nameOrNull(entry.action, "action", cuts) +
    ',"resource":' + resourceText(entry.resource, cuts) + `,"effect":"${entry.effect}"` +
    (would === undefined ? "" : `,"would":"${would}"`) +
    `,"disposition":"${entry.disposition}","rules":${rulesText(entry.rules, cuts)},"policy":` +
    quote(policy, { name: "policy", max: MAX_ITEM, cuts }) + ",";
  return { text, cuts };
}

/** The rest of a message's line. */
export function messageBody(entry: MessageEntry, seq: number, head: Head): string {
  const cuts = new Cuts();
  cuts.addAll(head.cuts);
  const { id, reason, detail, pointer, finding, argumentsHash, changes } = entry;
  let text = `"seq":${decimal(seq)},"time":"${isoTime(entry.timeMs)}","trace":` +
    quote(entry.traceId, { name: "trace", max: MAX_ITEM, cuts }) + ',"id":' +
    (typeof id === "number" ? decimal(id) : nameOrNull(id, "id", cuts));
  if (reason !== undefined) {
    text += ',"reason":' + quote(reason, { name: "reason", max: MAX_ITEM, cuts });
  }
  if (detail !== undefined) {
    text += ',"detail":' + quote(detail, { name: "detail", max: MAX_DETAIL, cuts });
  }
  if (pointer !== undefined) {
    text += ',"pointer":' + quote(pointer, { name: "pointer", max: MAX_NAME, cuts });
  }
  if (finding !== undefined) {
    text += ',"finding":' + quote(finding, { name: "finding", max: MAX_ITEM, cuts });
  }
  text += `,"steps":${stepsText(entry.steps, cuts)}`;
  if (argumentsHash !== undefined) {
    text += ',"arguments_hash":' +
      quote(argumentsHash, { name: "arguments_hash", max: MAX_ITEM, cuts });
  }
  if (entry.arguments !== undefined) {
    text += objectText(entry.arguments, { name: "arguments", max: MAX_ARGUMENTS, cuts });
  }
  text += `,"bytes":${decimal(entry.bytes)}`;
  if (changes !== undefined && changes.length > 0) {
    text += `,"changes":${listText(changes, "changes", cuts)}`;
  }
  return text + cuts.toString();
}

/** The line of an entry that is no message. */
export function otherLine(entry: NoiseEntry | EventEntry, seq: number): string {
  const cuts = new Cuts();
  const start = `{"v":1,"type":"${entry.type}","seq":${decimal(seq)},"time":"${
    isoTime(entry.timeMs)
  }"`;
  switch (entry.type) {
    case "noise":
      return start + ',"upstream":' + nameOrNull(entry.upstream, "upstream", cuts) +
        `,"count":${decimal(entry.count)},"bytes":${decimal(entry.bytes)},"sample":` +
        quote(entry.sample, { name: "sample", max: MAX_NAME, cuts }) + cuts.toString();
    case "event":
      return start + ',"event":' + quote(entry.event, { name: "event", max: MAX_ITEM, cuts }) +
        objectText(entry.detail, { name: "detail", max: MAX_EVENT_DETAIL, cuts }) +
        cuts.toString();
  }
}

/** Tells whether an entry is about a message. */
export function isMessage(entry: AuditEntry): entry is MessageEntry {
  return entry.type === "message";
}

let secondMs = NaN;
let secondText = "";

/**
 * A time as `2026-01-31T12:00:00.000Z`.
 *
 * @throws {RangeError} when it is no time.
 */
export function isoTime(timeMs: number): string {
  const ms = Math.floor(timeMs);
  const inSecond = ((ms % 1000) + 1000) % 1000;
  if (ms - inSecond !== secondMs) {
    secondText = new Date(ms - inSecond).toISOString().slice(0, -4);
    secondMs = ms - inSecond;
  }
  return `${secondText}${threeDigits(inSecond)}Z`;
}

function nameOrNull(text: string | null, name: string, cuts: Cuts): string {
  return text === null ? "null" : quote(text, { name, max: MAX_NAME, cuts });
}

function resourceText(resource: Resource | null, cuts: Cuts): string {
  if (resource === null) return "null";
  const { kind, server, name, template } = resource;
  return `{"kind":"${kind}","server":${nameOrNull(server, "resource.server", cuts)},"name":` +
    quote(name, { name: "resource.name", max: MAX_NAME, cuts }) +
    (template === true ? ',"template":true}' : "}");
}

const ruleTexts = new WeakMap<RuleRef, string>();

function rulesText(rules: readonly RuleRef[], cuts: Cuts): string {
  if (rules.length === 0) return "[]";
  if (rules.length > MAX_ITEMS) cuts.add("rules", rules.length);
  let text = "";
  for (const rule of rules.length > MAX_ITEMS ? rules.slice(0, MAX_ITEMS) : rules) {
    let known = ruleTexts.get(rule);
    if (known === undefined) {
      // Names of files are the operator's own; the end of a long one says more than its start.
      known = quoteAll(`${rule.file.slice(-MAX_ITEM)}:${rule.line}:${rule.column}`);
      ruleTexts.set(rule, known);
    }
    text += text === "" ? known : `,${known}`;
  }
  return `[${text}]`;
}

/** Microseconds by check; a check that was asked twice has the sum. */
function stepsText(steps: readonly Step[], cuts: Cuts): string {
  if (steps.length > MAX_ITEMS) cuts.add("steps", steps.length);
  const end = Math.min(steps.length, MAX_ITEMS);
  let text = "";
  for (let i = 0; i < end; i++) {
    const { check, us } = steps[i];
    let sum = us;
    let first = i;
    for (let j = 0; j < end; j++) {
      if (j === i || steps[j].check !== check) continue;
      if (j < first) first = j;
      sum += steps[j].us;
    }
    if (first < i) continue;
    text += (text === "" ? "" : ",") + quote(check, { name: "steps", max: MAX_ITEM, cuts }) +
      `:${tenths(sum)}`;
  }
  return `{${text}}`;
}

function listText(items: readonly string[], name: string, cuts: Cuts): string {
  if (items.length > MAX_ITEMS) cuts.add(name, items.length);
  const kept = items.slice(0, MAX_ITEMS).map((item) => quote(item, { name, max: MAX_ITEM, cuts }));
  return `[${kept.join()}]`;
}

/** `,"name":{…}`, or the first part of its text as a string when it is longer than the bound. */
function objectText(
  object: JsonObject,
  { name, max, cuts }: { readonly name: string; readonly max: number; readonly cuts: Cuts },
): string {
  const json = JSON.stringify(object);
  return json.length <= max
    ? `,"${name}":${visible(json)}`
    : `,"${name}_start":${quote(json, { name, max, cuts })}`;
}
