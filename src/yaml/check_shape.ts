/**
 * Holds what stands in a file against what may stand there.
 * @module
 */

import type { MapNode, YamlNode } from "./node.ts";
import { pointerOf, pointerToken } from "./node.ts";
import type { Fault, Problems } from "./problems.ts";
import type { ListShape, NamesShape, RecordShape, Shape } from "./shape.ts";
import { choiceFault, countFault, quoted, unknownKey, wrongType } from "./shape_faults.ts";

/** Reports everything in a value that does not fit its shape. */
export function checkShape(node: YamlNode, shape: Shape, problems: Problems): void {
  if (node.kind === "broken") return;
  if (shape.type === "either") {
    const fitting = shape.of.find((candidate) => isOfSort(node, candidate));
    if (fitting === undefined) problems.at(node, wrongType(node, shape));
    else checkShape(node, fitting, problems);
    return;
  }
  if (!isOfSort(node, shape)) {
    problems.at(node, wrongType(node, shape));
    return;
  }
  switch (shape.type) {
    case "text":
      report(node, shape.fault?.(asText(node)), problems);
      break;
    case "choice":
      report(node, choiceFault(asText(node), { shape, hurried: problems.full }), problems);
      break;
    case "count":
      report(node, countFault(node, shape), problems);
      break;
    case "flag":
    case "any":
      break;
    case "written":
    case "scalar":
      report(node, node.kind === "scalar" ? shape.fault(node) : undefined, problems);
      break;
    case "refused":
      report(node, shape.why, problems);
      break;
    case "list":
      checkList(node, shape, problems);
      break;
    case "names":
      checkNames(node, shape, problems);
      break;
    case "record":
      checkRecord(node, shape, problems);
      break;
  }
}

function report(node: YamlNode, fault: Fault | undefined, problems: Problems): void {
  if (fault !== undefined) problems.at(node, fault);
}

function isOfSort(node: YamlNode, shape: Shape): boolean {
  switch (shape.type) {
    case "text":
    case "choice":
      return node.kind === "scalar" && typeof node.value === "string";
    case "count":
      return node.kind === "scalar" && typeof node.value === "number";
    case "written":
    case "refused":
      return node.kind === "scalar" && node.value !== null;
    case "scalar":
      return node.kind === "scalar" && shape.sorts.some((sort) => sort === typeof node.value);
    case "list":
      return node.kind === "list";
    case "names":
    case "record":
      return node.kind === "map";
    case "either":
      return shape.of.some((candidate) => isOfSort(node, candidate));
    case "any":
      return true;
    case "flag":
      return node.kind === "scalar" && typeof node.value === "boolean";
  }
}

function checkList(node: YamlNode, shape: ListShape, problems: Problems): void {
  if (node.kind !== "list") return;
  const seen = new Set<string>();
  for (const item of node.items) {
    checkShape(item, shape.of, problems);
    if (shape.unique !== true || item.kind !== "scalar") continue;
    if (seen.has(item.text)) {
      problems.at(item, {
        code: "listed-twice",
        severity: "warning",
        message: `${quoted(item.text)} is listed twice`,
        hint: "Remove one of them",
      });
    }
    seen.add(item.text);
  }
}

function checkNames(node: YamlNode, shape: NamesShape, problems: Problems): void {
  if (node.kind !== "map") return;
  for (const [name, { keyOffset, value }] of node.entries) {
    const fault = shape.fault?.(name);
    if (fault !== undefined) problems.atOffset(keyOffset, { ...fault, path: pathOf(node, name) });
    checkShape(value, shape.of, problems);
  }
}

function checkRecord(node: YamlNode, { what, keys }: RecordShape, problems: Problems): void {
  if (node.kind !== "map") return;
  for (const [key, { keyOffset, value }] of node.entries) {
    const field = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (field !== undefined) checkShape(value, field.shape, problems);
    else unknown(key, { node, keyOffset, keys, problems });
  }
  for (const [key, { required }] of Object.entries(keys)) {
    if (required !== true || node.entries.has(key)) continue;
    problems.at(node, {
      code: "missing-key",
      message: `The key "${key}" is missing in ${what}`,
      hint: `Add "${key}:"`,
    });
  }
}

interface Unknown {
  readonly node: MapNode;
  readonly keyOffset: number;
  readonly keys: RecordShape["keys"];
  readonly problems: Problems;
}

function unknown(key: string, { node, keyOffset, keys, problems }: Unknown): void {
  const fault = unknownKey(key, { keys, hurried: problems.full });
  problems.atOffset(keyOffset, { ...fault, path: pathOf(node, key) });
}

function pathOf(node: MapNode, key: string): string {
  return `${pointerOf(node)}/${pointerToken(key)}`;
}

function asText(node: YamlNode): string {
  return node.kind === "scalar" ? node.text : "";
}
