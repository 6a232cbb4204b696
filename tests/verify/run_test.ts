import assert from "node:assert/strict";
import { GROUPS } from "../../src/verify/groups.ts";
import { runGroups } from "../../src/verify/run.ts";
import { selfChecks } from "../../src/verify/verify.ts";
import { denying, TestChannel } from "../gateway/harness.ts";

Deno.test("selfChecks() has at least 30 checks, a control in each group, and all pass", async () => {
  const results = [];
  for await (const result of selfChecks()) results.push(result);
  assert.ok(results.filter(({ control }) => !control).length >= 30);
  const groups = new Set(results.map(({ group }) => group));
  const controlled = results.filter(({ control }) => control).map(({ group }) => group);
  assert.deepEqual(controlled, [...groups]);
  assert.deepEqual(results.filter(({ problem }) => problem !== undefined), []);
});

Deno.test("runGroups() fails the checks of a gateway that lets everything pass, and the controls that then pass", async () => {
  const open = async () => (await TestChannel.open({ policy: denying([]) })).gateway;
  const failed: string[] = [];
  for await (const { group, name, problem } of runGroups(GROUPS, open)) {
    if (problem !== undefined) failed.push(`${group}: ${name}`);
  }
  for (
    const expected of [
      "policy: a denied call does not",
      "policy: a denied call passes",
      'names: "READ_FILE" is not "read_file"',
      "lists: a list shows only what can be called",
      "limits: a rate holds",
    ]
  ) {
    assert.ok(failed.includes(expected), `${expected} among ${failed.join("; ")}`);
  }
});
