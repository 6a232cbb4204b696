/**
 * The host of a URL or a connection: a name, or an address in whatever notation.
 *
 * Read as WHATWG URL reads it (percent-escapes, IDNA with its full-width forms and soft hyphens, IPv4 of
 * one to four numbers), because most clients follow it; where an older reader sees another address in
 * the same characters, both are told.
 * @module
 */
import { type Address, readAddresses } from "./address.ts";

/** What a host's text is. */
export type Host =
  | {
    readonly kind: "address";
    /** Every address that some reader sees; at least one. */
    readonly readings: readonly Address[];
  }
  | {
    readonly kind: "name";
    /** In ASCII and small letters, without the dot at its end: `xn--bcher-kva.example`. */
    readonly name: string;
    /** Whether a cloud serves the credentials of its machines under this name. */
    readonly metadata: boolean;
  }
  | { readonly kind: "invalid"; readonly fault: HostFault };

/**
 * Why a text is no host: no reader of WHATWG takes it; it holds a percent-escape, which only some
 * decode; a label holds something else than letters, digits, `-` and `_`; a label is empty; a label or
 * the whole is longer than the DNS allows.
 */
export type HostFault = "unreadable" | "escape" | "label-characters" | "empty-label" | "too-long";

/** A host and what follows it after a colon. */
export interface HostPort {
  readonly host: Host;
  /** Digits from 0 to 65535, or nothing. */
  readonly port: number | undefined;
}

/** Unicode needs up to four characters of text for one of a name; more than this is no host. */
const MAX_TEXT_LENGTH = 1024;
const MAX_NAME_LENGTH = 253; // RFC 1035, without the dot at the end
const MAX_LABEL_LENGTH = 63; // RFC 1035

/** Where clouds serve credentials to their own machines. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  "metadata.google.internal",
  "metadata.goog",
  "metadata", // Google, by the search list of its machines
  "instance-data.ec2.internal",
  "instance-data", // AWS, by the search list of its machines
  "metadata.tencentyun.com",
  "metadata.packet.net",
  "metadata.platformequinix.com",
]);

/** Reads a host without port: a name, IPv4 in any notation, or IPv6 in brackets. */
export function readHost(text: string): Host {
  if (text.length > MAX_TEXT_LENGTH) return { kind: "invalid", fault: "too-long" };
  if (text.startsWith("[")) return addressOr(readAddresses(text), "unreadable");
  if (text.includes("%")) return { kind: "invalid", fault: "escape" };
  if (text === "" || holdsDelimiter(text)) return { kind: "invalid", fault: "unreadable" };
  const hostname = URL.parse(`http://${text}/`)?.hostname;
  if (hostname === undefined) return { kind: "invalid", fault: "unreadable" };
  const name = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
  const readings = readAddresses(name);
  return readings.length > 0
    ? { kind: "address", readings: allReadings(readings, text) }
    : readName(name);
}

/** Reads a host, `host:port`, `[IPv6]:port`, or IPv6 without brackets, with or without a zone. */
export function readHostPort(text: string): HostPort {
  const colon = text.lastIndexOf(":");
  if (colon >= 0 && !text.startsWith("[") && text.indexOf(":") < colon) {
    return { host: addressOr(readAddresses(text), "unreadable"), port: undefined };
  }
  if (colon < 0 || text.endsWith("]")) return { host: readHost(text), port: undefined };
  const digits = text.slice(colon + 1);
  const port = Number(digits);
  if (!/^[0-9]{1,5}$/.test(digits) || port > 65535) {
    return { host: { kind: "invalid", fault: "unreadable" }, port: undefined };
  }
  return { host: readHost(text.slice(0, colon)), port };
}

/** Characters that would end the host, or that the URL parser takes away; it refuses the other controls. */
function holdsDelimiter(text: string): boolean {
  return /[\s/\\?#@:]/.test(text);
}

function addressOr(readings: readonly Address[], fault: HostFault): Host {
  return readings.length > 0 ? { kind: "address", readings } : { kind: "invalid", fault };
}

/** Adds what a reader sees that keeps the leading zeros which WHATWG took away. */
function allReadings(readings: readonly Address[], text: string): readonly Address[] {
  const plain = text.normalize("NFKC").replaceAll("。", ".");
  const others = readAddresses(plain.endsWith(".") ? plain.slice(0, -1) : plain);
  return [
    ...readings,
    ...others.filter((other) => readings.every((one) => one.text !== other.text)),
  ];
}

function readName(name: string): Host {
  if (name.length > MAX_NAME_LENGTH) return { kind: "invalid", fault: "too-long" };
  for (const label of name.split(".")) {
    if (label === "") return { kind: "invalid", fault: "empty-label" };
    if (label.length > MAX_LABEL_LENGTH) return { kind: "invalid", fault: "too-long" };
    if (!/^[a-z0-9_-]+$/.test(label)) return { kind: "invalid", fault: "label-characters" };
  }
  return { kind: "name", name, metadata: METADATA_NAMES.has(name) };
}
