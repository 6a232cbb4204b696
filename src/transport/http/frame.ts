/**
 * The frame that a client posts.
 * @module
 */

import type { IncomingFrame } from "../../gateway/channel.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import { readBody } from "./body.ts";
import { overloaded, refused } from "./replies.ts";
import type { Ticker } from "./ticker.ts";

/** Reads the body of a POST; a response when there is nothing to judge. */
export async function clientFrame(
  request: Request,
  { gateway: { limits, budget }, ticker }: {
    readonly gateway: Pick<Gateway, "limits" | "budget">;
    readonly ticker: Ticker;
  },
): Promise<IncomingFrame | Response> {
  const read = await readBody(request, {
    max: limits.maxHttpBodyBytes,
    limit: "maxHttpBodyBytes",
    timeoutMs: limits.transportTimeoutMs,
    ticker,
    budget,
  });
  if (read.ok) return read.value;
  switch (read.error.kind) {
    case "late":
      return refused(408, "The body came too slowly");
    case "broken":
      return refused(400, "The body broke off");
    case "overloaded":
      return overloaded("There is no room for the body at the moment");
    case "oversize":
      return read.error.frame;
  }
}
