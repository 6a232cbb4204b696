/**
 * Headers of the modern revision that repeat what a body says: whether they agree, and how they are
 * made.
 *
 * MCP 2026-07-28, Streamable HTTP, "Request Metadata"; tasks extension, "Streamable HTTP: Routing
 * Headers". A header is a claim: policy is evaluated on the body, and a claim that differs is refused.
 * @module
 */

import {
  type JsonObject,
  type JsonValue,
  member,
  objectMember,
  stringMember,
} from "../base/json.ts";
import type { Message } from "../jsonrpc/message.ts";
import { type DeclaredHeader, headerSchema } from "./header_schema.ts";
import {
  decodeHeaderText,
  encodeHeaderText,
  headerText,
  isHeaderScalar,
  isPlain,
  saysValue,
  withoutOuterSpace,
} from "./header_value.ts";
import { pointerTo } from "./misshapen.ts";
import { eraOf, PROTOCOL_VERSION_KEY, requestRevision } from "./revision.ts";

/** A name and a value, as they came or as they are to be sent. */
export type HeaderPair = readonly [name: string, value: string];

/** Why a header and the body do not say the same. */
export interface Disagreement {
  /** The header, as the specification spells it. */
  readonly header: string;
  /**
   * `missing`: it has to be there. `repeated`: it came more than once. `malformed`: it holds
   * characters or Base64 that it may not. `different`: the body says something else. `unexpected`:
   * the body says nothing of the kind.
   */
  readonly code: "missing" | "repeated" | "malformed" | "different" | "unexpected";
  /** JSON pointer to what it repeats, from the root of the message. */
  readonly pointer: string;
  /** A sentence for the client, without either value. */
  readonly detail: string;
}

/** What is known of the tool that is called. */
export interface HeaderOptions {
  /** The `inputSchema` of the tool, when it was listed. */
  readonly inputSchema?: JsonValue | undefined;
}

const VERSION = "MCP-Protocol-Version";
const METHOD = "Mcp-Method";
const NAME = "Mcp-Name";
const PARAM_PREFIX = "mcp-param-";
/** The first revision with `MCP-Protocol-Version`. */
const FIRST_WITH_VERSION = "2025-06-18";

/** The member of `params` that `Mcp-Name` repeats, by method. */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
  ["tasks/get", "taskId"],
  ["tasks/update", "taskId"],
  ["tasks/cancel", "taskId"],
]);

/** What one header has to say. */
interface Claim {
  readonly header: string;
  readonly pointer: string;
  /** What the body says; `undefined` or `null` for nothing. */
  readonly value: JsonValue | undefined;
  readonly required: boolean;
  readonly mayBeBase64: boolean;
}

/**
 * Finds the first header that does not say what the body of a modern POST says (answered with 400 and
 * −32020). `headers` are raw pairs: a header that came twice must be two pairs to be seen as that.
 *
 * Every request needs its version and method, the six methods that name something its name too, and a
 * call each argument that the tool's schema declares, unless that is absent or `null`. Of a
 * notification nothing is required, but what is there must agree. A header that repeats nothing of
 * the body is unexpected; only `Mcp-Name` of a method without a name is let be.
 */
export function headerDisagreement(
  message: Message,
  headers: Iterable<HeaderPair>,
  { inputSchema }: HeaderOptions = {},
): Disagreement | undefined {
  const byName = valuesByName(headers);
  for (const claim of claims(message, inputSchema)) {
    const found = disagreement(claim, byName.get(claim.header.toLowerCase()) ?? []);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The `Mcp-Param-*` headers that repeat nothing we know of: an intermediary has to pass them on.
 * Those that no header may look like are left out.
 */
export function unknownParamHeaders(
  headers: Iterable<HeaderPair>,
  { inputSchema }: HeaderOptions = {},
): readonly HeaderPair[] {
  const known = new Set(
    headerSchema(inputSchema).declared.map(({ header }) => header.toLowerCase()),
  );
  return [...headers].filter(([name, value]) => {
    const lower = name.toLowerCase();
    return lower.startsWith(PARAM_PREFIX) && !known.has(lower) && isPlain(withoutOuterSpace(value));
  });
}

/**
 * The headers of a message that goes to an upstream over HTTP, in the revision spoken there. Legacy
 * revisions have the version alone, from 2025-06-18 on. What cannot stand in a header (an integer
 * beyond ±(2^53 − 1), a method that is not plain ASCII) is left out.
 */
export function headersFor(
  message: Message,
  { inputSchema, revision }: HeaderOptions & { readonly revision: string },
): readonly HeaderPair[] {
  if (eraOf(revision) === "legacy") {
    return revision >= FIRST_WITH_VERSION && isPlain(revision) ? [[VERSION, revision]] : [];
  }
  return claims(message, inputSchema).flatMap((claim): readonly HeaderPair[] => {
    const value = claim.header === VERSION ? claim.value ?? revision : claim.value;
    const text = isHeaderScalar(value) ? headerText(value) : undefined;
    if (text === undefined) return [];
    if (claim.mayBeBase64) return [[claim.header, encodeHeaderText(text)]];
    return text !== "" && isPlain(text) ? [[claim.header, text]] : [];
  });
}

/** What the headers of a message have to say, in the order in which they are checked. */
function claims(message: Message, inputSchema: JsonValue | undefined): readonly Claim[] {
  const isRequest = message.kind === "request";
  const hasParams = isRequest || message.kind === "notification";
  const params = hasParams ? message.params : undefined;
  const method = hasParams ? message.method : undefined;
  const found: Claim[] = [
    {
      header: VERSION,
      pointer: `/params/_meta${pointerTo(PROTOCOL_VERSION_KEY)}`,
      value: requestRevision(params),
      required: isRequest,
      mayBeBase64: false,
    },
    { header: METHOD, pointer: "/method", value: method, required: isRequest, mayBeBase64: false },
  ];
  const nameMember = isRequest ? NAMED_BY.get(message.method) : undefined;
  if (nameMember !== undefined) {
    found.push({
      header: NAME,
      pointer: `/params${pointerTo(nameMember)}`,
      value: stringMember(params, nameMember),
      required: true,
      mayBeBase64: true,
    });
  }
  if (isRequest && message.method === "tools/call") {
    const { declared, fault } = headerSchema(inputSchema);
    const args = objectMember(params, "arguments");
    const required = fault === undefined;
    found.push(...declared.map((one) => paramClaim(one, { args, required })));
  }
  return found;
}

function paramClaim(
  { header, path }: DeclaredHeader,
  { args, required }: { readonly args: JsonObject | undefined; readonly required: boolean },
): Claim {
  const pointer = `/params/arguments${path.map(pointerTo).join("")}`;
  const last = path.at(-1) ?? "";
  const holder = path.slice(0, -1).reduce(objectMember, args);
  return { header, pointer, value: member(holder, last), required, mayBeBase64: true };
}

function disagreement(claim: Claim, values: readonly string[]): Disagreement | undefined {
  const { header, pointer, value, mayBeBase64 } = claim;
  const [raw, ...others] = values;
  const says = isHeaderScalar(value) ? value : undefined;
  if (raw === undefined) {
    // A value that no header can say is none that a header could be asked for.
    const sayable = says !== undefined && headerText(says) !== undefined;
    return claim.required && (sayable || header === VERSION)
      ? { header, code: "missing", pointer, detail: `${header} is missing` }
      : undefined;
  }
  if (others.length > 0) {
    return { header, code: "repeated", pointer, detail: `${header} was sent more than once` };
  }
  const trimmed = withoutOuterSpace(raw);
  const text = mayBeBase64 ? decodeHeaderText(trimmed) : isPlain(trimmed) ? trimmed : undefined;
  if (text === undefined) {
    const detail = `${header} holds what a header may not, or Base64 that is none`;
    return { header, code: "malformed", pointer, detail };
  }
  if (says === undefined) {
    // A notification need not name its revision (the version header belongs to every POST).
    if (header === VERSION && !claim.required) return undefined;
    const detail = `${header} was sent, but the body has nothing at ${pointer} for it`;
    return { header, code: "unexpected", pointer, detail };
  }
  if (saysValue(text, says)) return undefined;
  const detail = `${header} does not match ${pointer} of the body`;
  return { header, code: "different", pointer, detail };
}

/** The values of each header by its name in lower case, however it was spelt. */
function valuesByName(headers: Iterable<HeaderPair>): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const values = byName.get(lower);
    if (values === undefined) byName.set(lower, [value]);
    else values.push(value);
  }
  return byName;
}
