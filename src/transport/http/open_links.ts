/**
 * Which link goes with which upstream.
 * @module
 */

import { httpLinks } from "./http_link.ts";
import { RoutedLinks } from "./routed_links.ts";
import type { HttpSettings, HttpUpstream } from "./settings.ts";
import { sseWires } from "./sse_wire.ts";
import { stdioWires } from "./stdio_wire.ts";
import type { Ticker } from "./ticker.ts";
import type { UpstreamLinks } from "./upstream_link.ts";

/** Makes the links to an upstream; nothing is connected to before the first message. */
export function openLinks(
  { target, gateway }: HttpUpstream,
  { settings, ticker }: { readonly settings: HttpSettings; readonly ticker: Ticker },
): UpstreamLinks {
  const { limits, log } = gateway;
  const bounds = { maxBytes: limits.maxSseBufferBytes, timeoutMs: limits.transportTimeoutMs };
  const routed = { idleMs: settings.sessionIdleMs, ticker, log };
  switch (target.kind) {
    case "http":
      return httpLinks({ ...target, ...bounds, ticker });
    case "sse":
      return new RoutedLinks({
        ...routed,
        open: sseWires({ ...target, ...bounds }),
        maxWires: settings.maxSessions,
      });
    case "stdio":
      return new RoutedLinks({
        ...routed,
        open: stdioWires({ ...target, name: target.label, limits, log }),
        maxWires: target.maxChildren,
      });
  }
}
