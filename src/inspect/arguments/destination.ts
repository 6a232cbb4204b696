/**
 * Whether an upstream may connect to a host.
 *
 * What is judged is the host as it is written: a public name that resolves to a private address is
 * for the upstream's own network to stop.
 * @module
 */
import type { UrlRules } from "../../access/inspection.ts";
import { type Address, holdsAddress, type Network, readNetwork } from "../../grammar/address.ts";
import { type Host, type HostFault, readHost } from "../../grammar/host.ts";
import type { Objection } from "../objection.ts";

/** An operator's entry for hosts: a name, `*.` and a name, or an address. */
interface Entry {
  /** As the operator wrote it. */
  readonly text: string;
  /** In ASCII and small letters, or an address in its one notation. */
  readonly name: string;
  /** Whether the host itself is meant. */
  readonly self: boolean;
  /** Whether all names below it are meant. */
  readonly below: boolean;
}

/** {@linkcode UrlRules}, made ready. */
interface ReadyRules {
  readonly allow: readonly Entry[] | undefined;
  readonly deny: readonly Entry[];
  readonly networks: readonly Network[];
}

const READY = new WeakMap<UrlRules, ReadyRules>();

/**
 * Judges a host. Where an entry that allows and one that denies both fit, the closer one counts, and
 * of two that are equally close the one that allows.
 */
export function judgeDestination(host: Host, rules: UrlRules): Objection | undefined {
  const ready = READY.get(rules) ?? makeReady(rules);
  READY.set(rules, ready);
  switch (host.kind) {
    case "invalid":
      return { rule: "host-invalid", detail: describeFault(host.fault) };
    case "address":
      return host.readings.map((reading) => judgeAddress(reading, ready))
        .find((objection) => objection !== undefined);
    case "name":
      return judgeName(host, ready);
  }
}

function makeReady(rules: UrlRules): ReadyRules {
  const names = rules.denyNames.map((text) => readEntry(text));
  const suffixes = rules.denySuffixes.map((text) => ({
    ...readEntry(text),
    self: true,
    below: true,
  }));
  return {
    allow: rules.allowHosts?.map((text) => readEntry(text)),
    deny: [...names, ...suffixes],
    networks: rules.allowNetworks.map(readNetwork).filter((network) => network !== undefined),
  };
}

function readEntry(text: string): Entry {
  const below = text.startsWith("*.");
  const bare = below ? text.slice(2) : text;
  const host = readHost(bare.includes(":") && !bare.startsWith("[") ? `[${bare}]` : bare);
  return { text, name: nameOf(host) ?? bare.toLowerCase(), self: !below, below };
}

function nameOf(host: Host): string | undefined {
  switch (host.kind) {
    case "name":
      return host.name;
    case "address":
      return host.readings[0].text;
    case "invalid":
      return undefined;
  }
}

function describeFault(fault: HostFault): string {
  switch (fault) {
    case "unreadable":
      return "names no valid host";
    case "escape":
      return "has a percent-escape in its host, which not every program decodes";
    case "label-characters":
      return "has a character in its host that no host name can have";
    case "empty-label":
      return "has an empty part in its host";
    case "too-long":
      return "has a host that is longer than the DNS allows";
  }
}

function judgeAddress(address: Address, rules: ReadyRules): Objection | undefined {
  const { text } = address;
  if (rules.allow !== undefined) {
    return closest(rules.allow, text) === undefined ? NOT_ALLOWED : undefined;
  }
  const denied = closest(rules.deny, text);
  if (denied !== undefined) return deniedBy(denied);
  if (isOpen(address, rules.networks)) return undefined;
  return address.metadata
    ? { rule: "host-metadata", detail: `leads to ${text}, where clouds serve credentials` }
    : { rule: "host-not-public", detail: `leads to ${text}, which is no public address` };
}

/** A network opens the metadata service only when it is that one address: nobody means it with `100.64.0.0/10`. */
function isOpen(address: Address, networks: readonly Network[]): boolean {
  if (address.global && !address.metadata) return true;
  return networks.some((network) =>
    holdsAddress(network, address) &&
    (!address.metadata || network.prefixBits === address.octets.length * 8)
  );
}

function judgeName(
  { name, metadata }: Extract<Host, { kind: "name" }>,
  rules: ReadyRules,
): Objection | undefined {
  const denied = closest(rules.deny, name);
  if (rules.allow !== undefined) {
    const allowed = closest(rules.allow, name);
    if (allowed === undefined) return NOT_ALLOWED;
    return denied !== undefined && isCloser(denied, { than: allowed, to: name })
      ? deniedBy(denied)
      : undefined;
  }
  if (denied !== undefined) return deniedBy(denied);
  if (metadata) {
    return { rule: "host-metadata", detail: "leads to a service where clouds serve credentials" };
  }
  return name.includes(".") ? undefined : {
    rule: "host-single-label",
    detail: "has a host without a dot, which only the local network knows",
  };
}

const NOT_ALLOWED: Objection = {
  rule: "host-not-allowed",
  detail: "has a host that is not among the allowed ones",
};

function deniedBy({ text }: Entry): Objection {
  return { rule: "host-denied", detail: `has a host that "${text.slice(0, 80)}" closes` };
}

/** The entry with the most in common with a host. */
function closest(entries: readonly Entry[], name: string): Entry | undefined {
  let best: Entry | undefined;
  for (const entry of entries) {
    const fits = entry.name === name ? entry.self : entry.below && name.endsWith(`.${entry.name}`);
    if (fits && (best === undefined || isCloser(entry, { than: best, to: name }))) best = entry;
  }
  return best;
}

function isCloser(
  entry: Entry,
  { than, to }: { readonly than: Entry; readonly to: string },
): boolean {
  if (than.name === to) return false;
  return entry.name === to || entry.name.length > than.name.length;
}
