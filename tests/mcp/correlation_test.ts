import assert from "node:assert/strict";
import * as dualEra from "@modelcontextprotocol/client";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import {
  asId,
  cancelledRequest,
  createdTask,
  elicitationId,
  namedTask,
  RELATED_TASK_KEY,
  relatedTask,
  reportedProgress,
  SUBSCRIPTION_ID_KEY,
  subscriptionId,
  updatedResource,
  wantedProgress,
  wantsTask,
} from "../../src/mcp/correlation.ts";
import { CLIENT_CAPABILITIES_KEY } from "../../src/mcp/capabilities.ts";
import { PROTOCOL_VERSION_KEY } from "../../src/mcp/revision.ts";

const rawNumber = (JSON as unknown as { rawJSON(text: string): JsonValue }).rawJSON("1.0");

Deno.test("the names in _meta are those of the official package", () => {
  const names = dualEra as unknown as Readonly<Record<string, unknown>>;
  assert.equal(RELATED_TASK_KEY, names.RELATED_TASK_META_KEY);
  assert.equal(SUBSCRIPTION_ID_KEY, names.SUBSCRIPTION_ID_META_KEY);
  assert.equal(CLIENT_CAPABILITIES_KEY, names.CLIENT_CAPABILITIES_META_KEY);
  assert.equal(PROTOCOL_VERSION_KEY, names.PROTOCOL_VERSION_META_KEY);
});

Deno.test("asId() takes texts and whole numbers, and tells one from the other", () => {
  for (const id of ["", "1", 1, 0, -7, Number.MAX_SAFE_INTEGER]) assert.equal(asId(id), id);
  for (const value of [null, true, 1.5, -0, 2 ** 53, NaN, [], {}, rawNumber, undefined]) {
    assert.equal(asId(value as JsonValue), undefined);
  }
});

/** Each reader, params it finds something in, and what. */
const readers: readonly (readonly [
  (holder: JsonObject | undefined) => unknown,
  JsonObject,
  unknown,
])[] = [
  [wantedProgress, { _meta: { progressToken: 7 } }, 7],
  [wantedProgress, { _meta: { progressToken: "7" } }, "7"],
  [reportedProgress, { progressToken: "t", progress: 1 }, "t"],
  [cancelledRequest, { requestId: 3 }, 3],
  [namedTask, { taskId: "x" }, "x"],
  [relatedTask, { _meta: { [RELATED_TASK_KEY]: { taskId: "x" } } }, "x"],
  [updatedResource, { uri: "u:1" }, "u:1"],
  [subscriptionId, { _meta: { [SUBSCRIPTION_ID_KEY]: 9 } }, 9],
  [elicitationId, { elicitationId: "e" }, "e"],
];

for (const [reader, params, expected] of readers) {
  Deno.test(`${reader.name}() finds ${JSON.stringify(expected)} in ${JSON.stringify(params)} and nothing elsewhere`, () => {
    assert.equal(reader(params), expected);
    assert.equal(reader(undefined), undefined);
    assert.equal(reader({}), undefined);
    assert.equal(reader(Object.create(params)), undefined);
    assert.equal(reader(mangled(params)), undefined);
  });
}

/** Every leaf replaced by a value that names nothing. */
function mangled(value: JsonObject): JsonObject {
  const entries = Object.entries(value).map(([name, inner]) =>
    [name, typeof inner === "object" ? mangled(inner as JsonObject) : [inner]] as const
  );
  return Object.fromEntries(entries);
}

Deno.test("wantedProgress() does not read the token of a notification", () => {
  assert.equal(wantedProgress({ progressToken: 7 }), undefined);
  assert.equal(reportedProgress({ _meta: { progressToken: 7 } }), undefined);
});

Deno.test("wantsTask() only for a request with a task object", () => {
  assert.equal(wantsTask({ task: {} }), true);
  assert.equal(wantsTask({ task: { ttl: 1 } }), true);
  for (const task of [null, "x", [], true]) assert.equal(wantsTask({ task }), false);
  assert.equal(wantsTask({}), false);
  assert.equal(wantsTask(undefined), false);
});

Deno.test("createdTask() reads both shapes of a created task", () => {
  assert.equal(createdTask({ task: { taskId: "a", status: "working" } }), "a");
  assert.equal(createdTask({ resultType: "task", taskId: "b" }), "b");
  assert.equal(createdTask({ resultType: "complete", taskId: "b" }), undefined);
  assert.equal(createdTask({ taskId: "b" }), undefined);
  assert.equal(createdTask({ content: [] }), undefined);
  assert.equal(createdTask({ task: "a" }), undefined);
});
