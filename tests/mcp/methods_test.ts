import assert from "node:assert/strict";
import * as dualEra from "@modelcontextprotocol/core";
import * as legacy from "@modelcontextprotocol/sdk/types.js";
import {
  allMethods,
  askOf,
  type MethodSpec,
  methodSpec,
  type Side,
} from "../../src/mcp/methods.ts";
import { type Revision, REVISIONS } from "../../src/mcp/revision.ts";

/** A union of message schemas as both packages ship them. */
interface Union {
  readonly options: readonly { readonly shape: { readonly method: { readonly value: string } } }[];
}

type Kind = MethodSpec["kind"];

function unions(schemas: Record<string, unknown>): readonly (readonly [Side, Kind, Union])[] {
  const union = (name: string) => schemas[name] as Union;
  return [
    ["client", "request", union("ClientRequestSchema")],
    ["client", "notification", union("ClientNotificationSchema")],
    ["upstream", "request", union("ServerRequestSchema")],
    ["upstream", "notification", union("ServerNotificationSchema")],
  ];
}

for (
  const [what, schemas] of [
    ["sdk 1.x", legacy as unknown as Record<string, unknown>],
    ["core 2.x", dualEra as unknown as Record<string, unknown>],
  ] as const
) {
  for (const [side, kind, union] of unions(schemas)) {
    Deno.test(`methodSpec() knows every ${kind} of the ${side} in the schemas of ${what}`, () => {
      const methods = union.options.map((option) => option.shape.method.value);
      assert.ok(methods.length >= 4, `only ${methods.length} in the schema`);
      for (const method of methods) {
        const spec = methodSpec(method, side);
        assert.equal(spec?.method, method);
        assert.equal(spec.kind, kind, method);
        if (what === "sdk 1.x") assert.ok(spec.sentBy[side].includes("2025-11-25"), method);
      }
    });
  }
}

Deno.test("methodSpec() knows every method that the table of sdk 1.x has for 2025-11-25, and no more", () => {
  for (const [side, kind, union] of unions(legacy as unknown as Record<string, unknown>)) {
    assert.deepEqual(
      sent(side, "2025-11-25", kind),
      union.options.map((option) => option.shape.method.value).sort(),
    );
  }
});

function sent(side: Side, revision: Revision, kind?: Kind): readonly string[] {
  return allMethods()
    .filter((spec) => spec.sentBy[side].includes(revision))
    .filter((spec) => kind === undefined || spec.kind === kind)
    .map((spec) => spec.method).sort();
}

/** `ClientRequest`, `ClientNotification`, `ServerRequest`, `ServerNotification` of each `schema.json`. */
const CLIENT_2024 =
  "initialize ping resources/list resources/templates/list resources/read resources/subscribe " +
  "resources/unsubscribe prompts/list prompts/get tools/list tools/call logging/setLevel " +
  "completion/complete notifications/initialized notifications/cancelled notifications/progress " +
  "notifications/roots/list_changed";
const UPSTREAM_2024 =
  "ping sampling/createMessage roots/list notifications/cancelled notifications/progress " +
  "notifications/message notifications/resources/updated notifications/resources/list_changed " +
  "notifications/prompts/list_changed notifications/tools/list_changed";
const TASKS_2025 = " tasks/get tasks/result tasks/cancel tasks/list notifications/tasks/status";

const INVENTORY: Readonly<Record<Revision, Readonly<Record<Side, string>>>> = {
  "2024-11-05": { client: CLIENT_2024, upstream: UPSTREAM_2024 },
  "2025-03-26": { client: CLIENT_2024, upstream: UPSTREAM_2024 },
  "2025-06-18": { client: CLIENT_2024, upstream: `${UPSTREAM_2024} elicitation/create` },
  "2025-11-25": {
    client: CLIENT_2024 + TASKS_2025,
    upstream: UPSTREAM_2024 + TASKS_2025 +
      " elicitation/create notifications/elicitation/complete",
  },
  "2026-07-28": {
    client: "server/discover resources/list resources/templates/list resources/read " +
      "subscriptions/listen prompts/list prompts/get tools/list tools/call completion/complete " +
      "notifications/cancelled " +
      "tasks/get tasks/update tasks/cancel", // extension io.modelcontextprotocol/tasks
    upstream: "notifications/cancelled notifications/progress notifications/message " +
      "notifications/resources/updated notifications/resources/list_changed " +
      "notifications/prompts/list_changed notifications/tools/list_changed " +
      "notifications/subscriptions/acknowledged " +
      "notifications/tasks", // extension io.modelcontextprotocol/tasks
  },
};

for (const revision of REVISIONS) {
  Deno.test(`allMethods() has exactly the methods of ${revision} in each direction`, () => {
    for (const side of ["client", "upstream"] as const) {
      assert.deepEqual(sent(side, revision), INVENTORY[revision][side].split(" ").sort(), side);
    }
  });
}

Deno.test("allMethods() names each method once, a notification exactly when its name says so", () => {
  const names = allMethods().map((spec) => spec.method);
  assert.equal(new Set(names).size, names.length);
  for (const spec of allMethods()) {
    assert.equal(spec.kind === "notification", spec.method.startsWith("notifications/"));
  }
});

Deno.test("allMethods() lets a server's questions through only as asks", () => {
  const control = allMethods()
    .filter((spec) => spec.kind === "request" && spec.sentBy.upstream.length > 0)
    .filter((spec) => spec.governed !== "ask").map((spec) => spec.method).sort();
  // A ping, and the upkeep of tasks that the server started at the client.
  assert.deepEqual(control, ["ping", "tasks/cancel", "tasks/get", "tasks/list", "tasks/result"]);
});

for (
  const [governed, methods] of [
    ["list", "prompts/list resources/list resources/templates/list tools/list"],
    [
      "grant",
      "completion/complete prompts/get resources/read resources/subscribe resources/unsubscribe tools/call",
    ],
    ["listen", "subscriptions/listen"],
    ["ask", "elicitation/create roots/list sampling/createMessage"],
  ] as const
) {
  Deno.test(`allMethods() governs by ${governed} exactly: ${methods}`, () => {
    const found = allMethods().filter((spec) => spec.governed === governed);
    assert.deepEqual(found.map((spec) => spec.method).sort(), methods.split(" "));
  });
}

for (
  const name of [
    "TOOLS/CALL",
    "tools/call ",
    " tools/call",
    "tools/call\0",
    "tools∕call",
    "tools//call",
    "",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "tools/delete",
  ]
) {
  Deno.test(`methodSpec() compares names exactly: ${JSON.stringify(name)} is unknown`, () => {
    assert.equal(methodSpec(name, "client"), undefined);
    assert.equal(methodSpec(name, "upstream"), undefined);
    assert.equal(askOf(name), undefined);
  });
}

Deno.test("methodSpec() does not know a method of the other side", () => {
  assert.equal(methodSpec("tools/call", "upstream"), undefined);
  assert.equal(methodSpec("initialize", "upstream"), undefined);
  assert.equal(methodSpec("sampling/createMessage", "client"), undefined);
  assert.equal(methodSpec("notifications/tools/list_changed", "client"), undefined);
});

Deno.test("askOf() names what is asked", () => {
  assert.equal(askOf("sampling/createMessage"), "sampling");
  assert.equal(askOf("elicitation/create"), "elicitation");
  assert.equal(askOf("roots/list"), "roots");
  assert.equal(askOf("tools/call"), undefined);
});
