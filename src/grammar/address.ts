/**
 * Addresses of the internet protocol in every notation that is in use, and where they lead.
 *
 * The only file that knows `ipaddr.js`. Its ranges are too kind in three places: the hexadecimal form
 * of an IPv4-compatible address (`::7f00:1`), what lies outside 2000::/3, and some prefixes that IANA
 * reserved later are plain "unicast" to it. Here an IPv6 address is global only inside 2000::/3.
 * @module
 */
import ipaddr from "ipaddr.js";

/** One address. */
export interface Address {
  /** The one way to write it: dotted decimal, or RFC 5952, without a zone. A mapped or NAT64 address is the IPv4 address that it stands for. */
  readonly text: string;
  /** 4 or 16 of them. */
  readonly octets: readonly number[];
  /** Whether it is reachable from everywhere (IANA's special-purpose registries). */
  readonly global: boolean;
  /** Whether a cloud serves the credentials of its machines there, also inside a tunnel's address. */
  readonly metadata: boolean;
}

/** A block of addresses, as `10.1.0.0/16` or `fd00::/8` writes it. */
export interface Network {
  /** The octets of its first address: 4 or 16. */
  readonly octets: readonly number[];
  /** How many leading bits its members share. */
  readonly prefixBits: number;
}

/** Longer text is no address: the longest IPv6 address has 45 characters, a zone id up to 16, padding with zeros some. */
const MAX_TEXT_LENGTH = 128;

/** Ranges of `ipaddr.js` that are reachable from everywhere: unicast, and the anycast services AS112 and AMT. */
const GLOBAL_RANGES: ReadonlySet<string> = new Set(["unicast", "as112", "as112v6", "amt"]);

/** Where clouds serve credentials to their own machines. */
const METADATA: ReadonlySet<string> = new Set([
  "169.254.169.254", // AWS, Azure, Google, Oracle, DigitalOcean, OpenStack and more
  "169.254.170.2", // AWS ECS, credentials of a task
  "169.254.170.23", // AWS EKS, credentials of a pod
  "169.254.0.23", // Tencent
  "169.254.42.42", // Scaleway
  "100.100.100.200", // Alibaba
  "168.63.129.16", // Azure, globally routable by its number
  "192.0.0.192", // Oracle, classic
  "fd00:ec2::254", // AWS
  "fd00:ec2::23", // AWS EKS
  "fd20:ce::254", // Google
  "fd00:42::42", // Scaleway
  "fe80::a9fe:a9fe", // OpenStack
]);

/**
 * Every address that some program reads in a text: none, one, or two where a leading zero means
 * octal to one reader and nothing to the next (`010.8.8.8`).
 *
 * Reads dotted, short, decimal, octal and hexadecimal IPv4; IPv6 with or without brackets and zone.
 */
export function readAddresses(text: string): readonly Address[] {
  if (text.length === 0 || text.length > MAX_TEXT_LENGTH) return [];
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (bare.includes(":")) {
    const address = readV6(bare);
    return address === undefined ? [] : [address];
  }
  const readings = [readV4(bare), readDecimal(bare)].filter((reading) => reading !== undefined);
  return readings.filter(({ text }, at) => readings.findIndex((one) => one.text === text) === at);
}

/** Reads `10.1.0.0/16`, `fd00::/8`, or one address; `undefined` when it is none of them. */
export function readNetwork(text: string): Network | undefined {
  const slash = text.indexOf("/");
  const [address, ...others] = readAddresses(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined || others.length > 0) return undefined;
  const { octets } = address;
  if (slash < 0) return { octets, prefixBits: octets.length * 8 };
  const digits = text.slice(slash + 1);
  const prefixBits = Number(digits);
  if (!/^[0-9]{1,3}$/.test(digits) || prefixBits > octets.length * 8) return undefined;
  return { octets, prefixBits };
}

/** Whether a network holds an address; an IPv4 network holds no IPv6 address, and the other way round. */
export function holdsAddress(network: Network, address: Address): boolean {
  if (network.octets.length !== address.octets.length) return false;
  return network.octets.every((octet, at) => {
    const bits = Math.min(Math.max(network.prefixBits - at * 8, 0), 8);
    return octet >> (8 - bits) === address.octets[at] >> (8 - bits);
  });
}

function readV4(text: string): Address | undefined {
  return ipaddr.IPv4.isValid(text) ? fromV4(ipaddr.IPv4.parse(text).octets) : undefined;
}

/** Four decimal numbers, with leading zeros that mean nothing. */
function readDecimal(text: string): Address | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]+$/.test(part))) return undefined;
  const octets = parts.map(Number);
  return octets.every((octet) => octet <= 255) ? fromV4(octets) : undefined;
}

function fromV4(octets: readonly number[]): Address {
  const text = octets.join(".");
  const range = new ipaddr.IPv4([...octets]).range();
  return { text, octets, global: GLOBAL_RANGES.has(range), metadata: METADATA.has(text) };
}

function readV6(text: string): Address | undefined {
  if (!ipaddr.IPv6.isValid(text)) return undefined;
  // The parser turns `::1.2.3.4` into a mapped address: the dotted tail is read as two groups first.
  const address = ipaddr.IPv6.parse(withoutDottedTail(text));
  const octets = address.toByteArray();
  const zoned = address.zoneId !== undefined && address.zoneId !== "";
  if (!zoned && standsForV4(octets)) return fromV4(octets.slice(12));
  const plain = new ipaddr.IPv6(octets).toRFC5952String();
  const global = !zoned && octets[0] >> 5 === 1 && GLOBAL_RANGES.has(address.range());
  const metadata = METADATA.has(plain) ||
    embeddedV4(octets).some((inner) => METADATA.has(inner.join(".")));
  return { text: plain, octets, global, metadata };
}

function withoutDottedTail(text: string): string {
  const zone = text.indexOf("%");
  const end = zone < 0 ? text.length : zone;
  const start = text.lastIndexOf(":", end) + 1;
  const tail = text.slice(start, end);
  if (!tail.includes(".")) return text;
  const [a, b, c, d] = ipaddr.IPv4.parse(tail).octets;
  const groups = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  return text.slice(0, start) + groups + text.slice(end);
}

/** `::ffff:0:0/96` (RFC 4291) and `64:ff9b::/96` (RFC 6052): packets arrive at the IPv4 address. */
function standsForV4(octets: readonly number[]): boolean {
  const head = octets.slice(0, 12).join(".");
  return head === "0.0.0.0.0.0.0.0.0.0.255.255" || head === "0.100.255.155.0.0.0.0.0.0.0.0";
}

/** The IPv4 addresses that a tunnel or translator may take from an IPv6 address. */
function embeddedV4(octets: readonly number[]): readonly (readonly number[])[] {
  const last = octets.slice(12);
  if (octets[0] === 0x20 && octets[1] === 0x02) return [octets.slice(2, 6)]; // 6to4, RFC 3056
  if (octets.slice(0, 4).join(".") === "32.1.0.0") { // Teredo, RFC 4380: server, and client inverted
    return [octets.slice(4, 8), last.map((octet) => octet ^ 0xff)];
  }
  // ::/8 holds IPv4-compatible (RFC 4291), translated (RFC 2765) and locally translated (RFC 8215).
  return octets[0] === 0 ? [last] : [];
}
