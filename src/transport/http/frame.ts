/**
 * The frame that a client posts.
 * @module
 */

import type { Limits } from "../../base/limits.ts";
import type { IncomingFrame } from "../../gateway/channel.ts";
import { readBody } from "./body.ts";
import { refused } from "./replies.ts";
import type { Ticker } from "./ticker.ts";

/** Reads the body of a POST; a response when there is nothing to judge. */
export async function clientFrame(
  request: Request,
  { limits, ticker }: {
    readonly limits: Pick<Limits, "maxHttpBodyBytes" | "transportTimeoutMs">;
    readonly ticker: Ticker;
  },
): Promise<IncomingFrame | Response> {
  const read = await readBody(request, {
    max: limits.maxHttpBodyBytes,
    limit: "maxHttpBodyBytes",
    timeoutMs: limits.transportTimeoutMs,
    ticker,
  });
  if (read.ok) return read.value;
  switch (read.error.kind) {
    case "late":
      return refused(408, "The body came too slowly");
    case "broken":
      return refused(400, "The body broke off");
    case "oversize":
      return read.error.frame;
  }
}
