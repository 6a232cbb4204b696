/**
 * Addresses and the many ways to write them, for property tests.
 * @module
 */
import fc from "fast-check";

/** Blocks of IANA's special-purpose registry for IPv4 that are not reachable from everywhere, and multicast. */
const CLOSED_V4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.0.0.0/29", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"],
  ...["203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
];

/** The same for IPv6, without those that stand for an IPv4 address. */
const CLOSED_V6 = [
  ...[
    "::/97",
    "100::/64",
    "2001:db8::/32",
    "2001:2::/48",
    "2001:10::/28",
    "2002::/16",
    "2001::/32",
  ],
  ...["3fff::/20", "5f00::/16", "64:ff9b:1::/48", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"],
  ...["4000::/3", "8000::/2", "::ffff:0:0:0/96"],
];

/** Blocks that are open, far from every special one. */
const OPEN_V4 = [
  "1.0.0.0/8",
  "8.0.0.0/8",
  "64.0.0.0/8",
  "99.0.0.0/8",
  "151.0.0.0/8",
  "223.0.0.0/8",
];
const OPEN_V6 = ["2400::/12", "2600::/12", "2a00::/12", "2001:4860::/32"];

/** An IPv4 address that is not global, as a number. */
export const closedV4: fc.Arbitrary<number> = fc.oneof(...CLOSED_V4.map(insideV4));
/** A global IPv4 address, as a number. */
export const openV4: fc.Arbitrary<number> = fc.oneof(...OPEN_V4.map(insideV4));
/** An IPv6 address that is not global, as eight groups. */
export const closedV6: fc.Arbitrary<readonly number[]> = fc.oneof(...CLOSED_V6.map(insideV6));
/** A global IPv6 address, as eight groups. */
export const openV6: fc.Arbitrary<readonly number[]> = fc.oneof(...OPEN_V6.map(insideV6));

/** How one number of an IPv4 address is written. */
const RADIX: fc.Arbitrary<(part: number) => string> = fc.constantFrom<((part: number) => string)[]>(
  (part) => String(part),
  (part) => `0x${part.toString(16)}`,
  (part) => `0X${part.toString(16).toUpperCase().padStart(4, "0")}`,
);

/** The same with octal, which readers of decimal misread. */
const ANY_RADIX = fc.oneof(RADIX, fc.constant((part: number) => `0${part.toString(8)}`));

/** Writes an IPv4 address in one to four numbers of mixed radix, with wide digits and dots, or a dot at the end. */
export function v4Notation(
  options: { readonly octal: boolean },
): fc.Arbitrary<(address: number) => string> {
  const radix = options.octal ? ANY_RADIX : RADIX;
  return fc.record({
    parts: fc.integer({ min: 1, max: 4 }),
    radixes: fc.array(radix, { minLength: 4, maxLength: 4 }),
    dot: fc.constantFrom(".", ".", "。", "．"),
    wide: fc.boolean(),
    end: fc.constantFrom("", "."),
  }).map(({ parts, radixes, dot, wide, end }) => (address: number) => {
    const octets = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255);
    const heads = octets.slice(0, parts - 1);
    const last = octets.slice(parts - 1).reduce((sum, octet) => sum * 256 + octet, 0);
    const text = [...heads, last].map((part, at) => radixes[at](part)).join(dot);
    return (wide ? text.replace(/[0-9]/g, wideDigit) : text) + end;
  });
}

/** Writes IPv4 addresses inside IPv6 addresses that stand for them. */
export const mappedNotation: fc.Arbitrary<(address: number) => string> = fc.constantFrom(
  (address: number) => `::ffff:${dotted(address)}`,
  (address: number) => `::FFFF:${hexPair(address)}`,
  (address: number) => `0:0:0:0:0:ffff:${hexPair(address)}`,
  (address: number) => `64:ff9b::${hexPair(address)}`,
  (address: number) => `64:ff9b::${dotted(address)}`,
);

/** Writes IPv4 addresses inside IPv6 addresses of tunnels and translators, none of which is global. */
export const tunnelNotation: fc.Arbitrary<(address: number) => string> = fc.constantFrom(
  (address: number) => `::${dotted(address)}`,
  (address: number) => `::${hexPair(address)}`,
  (address: number) => `2002:${hexPair(address)}::`,
  (address: number) => `2001:0:${hexPair(address)}::1`,
  (address: number) => `2001::${hexPair(~address >>> 0)}`,
  (address: number) => `::ffff:0:${dotted(address)}`,
);

/** Writes eight groups with or without leading zeros, capitals and the double colon. */
export const v6Notation: fc.Arbitrary<(groups: readonly number[]) => string> = fc.record({
  padded: fc.boolean(),
  capitals: fc.boolean(),
  short: fc.boolean(),
}).map(({ padded, capitals, short }) => (groups: readonly number[]) => {
  const written = groups.map((group) => group.toString(16).padStart(padded ? 4 : 1, "0"));
  const start = short ? groups.findIndex((group) => group === 0) : -1;
  const after = groups.findIndex((group, at) => at > start && group !== 0);
  const end = after < 0 ? groups.length : after;
  const text = start < 0
    ? written.join(":")
    : `${written.slice(0, start).join(":")}::${written.slice(end).join(":")}`;
  return capitals ? text.toUpperCase() : text;
});

/** `10.0.0.1`. */
export function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

function hexPair(address: number): string {
  return `${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}`;
}

function wideDigit(digit: string): string {
  return String.fromCharCode(digit.charCodeAt(0) + 0xfee0);
}

function insideV4(block: string): fc.Arbitrary<number> {
  const [base, bits] = block.split("/");
  const first = base.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return fc.integer({ min: 0, max: 2 ** (32 - Number(bits)) - 1 }).map((rest) => first + rest);
}

function insideV6(block: string): fc.Arbitrary<readonly number[]> {
  const [base, bits] = block.split("/");
  const [head, tail = ""] = base.split("::");
  const front = head === "" ? [] : head.split(":").map((group) => parseInt(group, 16));
  const back = tail === "" ? [] : tail.split(":").map((group) => parseInt(group, 16));
  const first = [...front, ...Array(8 - front.length - back.length).fill(0), ...back];
  return fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }).map((
    groups,
  ) =>
    groups.map((group, at) => {
      const free = Math.min(Math.max((at + 1) * 16 - Number(bits), 0), 16);
      return first[at] | (group & (2 ** free - 1));
    })
  );
}
