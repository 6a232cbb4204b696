import assert from "node:assert/strict";
import { accessRequest, type Asked, localPrincipal } from "../../src/cli/question.ts";
import { parsePolicy } from "../../src/policy/load.ts";

const DEV = localPrincipal("dev", ["dev"]);

function asked(question: Asked) {
  const { principal, action, known, method, resource, context } = accessRequest(question, {
    principal: DEV,
    server: "s",
  });
  return [
    principal.kind,
    method,
    action,
    known,
    `${resource.kind} ${resource.name}`,
    context.direction,
  ];
}

Deno.test("accessRequest() puts the question that the gateway would put", () => {
  const down = "client-to-upstream";
  const cases: [Asked, unknown[]][] = [
    [{ kind: "tool", name: "t" }, ["local", "tools/call", "execute", true, "tool t", down]],
    [{ kind: "prompt", name: "p" }, ["local", "prompts/get", "read", true, "prompt p", down]],
    [{ kind: "resource", name: "u:/x" }, [
      "local",
      "resources/read",
      "read",
      true,
      "resource u:/x",
      down,
    ]],
    [{ kind: "method", name: "tools/list" }, [
      "local",
      "tools/list",
      "control",
      true,
      "server tools/list",
      down,
    ]],
    [{ kind: "method", name: "vendor/x" }, [
      "local",
      "vendor/x",
      "execute",
      false,
      "server vendor/x",
      down,
    ]],
    [{ kind: "method", name: "constructor" }, [
      "local",
      "constructor",
      "execute",
      false,
      "server constructor",
      down,
    ]],
    [
      { kind: "method", name: "elicitation/create" },
      [
        "upstream",
        "elicitation/create",
        "ask-client",
        true,
        "server elicitation",
        "upstream-to-client",
      ],
    ],
  ];
  for (const [question, wanted] of cases) assert.deepEqual(asked(question), wanted);
});

Deno.test("accessRequest() leaves the arguments of a template unknown", () => {
  const request = accessRequest({ kind: "template", name: "u:/{x}" }, {
    principal: DEV,
    server: null,
  });
  assert.equal(request.arguments, undefined);
  assert.equal(request.resource.template, true);
});

Deno.test("accessRequest() agrees with the policy on what a server may ask", async () => {
  const policy = await parsePolicy(
    'version: "1"\nprincipals: {}\nservers: { s: { may: [sampling] } }\n',
    { upstream: { name: "s" } },
  );
  const effect = (name: string) =>
    policy.decide(accessRequest({ kind: "method", name }, { principal: DEV, server: "s" })).effect;
  assert.deepEqual(
    ["sampling/createMessage", "elicitation/create", "roots/list"].map(effect),
    ["allow", "deny", "deny"],
  );
});
