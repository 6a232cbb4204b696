/**
 * The self-checks of `mcp-aegis verify`: does this program, on this machine, keep its promises?
 * @module
 */

import { createGateway } from "../assemble.ts";
import { memorySink } from "../audit/memory_sink.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { localAuthenticator } from "../identity/authenticator.ts";
import { parsePolicy } from "../policy/load.ts";
import { auditChecks } from "./audit.ts";
import { GROUPS } from "./groups.ts";
import { type CheckResult, runGroups } from "./run.ts";

/** Plays every self-check, each in a gateway of its own; results come as they are known. */
export async function* selfChecks(): AsyncGenerator<CheckResult> {
  yield* runGroups(GROUPS, openGateway);
  yield* auditChecks();
}

async function openGateway(policy: string): Promise<Gateway> {
  return createGateway({
    authenticator: localAuthenticator({ principal: "self" }),
    policy: await parsePolicy(policy, { file: "self-check.yaml" }),
    audit: memorySink(),
  });
}
