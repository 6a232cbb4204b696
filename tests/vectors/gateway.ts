/**
 * The gateway that every case is played against: our own policy engine, nothing recorded.
 * @module
 */

import { createGateway } from "../../src/assemble.ts";
import { noneSink } from "../../src/audit/none_sink.ts";
import type { Gateway } from "../../src/gateway/gateway.ts";
import { localAuthenticator } from "../../src/identity/authenticator.ts";
import { parsePolicy } from "../../src/policy/load.ts";

/** Opens it for the principal `tester`. */
export async function openVectorGateway(policy: string): Promise<Gateway> {
  return createGateway({
    authenticator: localAuthenticator({ principal: "tester" }),
    policy: await parsePolicy(policy, { file: "vector.yaml" }),
    audit: noneSink(),
  });
}
