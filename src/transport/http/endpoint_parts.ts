/**
 * What the endpoints of one upstream have in common.
 * @module
 */

import { UpstreamMemory } from "../../gateway/upstream_memory.ts";
import { openLinks } from "./open_links.ts";
import type { HttpSettings, HttpUpstream } from "./settings.ts";
import type { Ticker } from "./ticker.ts";
import type { UpstreamLinks } from "./upstream_link.ts";

/** One upstream, and what its endpoints share. */
export interface EndpointParts {
  readonly upstream: HttpUpstream;
  readonly settings: HttpSettings;
  readonly ticker: Ticker;
  readonly links: UpstreamLinks;
  /** What is known of the upstream's tools. */
  readonly memory: UpstreamMemory;
}

/** Makes the parts of one upstream. */
export function endpointParts(
  upstream: HttpUpstream,
  { settings, ticker }: Pick<EndpointParts, "settings" | "ticker">,
): EndpointParts {
  const links = openLinks(upstream, { settings, ticker });
  return { upstream, settings, ticker, links, memory: new UpstreamMemory() };
}
