/**
 * A file as written: values with the place where each stands.
 * @module
 */

import type { JsonValue } from "../base/json.ts";

/** A value of the file. */
export type YamlNode = ScalarNode | ListNode | MapNode | BrokenNode;

/** Where a node stands. */
export interface Place {
  /** UTF-16 offset of its first character in the text. */
  readonly offset: number;
  readonly parent: YamlNode | undefined;
  /** Its key or index in the parent. */
  readonly key: string | number | undefined;
}

/** How a scalar is written; a block is `|` or `>` and the lines below. */
export type ScalarStyle = "plain" | "single" | "double" | "block";

/** A text, number, boolean or null. */
export interface ScalarNode extends Place {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** The characters as written, without quotes. */
  readonly text: string;
  readonly style: ScalarStyle;
}

/** A sequence. */
export interface ListNode extends Place {
  readonly kind: "list";
  readonly items: readonly YamlNode[];
}

/** A mapping; its keys are texts. */
export interface MapNode extends Place {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, MapEntry>;
}

/** One key of a mapping and its value. */
export interface MapEntry {
  readonly keyOffset: number;
  readonly value: YamlNode;
}

/** Something already reported; everyone else skips it. */
export interface BrokenNode extends Place {
  readonly kind: "broken";
}

/** The JSON pointer of a node (RFC 6901). */
export function pointerOf(node: YamlNode): string {
  let pointer = "";
  for (let at: YamlNode | undefined = node; at?.parent !== undefined; at = at.parent) {
    pointer = `/${pointerToken(at.key ?? "")}${pointer}`;
  }
  return pointer;
}

/** One step of a JSON pointer (RFC 6901 §3). */
export function pointerToken(key: string | number): string {
  if (typeof key === "number") return String(key);
  const isPlain = !key.includes("~") && !key.includes("/");
  return isPlain ? key : key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The value of a key of a mapping, or `undefined` when it is absent or the node is no mapping. */
export function valueOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.value : undefined;
}

/** The items of a list; nothing for anything else. */
export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === "list" ? node.items : [];
}

/** A text; `undefined` for anything else. */
export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

/** A number; `undefined` for anything else. */
export function numberOf(node: YamlNode | undefined): number | undefined {
  return node?.kind === "scalar" && typeof node.value === "number" ? node.value : undefined;
}

/** Yes or no; `undefined` for anything else. */
export function flagOf(node: YamlNode | undefined): boolean | undefined {
  return node?.kind === "scalar" && typeof node.value === "boolean" ? node.value : undefined;
}

/** The texts of a list; what is no text is left out. */
export function textsOf(node: YamlNode | undefined): readonly string[] {
  return itemsOf(node).flatMap((item) => textOf(item) ?? []);
}

/** A node as JSON; what is broken is null. */
export function jsonOf(node: YamlNode): JsonValue {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(jsonOf);
    case "map":
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, jsonOf(value)]));
    case "broken":
      return null;
  }
}

/** The keys of a mapping with their values; nothing for anything else. */
export function* namesIn(
  node: YamlNode | undefined,
): Iterable<readonly [name: string, value: YamlNode, keyOffset: number]> {
  if (node?.kind !== "map") return;
  for (const [name, { value, keyOffset }] of node.entries) yield [name, value, keyOffset];
}
