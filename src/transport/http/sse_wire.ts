/**
 * The wire to a server of HTTP+SSE (MCP 2024-11-05): one stream for all it says, an endpoint for all
 * it is told.
 *
 * The stream cannot be resumed: the conversation ends with it.
 * @module
 */

import type { IncomingFrame } from "../../gateway/channel.ts";
import type { Cleared } from "../../gateway/clear.ts";
import { AegisError } from "../../base/error.ts";
import { messageOf } from "./body.ts";
import { sseEvents } from "./http_wire.ts";
import type { OpenWire, Wire, WireListener } from "./routed_link.ts";
import type { SseItem } from "./sse_item.ts";
import type { EventSource, Header, OwnHeaders } from "./upstream_link.ts";

/** Options of {@linkcode sseWires}. */
export interface SseWireOptions {
  /** Where the stream is. */
  readonly url: URL;
  /** The proxy's own credential, asked for before each request. */
  readonly headers?: OwnHeaders;
  /** The most bytes of one event. */
  readonly maxBytes: number;
  /** Milliseconds until the server has named its endpoint, or taken a message. */
  readonly timeoutMs: number;
}

/** An endpoint is a URI; servers take no longer ones, commonly. */
const MAX_ENDPOINT_BYTES = 8 * 1024;

/** Connects to the stream for each wire. */
export function sseWires(options: SseWireOptions): OpenWire {
  return async (listener) => {
    const opening = { isLate: false };
    const late = new AbortController();
    const timer = setTimeout(() => {
      opening.isLate = true;
      late.abort();
    }, options.timeoutMs);
    let events: EventSource | undefined;
    try {
      events = await listen(options, late.signal);
      const opened = events;
      late.signal.addEventListener("abort", () => void opened.cancel());
      const items = events[Symbol.asyncIterator]();
      const { endpoint, rest } = await endpointOf(items, options.url);
      return wire(options, { endpoint, events, rest, items, listener });
    } catch (error) {
      await events?.cancel();
      const why = opening.isLate ? `no answer in ${options.timeoutMs} ms` : messageOf(error);
      throw new AegisError("cannot-connect", `Cannot connect to ${options.url.href}: ${why}`);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Asks for the stream. */
async function listen(options: SseWireOptions, signal: AbortSignal): Promise<EventSource> {
  const response = await fetch(options.url, {
    headers: await headersOf(options, [
      ["accept", "text/event-stream"],
      // a compressed stream could be larger than any bound once it is read
      ["accept-encoding", "identity"],
    ]),
    redirect: "manual",
    signal,
  });
  const type = (response.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (response.status !== 200 || type !== "text/event-stream") {
    await response.body?.cancel();
    throw new Error(`it gave no stream (HTTP ${response.status})`);
  }
  return sseEvents(response.body, options);
}

type Items = AsyncIterator<readonly SseItem[]>;

/** Where messages are posted, and what came after that was said. */
async function endpointOf(
  items: Items,
  url: URL,
): Promise<{ readonly endpoint: URL; readonly rest: readonly SseItem[] }> {
  for (let next = await items.next(); !next.done; next = await items.next()) {
    for (const [at, item] of next.value.entries()) {
      if (item.kind !== "event" || item.event !== "endpoint") continue;
      if (item.data.length > MAX_ENDPOINT_BYTES) throw new Error("its endpoint is too long");
      const endpoint = URL.parse(new TextDecoder().decode(item.data), url);
      // messages, and the proxy's own credential, go to the server that the operator named
      if (endpoint?.origin !== url.origin) throw new Error("its endpoint is on another server");
      return { endpoint, rest: next.value.slice(at + 1) };
    }
  }
  throw new Error("its stream ended before it named an endpoint");
}

interface Opened {
  readonly endpoint: URL;
  readonly events: EventSource;
  readonly items: Items;
  /** What came with the endpoint. */
  readonly rest: readonly SseItem[];
  readonly listener: WireListener;
}

function wire(options: SseWireOptions, opened: Opened): Wire {
  return {
    send: (cleared) => post(options, opened.endpoint, cleared),
    close: () => void opened.events.cancel(),
    gone: pump(opened),
  };
}

/** Gives every message to the listener until the stream ends. Never rejects. */
async function pump({ items, rest, listener }: Opened): Promise<void> {
  let detail = "its stream ended";
  try {
    for (let batch: readonly SseItem[] | undefined = rest; batch !== undefined;) {
      for (const item of batch) {
        const frame = frameOf(item);
        if (frame !== undefined) await listener.frame(frame);
      }
      const next: IteratorResult<readonly SseItem[]> = await items.next();
      batch = next.done ? undefined : next.value;
    }
  } catch (error) {
    detail = `its stream broke off: ${messageOf(error)}`;
  }
  listener.ended(detail);
}

function frameOf(item: SseItem): IncomingFrame | undefined {
  switch (item.kind) {
    case "event": {
      const isMessage = item.event === undefined || item.event === "message";
      return isMessage && item.data.length > 0 ? item.data : undefined;
    }
    case "oversize":
      return { ...item, oversize: true, limit: "maxSseBufferBytes" };
    case "unreadable":
      return item.data.length > 0 ? item.data : undefined;
    case "comment":
    case "truncated":
      return undefined;
  }
}

/** Posts one message; says why the server did not take it. */
async function post(
  options: SseWireOptions,
  endpoint: URL,
  { bytes }: Cleared,
): Promise<string | undefined> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), options.timeoutMs);
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: await headersOf(options, [["content-type", "application/json"]]),
      // redirects are an upstream's way to make the proxy call others
      redirect: "manual",
      body: bytes as Uint8Array<ArrayBuffer>,
      signal: late.signal,
    });
    await response.body?.cancel();
    return response.ok ? undefined : `it answered HTTP ${response.status}`;
  } catch (error) {
    return `no answer: ${messageOf(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

// INVARIANT: a client's token never goes upstream: these are all the headers there are.
async function headersOf(
  { headers }: SseWireOptions,
  ours: readonly Header[],
): Promise<[string, string][]> {
  const own = await headers?.() ?? [];
  return [...ours, ...own].map(([name, value]) => [name, value]);
}
