/**
 * Keeps what lines begin with, formatted and hashed, for the messages that come again and again.
 * @module
 */

import type { RuleRef } from "../access/decision.ts";
import type { Resource } from "../access/request.ts";
import type { MessageEntry } from "./entry.ts";
import { type Head, MAX_NAME, messageHead } from "./line.ts";
import type { Prefix, Seal } from "./seal.ts";

/** A head with its bytes and their hash so far. */
export interface HashedHead {
  readonly head: Head;
  readonly prefix: Prefix;
}

/** What a head was made of. No entry is kept: it may hold arguments of any size. */
interface Known extends HashedHead {
  readonly direction: MessageEntry["direction"];
  readonly disposition: MessageEntry["disposition"];
  readonly method: string | null;
  readonly principal: string;
  readonly roles: readonly string[];
  readonly upstream: string | null;
  readonly action: string | null;
  readonly resource: Resource | null;
  readonly effect: MessageEntry["effect"];
  readonly would: MessageEntry["would"];
  readonly rules: readonly RuleRef[];
  readonly policy: string;
}

/** Heads kept of each kind of message. */
const MAX_HEADS = 256;

const encoder = new TextEncoder();

/** One head for each kind of message and name of a resource (or method): the last that was needed. */
export class HeadCache {
  readonly #seal: Seal;
  readonly #known: Readonly<Record<MessageEntry["kind"], Map<string, Known>>> = {
    request: new Map(),
    notification: new Map(),
    result: new Map(),
    error: new Map(),
    unreadable: new Map(),
  };

  constructor(seal: Seal) {
    this.#seal = seal;
  }

  /** The head of an entry's line. */
  of(entry: MessageEntry): HashedHead {
    const name = entry.resource?.name ?? entry.method ?? "";
    const heads = this.#known[entry.kind];
    const known = heads.get(name);
    if (known !== undefined && fits(known, entry)) return known;
    const head = messageHead(entry);
    const hashed = { head, prefix: this.#seal.prefix(encoder.encode(head.text)) };
    if (!isShort(entry)) return hashed;
    if (heads.size >= MAX_HEADS) heads.clear();
    const { direction, disposition, method, principal, roles, upstream, action } = entry;
    const { resource, effect, would, rules, policy } = entry;
    heads.set(name, {
      ...hashed,
      ...{ direction, disposition, method, principal, roles, upstream, action },
      ...{ resource, effect, would, rules, policy },
    });
    return hashed;
  }
}

/** Tells whether keeping the entry's names costs little. */
function isShort({ method, principal, upstream, resource }: MessageEntry): boolean {
  return (method?.length ?? 0) <= MAX_NAME && principal.length <= MAX_NAME &&
    (upstream?.length ?? 0) <= MAX_NAME && (resource?.name.length ?? 0) <= MAX_NAME;
}

// INVARIANT: What a head says is what its entry says.
function fits(known: Known, entry: MessageEntry): boolean {
  return known.direction === entry.direction && known.disposition === entry.disposition &&
    known.effect === entry.effect && known.would === entry.would &&
    known.method === entry.method && known.action === entry.action &&
    known.principal === entry.principal && known.upstream === entry.upstream &&
    known.policy === entry.policy && sameItems(known.roles, entry.roles) &&
    sameItems(known.rules, entry.rules, sameRule) && sameResource(known.resource, entry.resource);
}

function sameItems<T>(
  a: readonly T[],
  b: readonly T[],
  same: (x: T, y: T) => boolean = Object.is,
): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false;
  return true;
}

function sameRule(a: RuleRef, b: RuleRef): boolean {
  return a === b || a.line === b.line && a.column === b.column && a.file === b.file;
}

function sameResource(a: Resource | null, b: Resource | null): boolean {
  return a === b || a !== null && b !== null && a.kind === b.kind && a.server === b.server &&
      a.name === b.name && a.template === b.template;
}
