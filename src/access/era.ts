/**
 * The protocol era of a request, for rooms that do not know the protocol.
 * @module
 */

import { type Era, eraOf } from "../mcp/revision.ts";
import type { RequestContext } from "./request.ts";

/** The era that a request came in; `legacy` before a revision is known. */
export function requestEra({ revision }: RequestContext): Era {
  return eraOf(revision);
}
