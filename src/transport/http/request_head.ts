/**
 * The head of an HTTP/1.1 request, read strictly (RFC 9112): what two readers could take for two
 * things is refused, never repaired.
 * @module
 */

import { err, ok, type Result } from "../../base/result.ts";

/** The head of one request. */
export interface RequestHead {
  readonly method: string;
  /** Origin form: a path, and a query where there is one. */
  readonly target: string;
  readonly host: string;
  /** In order, names in small letters. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Bytes of the body, or that its end is marked. */
  readonly length: number | "chunked";
  /** 0 for HTTP/1.0, which knows no chunks. */
  readonly minor: 0 | 1;
  /** The client wants no further request on this connection. */
  readonly last: boolean;
  /** It waits for `100 Continue` before it sends the body. */
  readonly waits: boolean;
}

/** Why a head is refused. */
export interface HeadFault {
  readonly status: number;
  /** Fit for the client and for the audit: nothing of the request is in it. */
  readonly detail: string;
}

/** Clients send about ten. */
const MAX_HEADERS = 100;

const REQUEST_LINE = /^([A-Z]{1,16}) (\/[\w\-.~!$&'()*+,;=:@/?%]*) HTTP\/1\.([01])$/;
const ANY_VERSION = / HTTP\/[0-9](?:\.[0-9])?$/;
const NAME = /^[\w!#$%&'*+\-.^`|~]+$/; // token, RFC 9110 §5.6.2
const HOST = /^(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::[0-9]{1,5})?$/;
/** `.` and `..` as a whole segment: what stands in front of us may have judged another path. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?]|$)/i;
const LENGTH = /^[0-9]{1,15}$/;

/** Fields that are one value; the first and the last of two would be two requests. */
const SINGLE: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "content-type",
  "content-encoding",
  "authorization",
  "origin",
  "expect",
  "last-event-id",
]);

/** Reads the bytes before the empty line. */
export function readHead(bytes: Uint8Array): Result<RequestHead, HeadFault> {
  const text = asText(bytes);
  if (text === undefined) return bad("A line of the head is not ended by CR LF, or holds controls");
  const [first = "", ...lines] = text.split("\r\n");
  const line = REQUEST_LINE.exec(first);
  const [, method = "", target = "", minor = ""] = line ?? [];
  if (line === null) {
    return ANY_VERSION.test(first) && !/ HTTP\/1\.[01]$/.test(first)
      ? err({ status: 505, detail: "Only HTTP/1.1 is spoken here" })
      : bad("The request line must be a method, a path and HTTP/1.1");
  }
  if (DOT_SEGMENT.test(target.split("?", 1)[0] ?? "")) return bad("The path has dot segments");
  if (lines.length > MAX_HEADERS) return err({ status: 431, detail: "There are too many headers" });
  const headers: [string, string][] = [];
  const single = new Map<string, string>();
  for (const each of lines) {
    const colon = each.indexOf(":");
    // a space before the name would continue the line before (obs-fold, RFC 9112 §5.2)
    if (colon <= 0 || !NAME.test(each.slice(0, colon))) return bad("A header line is not one");
    const name = each.slice(0, colon).toLowerCase();
    const value = each.slice(colon + 1).replace(OUTER_SPACE, "");
    if (SINGLE.has(name) || name.startsWith("mcp-")) {
      if (single.has(name)) return bad(`The header ${shown(name)} stands there twice`);
      if (!ASCII.test(value)) return bad(`The header ${shown(name)} is not ASCII`);
      single.set(name, value);
    }
    // what is not ASCII is opaque (RFC 9110 §5.5): no meaning is lost, and what stands beside it stays
    headers.push([name, ASCII.test(value) ? value : value.replace(NOT_ASCII, "?")]);
  }
  return framed({ method, target, minor: minor === "1" ? 1 : 0, headers }, single);
}

/** Says how the body ends, and whether the connection does. */
function framed(
  head: Pick<RequestHead, "method" | "target" | "minor" | "headers">,
  single: ReadonlyMap<string, string>,
): Result<RequestHead, HeadFault> {
  const host = single.get("host");
  if (host === undefined || !HOST.test(host)) return bad("The header Host must name a host");
  const coding = single.get("transfer-encoding");
  const declared = single.get("content-length");
  if (coding !== undefined) {
    if (declared !== undefined) return bad("Content-Length and Transfer-Encoding contradict");
    if (head.minor === 0) return bad("HTTP/1.0 has no Transfer-Encoding");
    if (coding.toLowerCase() !== "chunked") {
      return err({ status: 501, detail: "The only Transfer-Encoding is chunked" });
    }
  }
  if (declared !== undefined && !LENGTH.test(declared)) return bad("Content-Length is no number");
  const expects = single.get("expect");
  if (expects !== undefined && expects.toLowerCase() !== "100-continue") {
    return err({ status: 417, detail: "Nothing but 100-continue can be expected" });
  }
  const connection = head.headers.filter(([name]) => name === "connection")
    .flatMap(([, value]) => value.toLowerCase().split(",").map((token) => token.trim()));
  return ok({
    ...head,
    host,
    length: coding === undefined ? Number(declared ?? 0) : "chunked",
    last: head.minor === 0 || connection.includes("close"),
    waits: expects !== undefined && head.minor === 1,
  });
}

const ASCII = /^[\t -~]*$/;
const NOT_ASCII = /[^\t -~]/g;
const OUTER_SPACE = /^[ \t]+|[ \t]+$/g;
const CR = 0x0d;
const LF = 0x0a;

/** The bytes as ISO 8859-1; undefined when there are controls or a lone CR or LF. */
function asText(bytes: Uint8Array): string | undefined {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x20 ? byte !== 0x7f : byte === 0x09) continue;
    if (byte !== CR || bytes[at + 1] !== LF) return undefined;
    at++;
  }
  // "latin1" is windows-1252 here; what differs is above ASCII, and not passed on
  return LATIN1.decode(bytes);
}

const LATIN1 = new TextDecoder("latin1");

function shown(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name;
}

function bad(detail: string): Result<never, HeadFault> {
  return err({ status: 400, detail });
}
