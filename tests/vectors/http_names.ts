/**
 * Over HTTP the upstream is shared, so that the proxy gives ids and progress tokens of its own. A
 * case is written in those of its client: here they are told apart.
 * @module
 */

import { isRequest, type Looked, messagesOf } from "./http_upstream.ts";

type Member = "id" | "requestId" | "progressToken";

/** One name: as the client wrote it and as the upstream sees it, both as JSON. */
interface Pair {
  readonly own: string;
  readonly wire: string;
}

/** The names of one session. */
export class HttpNames {
  /** The latest last. */
  readonly #ids: Pair[] = [];
  readonly #tokens: Pair[] = [];

  /** Notes how the requests of a client's frame arrived, and gives what arrived in the client's names. */
  arrived(frame: Uint8Array, bodies: readonly Uint8Array[]): readonly Uint8Array[] {
    const asked = messagesOf(frame).filter(isRequest);
    for (const [wire] of bodies.map(messagesOf)) {
      const at = asked.findIndex((each) => wire !== undefined && areAlike(each, wire));
      const [own] = at < 0 ? [] : asked.splice(at, 1);
      if (own === undefined || wire === undefined) continue;
      this.#ids.push(pair(own.id, wire.id));
      const [token, sent] = [tokenOf(own), tokenOf(wire)];
      if (token !== undefined) this.#tokens.push(pair(token, sent));
    }
    return bodies.map((body) => this.#toOwn(body));
  }

  /** A frame of the upstream in the names that the proxy gave it. */
  spoken(frame: Uint8Array): Uint8Array {
    const text = new TextDecoder().decode(frame);
    const isAnswer = messagesOf(frame).every(({ method }) => method === undefined);
    const turned = isAnswer
      ? replaced(text, "id", this.#ids, ({ own, wire }) => [own, wire])
      : replaced(text, "progressToken", this.#tokens, ({ own, wire }) => [own, wire]);
    return turned === text ? frame : new TextEncoder().encode(turned);
  }

  #toOwn(body: Uint8Array): Uint8Array {
    const text = new TextDecoder().decode(body);
    const back = ({ own, wire }: Pair): [string, string] => [wire, own];
    let turned = replaced(text, "requestId", this.#ids, back);
    turned = replaced(turned, "progressToken", this.#tokens, back);
    if (messagesOf(body).some(isRequest)) turned = replaced(turned, "id", this.#ids, back);
    return new TextEncoder().encode(turned);
  }
}

/** The text with the name of the first such member changed, where that is known. */
function replaced(
  text: string,
  member: Member,
  pairs: readonly Pair[],
  turn: (pair: Pair) => readonly [from: string, to: string],
): string {
  const start = text.match(new RegExp(`"${member}"\\s*:\\s*`));
  if (start === null) return text;
  const at = (start.index ?? 0) + start[0].length;
  for (const [from, to] of pairs.toReversed().map(turn)) {
    const isIt = text.startsWith(from, at) && /^\s*[,}]/.test(text.slice(at + from.length));
    if (isIt) return text.slice(0, at) + to + text.slice(at + from.length);
  }
  return text;
}

function pair(own: unknown, wire: unknown): Pair {
  return { own: JSON.stringify(own), wire: JSON.stringify(wire) };
}

function areAlike(a: Looked, b: Looked): boolean {
  return a.method === b.method && a.params?.name === b.params?.name;
}

function tokenOf({ params }: Looked): unknown {
  return (params?._meta as { readonly progressToken?: unknown } | undefined)?.progressToken;
}
