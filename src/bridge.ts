/**
 * One run of the bridge: a client on stdio in front of a server over Streamable HTTP.
 * @module
 */

import { type LocalPlan, LocalRun } from "./local_run.ts";
import { runBridge } from "./transport/bridge/bridge.ts";
import { type CredentialSource, upstreamCredential } from "./transport/bridge/credential.ts";
import { Ticker } from "./transport/http/ticker.ts";
import { HttpWire } from "./transport/http/http_wire.ts";

/** What a `wrap --upstream` run is told. */
export interface BridgePlan extends LocalPlan {
  /** The server's endpoint of Streamable HTTP. */
  readonly url: URL;
  /** The way there is neither encrypted nor on this machine, as the operator wants it. */
  readonly isOpenToOthers: boolean;
  /** What the proxy shows the server of its own. */
  readonly credentials: readonly CredentialSource[];
}

/**
 * Runs the bridge as the command line does, until the client leaves.
 *
 * @throws {ConfigurationError} when the policy is not good; nothing was forwarded.
 * @throws {AegisError} when a credential cannot be read or the audit cannot be opened.
 */
export async function startBridge(plan: BridgePlan): Promise<number> {
  // what stands after the path of an address may be a secret
  const url = `${plan.url.origin}${plan.url.pathname}`;
  await using run = new LocalRun(plan, {
    argv: [plan.url.href],
    detail: { url },
    mirrored: true,
  });
  const headers = await upstreamCredential(plan.credentials);
  using ticker = new Ticker();
  const { limits } = plan;
  const link = new HttpWire({
    url: plan.url,
    headers,
    maxBytes: limits.maxSseBufferBytes,
    timeoutMs: limits.transportTimeoutMs,
    ticker,
  });
  run.log.log("INFO", `the server is reached at ${url}`);
  if (plan.isOpenToOthers) {
    run.log.log(
      "WARNING",
      "whoever stands between this machine and the server can read every call",
    );
  }
  return await runBridge({ channel: run.open(), link, limits, log: run.log });
}
