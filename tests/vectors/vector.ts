/**
 * One case: bytes in, and what must come out on either side. Played over every transport alike.
 *
 * A file holds `{ "name", "policy"?, "steps": [ … ] }`. A step sends one frame (`client` or
 * `upstream`: text of the frame; `clientHex`, `upstreamHex`: its bytes; `repeat` makes a long one)
 * and lists what arrives because of it: `toClient`, `toUpstream` (nothing when left out). An expected
 * message is compared as JSON: every member it has must be there and equal; `"…"` stands for any
 * string; a string that starts with `raw:` is compared with the text of the frame instead.
 * @module
 */

import type { JsonValue } from "../../src/base/json.ts";

/** A case as it stands in its file. */
export interface Vector {
  readonly name: string;
  /** Policy in YAML; left out: everything is allowed except `delete_file`, nothing may be asked. */
  readonly policy?: string;
  readonly steps: readonly VectorStep[];
}

/** One frame and its consequences. */
export interface VectorStep {
  readonly client?: string;
  readonly clientHex?: string;
  readonly upstream?: string;
  readonly upstreamHex?: string;
  /** Replaces `{}` in the frame by `text` repeated `times`. */
  readonly repeat?: { readonly text: string; readonly times: number };
  readonly toClient?: readonly JsonValue[];
  readonly toUpstream?: readonly JsonValue[];
}

/** What a step led to, as the bytes of frames. */
export interface Consequences {
  readonly toClient: readonly Uint8Array[];
  readonly toUpstream: readonly Uint8Array[];
}

/** A proxied conversation that a case is played over. */
export interface Stage extends AsyncDisposable {
  send(from: "client" | "upstream", frame: Uint8Array): Promise<Consequences>;
}

/** The policy of cases that name none. */
export const DEFAULT_POLICY = `version: "1"
defaults: { effect: deny }
principals:
  tester:
    tools:
      - { pattern: "*", actions: [read, execute] }
      - { pattern: "delete_file", actions: [execute], effect: deny }
`;

/** The bytes that a step sends, and who sends them. */
export function frameOf(step: VectorStep): { from: "client" | "upstream"; bytes: Uint8Array } {
  const from = step.client !== undefined || step.clientHex !== undefined ? "client" : "upstream";
  const hex = step.clientHex ?? step.upstreamHex;
  if (hex !== undefined) {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
    return { from, bytes };
  }
  const text = step.client ?? step.upstream ?? "";
  const { repeat } = step;
  const filled = repeat === undefined
    ? text
    : text.replace("{}", () => repeat.text.repeat(repeat.times));
  return { from, bytes: new TextEncoder().encode(filled) };
}

/** Says how an arrived frame differs from what was expected; nothing when it does not. */
export function difference(expected: JsonValue, frame: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(frame);
  if (typeof expected === "string" && expected.startsWith("raw:")) {
    return text === expected.slice(4) ? undefined : `expected ${expected}, got ${text}`;
  }
  return mismatch(expected, JSON.parse(text), "");
}

function mismatch(
  expected: JsonValue,
  actual: JsonValue | undefined,
  at: string,
): string | undefined {
  if (expected === "…") return typeof actual === "string" ? undefined : `${at}: no string`;
  if (typeof expected !== "object" || expected === null) {
    return Object.is(expected, actual)
      ? undefined
      : `${at}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
  }
  if (typeof actual !== "object" || actual === null) {
    return `${at}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
  }
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length)) {
    return `${at}: expected ${expected.length} items, got ${JSON.stringify(actual).slice(0, 400)}`;
  }
  for (const [key, value] of Object.entries(expected as Record<string, JsonValue>)) {
    const found = mismatch(value, (actual as Record<string, JsonValue>)[key], `${at}/${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
