/**
 * YAML 1.2 (and so JSON) into nodes with positions. The only file that knows the YAML library: it
 * takes the library's events, and composes them itself, so that every alias, tag, doubled key and
 * odd key is found in one pass.
 * @module
 */

import {
  boolCoreTag,
  COLLECTION_STYLE,
  EVENT_ID,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from "js-yaml";
import type { MapEntry, Place, ScalarNode, ScalarStyle, YamlNode } from "./node.ts";
import { pointerOf, pointerToken } from "./node.ts";
import type { Fault, Problems } from "./problems.ts";
import { quoted } from "./shape_faults.ts";
import { syntaxFault } from "./syntax_faults.ts";
import { type FlowToken, joinFlowLines, standBetween } from "./flow.ts";

/** The files of this program nest about 8 levels. */
const MAX_DEPTH = 32;

/** Reads one document; reports what is wrong. Without a document there is nothing to go on with. */
export function parseYaml(text: string, problems: Problems): YamlNode | undefined {
  try {
    return new Composer(text, problems).compose(eventsOf(text));
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const offset = error.mark?.position ?? 0;
    const fault = syntaxFault(error.reason, { text, offset, maxDepth: MAX_DEPTH });
    problems.atOffset(offset, { ...fault, path: "" });
    return undefined;
  }
}

function eventsOf(text: string): readonly Event[] {
  const options = { maxDepth: MAX_DEPTH };
  try {
    return parseEvents(text, options);
  } catch (error) {
    if (!(error instanceof YAMLException) || !error.reason.includes("deficient")) throw error;
    const { text: joined, blanks } = joinFlowLines(text);
    const events = parseEvents(joined, options);
    if (!standBetween(blanks, { text, tokens: tokensOf(events, text) })) throw error;
    return events;
  }
}

/** Scalars and opening brackets, in the order of the text. */
function tokensOf(events: readonly Event[], text: string): readonly FlowToken[] {
  return events.flatMap((event, i): readonly FlowToken[] => {
    switch (event.type) {
      case EVENT_ID.SCALAR: {
        if (event.valueStart < 0) return [];
        const quote = isQuoted(event) ? 1 : 0;
        return [{ start: event.valueStart - quote, end: event.valueEnd + quote, opens: false }];
      }
      case EVENT_ID.ALIAS:
        return [{ start: event.anchorStart - 1, end: event.anchorEnd, opens: false }];
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        // A pair in a list, [a: b], starts where its key starts and has no bracket of its own.
        const next = events[i + 1];
        const isPair = next !== undefined && "start" in next && next.start === event.start;
        const isBracket = event.style === COLLECTION_STYLE.FLOW && !isPair &&
          (text[event.start] === "[" || text[event.start] === "{");
        return isBracket ? [{ start: event.start, end: event.start + 1, opens: true }] : [];
      }
      default:
        return [];
    }
  });
}

function isQuoted({ style }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
}

function styleOf({ style }: ScalarEvent): ScalarStyle {
  switch (style) {
    case SCALAR_STYLE.SINGLE_QUOTED:
      return "single";
    case SCALAR_STYLE.DOUBLE_QUOTED:
      return "double";
    case SCALAR_STYLE.PLAIN:
      return "plain";
    default:
      return "block";
  }
}

type Event = ReturnType<typeof parseEvents>[number];
type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/** A collection that is being filled. */
type Frame =
  | { readonly kind: "list"; readonly node: YamlNode; readonly items: YamlNode[] }
  | {
    readonly kind: "map";
    readonly node: YamlNode;
    readonly entries: Map<string, MapEntry>;
    key: Key | undefined;
  };

/** A key that waits for its value; without `text` it cannot be used and the value is dropped. */
interface Key {
  readonly text: string | undefined;
  readonly offset: number;
}

class Composer {
  readonly #text: string;
  readonly #problems: Problems;
  readonly #open: Frame[] = [];
  #root: YamlNode | undefined;

  constructor(text: string, problems: Problems) {
    this.#text = text;
    this.#problems = problems;
  }

  compose(events: readonly Event[]): YamlNode | undefined {
    let documents = 0;
    for (const event of events) {
      if (event.type === EVENT_ID.DOCUMENT) {
        if (++documents > 1) break;
      } else if (event.type === EVENT_ID.POP) {
        this.#open.pop();
      } else {
        this.#add(event);
      }
    }
    if (documents > 1) this.#secondDocument();
    return this.#root;
  }

  #add(event: Exclude<Event, { type: typeof EVENT_ID.DOCUMENT | typeof EVENT_ID.POP }>): void {
    const parent = this.#open.at(-1);
    const asKey = parent?.kind === "map" && parent.key === undefined;
    const place = this.#place(event, parent);
    if (event.type === EVENT_ID.ALIAS) {
      this.#alias(event.anchorStart, place);
      this.#attach({ kind: "broken", ...place }, { parent, asKey });
      return;
    }
    if (event.tagStart !== -1) this.#tag(event, place);
    if (event.type === EVENT_ID.SCALAR) {
      this.#attach(this.#scalar(event, place), { parent, asKey });
    } else if (event.type === EVENT_ID.SEQUENCE) {
      const items: YamlNode[] = [];
      const node: YamlNode = { kind: "list", items, ...place };
      this.#attach(node, { parent, asKey });
      this.#open.push({ kind: "list", node, items });
    } else {
      const entries = new Map<string, MapEntry>();
      const node: YamlNode = { kind: "map", entries, ...place };
      this.#attach(node, { parent, asKey });
      this.#open.push({ kind: "map", node, entries, key: undefined });
    }
  }

  #place(event: Event, parent: Frame | undefined): Place {
    const key = parent?.kind === "list" ? parent.items.length : parent?.key?.text;
    return { offset: this.#offset(event, parent), parent: parent?.node, key };
  }

  #offset(event: Event, parent: Frame | undefined): number {
    // A value that is not there stands where its key stands.
    const fallback = (parent?.kind === "map" ? parent.key?.offset : undefined) ??
      parent?.node.offset ?? 0;
    switch (event.type) {
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        return event.start;
      case EVENT_ID.ALIAS:
        return event.anchorStart - 1;
      case EVENT_ID.SCALAR: {
        if (event.valueStart < 0) return fallback;
        return isQuoted(event) ? event.valueStart - 1 : event.valueStart;
      }
      default:
        return fallback;
    }
  }

  #scalar(event: ScalarEvent, place: Place): ScalarNode {
    const text = getScalarValue(this.#text, event);
    const value = event.style === SCALAR_STYLE.PLAIN ? plainValue(text) : text;
    return { kind: "scalar", value, text, style: styleOf(event), ...place };
  }

  #attach(
    node: YamlNode,
    { parent, asKey }: { readonly parent: Frame | undefined; readonly asKey: boolean },
  ): void {
    if (parent === undefined) {
      this.#root = node;
    } else if (parent.kind === "list") {
      parent.items.push(node);
    } else if (asKey) {
      parent.key = { text: this.#keyText(node, parent), offset: node.offset };
    } else {
      const key = parent.key;
      parent.key = undefined;
      if (key?.text !== undefined) {
        parent.entries.set(key.text, { keyOffset: key.offset, value: node });
      }
    }
  }

  /** The text of a key, or nothing (and a report) when it is no text or was there before. */
  #keyText(node: YamlNode, parent: Extract<Frame, { kind: "map" }>): string | undefined {
    if (node.kind !== "scalar" || typeof node.value !== "string") {
      if (node.kind !== "broken") this.#report(node.offset, parent, oddKey(node));
      return undefined;
    }
    const before = parent.entries.get(node.value);
    if (before === undefined) return node.value;
    const { line } = this.#problems.position(before.keyOffset);
    this.#problems.atOffset(node.offset, {
      code: "duplicate-key",
      message: `The key ${quoted(node.value)} stands here a second time`,
      hint: `It stands in line ${line} already; keep one of them`,
      path: `${pointerOf(parent.node)}/${pointerToken(node.value)}`,
    });
    return undefined;
  }

  #report(offset: number, parent: Frame | undefined, fault: Fault): void {
    const path = parent === undefined ? "" : pointerOf(parent.node);
    this.#problems.atOffset(offset, { ...fault, path });
  }

  #alias(anchorStart: number, place: Place): void {
    this.#problems.atOffset(place.offset, {
      code: "yaml-alias",
      message: "An alias (*name) is not allowed",
      hint: `Write the value out; if a pattern is meant, quote it: "*${this.#word(anchorStart)}"`,
      path: place.parent === undefined ? "" : pointerOf(place.parent),
    });
  }

  #tag(event: { readonly tagStart: number; readonly tagEnd: number }, place: Place): void {
    const tag = this.#text.slice(event.tagStart, Math.min(event.tagEnd, event.tagStart + 60));
    this.#problems.atOffset(event.tagStart, {
      code: "yaml-tag",
      message: `The tag ${quoted(tag)} is not allowed`,
      hint: "Remove it; a text that starts with ! needs quotes",
      path: place.parent === undefined ? "" : pointerOf(place.parent),
    });
  }

  #word(start: number): string {
    return /^[^\s,\]}]{0,60}/.exec(this.#text.slice(start, start + 60))?.[0] ?? "";
  }

  #secondDocument(): void {
    const separator = /^---(?=[ \t\r\n]|$)/gm;
    const content = this.#root?.offset ?? 0;
    let offset = this.#text.length;
    for (const match of this.#text.matchAll(separator)) {
      if (match.index > content) {
        offset = match.index;
        break;
      }
    }
    this.#problems.atOffset(offset, {
      code: "several-documents",
      message: "A second YAML document starts here",
      hint: 'Keep one document per file; remove the line "---"',
      path: "",
    });
  }
}

/** Values of plain scalars by the YAML 1.2 core schema (§10.3). */
function plainValue(text: string): ScalarNode["value"] {
  const first = text.charAt(0);
  if (first === "" || "~nN".includes(first)) return resolved(text, nullCoreTag);
  if ("tTfF".includes(first)) return resolved(text, boolCoreTag);
  if (!"+-.0123456789".includes(first)) return text;
  const whole = resolved(text, intCoreTag);
  return typeof whole === "number" ? whole : resolved(text, floatCoreTag);
}

function resolved<T>(
  text: string,
  tag: { resolve(text: string, isExplicit: boolean, name: string): T | typeof NOT_RESOLVED },
): T | string {
  const value = tag.resolve(text, false, "");
  return value === NOT_RESOLVED ? text : value;
}

function oddKey(node: YamlNode): Fault {
  const found = node.kind === "scalar"
    ? `${node.text === "" ? "nothing" : node.text.slice(0, 80)} (${
      node.value === null ? "null" : `a ${typeof node.value}`
    })`
    : node.kind === "list"
    ? "a list"
    : "a mapping";
  const hint = node.kind === "scalar" && node.text !== ""
    ? `Quote it: "${node.text.slice(0, 80)}"`
    : "Every key is a name followed by a colon; JSON-style braces inside a key need quotes";
  return { code: "odd-key", message: `A key must be text: found ${found}`, hint };
}
