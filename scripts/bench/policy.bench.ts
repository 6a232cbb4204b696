/**
 * One decision of a policy of 50 rules, in which the rule that allows stands last.
 * @module
 */

import type { AccessRequest, Action, Resource } from "../../src/access/request.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { benchPolicy } from "./path_cases.ts";

const policy = await parsePolicy(benchPolicy(), { file: "bench.yaml" });

interface Asked {
  readonly method: string;
  readonly action: Action;
  readonly kind: Resource["kind"];
  readonly name: string;
  readonly principal?: string;
}

function asked({ method, action, kind, name, principal = "bench" }: Asked): AccessRequest {
  return {
    principal: { id: principal, kind: "local", roles: new Set(), scopes: new Set() },
    action,
    resource: { kind, server: null, name },
    method,
    known: true,
    arguments: { text: "hello" },
    context: {
      traceId: "0123456789abcdef",
      receivedAtMs: 0,
      direction: "client-to-upstream",
      transport: "stdio",
      revision: "2025-06-18",
    },
  };
}

const call = asked({ method: "tools/call", action: "execute", kind: "tool", name: "echo" });
const stranger = { ...call, principal: { ...call.principal, id: "stranger" } };
const read = asked({ method: "resources/read", action: "read", kind: "resource", name: "x://y" });
const upkeep = asked({ method: "ping", action: "control", kind: "server", name: "ping" });

Deno.bench("policy: allow tools/call by rule 50 of 50", { group: "policy", baseline: true }, () => {
  policy.decide(call);
});
Deno.bench("policy: deny tools/call of a stranger", { group: "policy" }, () => {
  policy.decide(stranger);
});
Deno.bench("policy: allow resources/read by rule 50 of 50", { group: "policy" }, () => {
  policy.decide(read);
});
Deno.bench("policy: allow ping", { group: "policy" }, () => {
  policy.decide(upkeep);
});
Deno.bench("policy: load 50 rules", { group: "policy" }, async () => {
  await parsePolicy(benchPolicy(), { file: "bench.yaml" });
});
