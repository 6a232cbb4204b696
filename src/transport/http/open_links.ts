/**
 * Which link goes with which upstream.
 * @module
 */

import { httpLinks } from "./http_link.ts";
import { RoutedLinks } from "./routed_links.ts";
import type { HttpSettings, HttpUpstream } from "./settings.ts";
import { stdioWires } from "./stdio_wire.ts";
import type { Ticker } from "./ticker.ts";
import type { UpstreamLinks } from "./upstream_link.ts";

/** Makes the links to an upstream; nothing is connected to before the first message. */
export function openLinks(
  { target, gateway }: HttpUpstream,
  { settings, ticker }: { readonly settings: HttpSettings; readonly ticker: Ticker },
): UpstreamLinks {
  const { limits, log } = gateway;
  switch (target.kind) {
    case "http":
      return httpLinks({
        url: target.url,
        ...(target.headers === undefined ? {} : { headers: target.headers }),
        maxBytes: limits.maxSseBufferBytes,
        timeoutMs: limits.transportTimeoutMs,
        ticker,
      });
    case "stdio":
      return new RoutedLinks({
        open: stdioWires({ ...target, name: target.label, limits, log }),
        maxWires: target.maxChildren,
        idleMs: settings.sessionIdleMs,
        ticker,
        log,
      });
  }
}
