/**
 * Arguments that the upstream connects to: a host, an address, or either with a port.
 * @module
 */
import type { UrlRules } from "../../access/inspection.ts";
import { readHostPort } from "../../grammar/host.ts";
import type { Objection } from "../objection.ts";
import { judgeDestination } from "./destination.ts";

/** Says what is wrong with a host, if anything is. Takes a host, `host:port`, `[IPv6]:port` and bare IPv6. */
export function examineHost(value: string, rules: UrlRules): Objection | undefined {
  return judgeDestination(readHostPort(value).host, rules);
}
