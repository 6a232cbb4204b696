import assert from "node:assert/strict";
import { asJson, asText } from "../../scripts/conformance.ts";
import {
  count,
  differences,
  failures,
  type Row,
  rowsOf,
  total,
} from "../../scripts/conformance/compare.ts";
import { type Checks, readOutcomes } from "../../scripts/conformance/suite.ts";

const GOOD: Checks = { connects: ["SUCCESS"], lists: ["SUCCESS", "SUCCESS"] };
const BAD: Checks = { connects: ["SUCCESS"], lists: ["SUCCESS", "FAILURE"] };

function row(direct: Checks, through?: Checks, outOfScope?: string): Row {
  return {
    run: "a run",
    scenario: "tools-list",
    direct,
    ...(through && { through }),
    ...(outOfScope && { outOfScope }),
  };
}

Deno.test("differences() names each check whose verdicts differ, and what is missing on one way", () => {
  assert.deepEqual(differences(row(GOOD, GOOD)), []);
  assert.deepEqual(differences(row(GOOD, BAD)), [
    "lists: SUCCESS,SUCCESS → SUCCESS,FAILURE",
  ]);
  assert.deepEqual(differences(row(GOOD, {})), [
    "connects: SUCCESS → none",
    "lists: SUCCESS,SUCCESS → none",
  ]);
  assert.deepEqual(differences(row({}, GOOD)).length, 2);
  assert.deepEqual(differences(row(BAD)), [], "only one way was taken");
});

Deno.test("differences() count out of scope too, unless the proxy is better, failures() do not", () => {
  assert.deepEqual(failures(row(BAD)), ["lists"]);
  assert.deepEqual(failures(row(BAD, BAD, "an extension")), []);
  assert.equal(differences(row(GOOD, BAD, "an extension")).length, 1);
  const [worse, better] = [{ tasks: ["FAILURE"] }, { tasks: ["SUCCESS"] }];
  assert.deepEqual(differences(row(worse, better, "an extension")), []);
  assert.equal(differences(row(worse, better)).length, 1);
});

Deno.test("count() and total() leave out warnings and what was skipped", () => {
  const checks = { a: ["SUCCESS", "WARNING"], b: ["FAILURE", "SKIPPED"] };
  assert.deepEqual(count(checks), { passed: 1, failed: 1 });
  assert.deepEqual(total([checks, GOOD]), { passed: 4, failed: 1 });
});

Deno.test("rowsOf() has a row for a scenario that only one way has", () => {
  const reason = (scenario: string) => scenario === "c" ? "an extension" : undefined;
  const rows = rowsOf("a run", new Map([["a", GOOD]]), new Map([["c", BAD]]), reason);
  assert.deepEqual(rows, [
    { run: "a run", scenario: "a", direct: GOOD, through: {} },
    { run: "a run", scenario: "c", direct: {}, through: BAD, outOfScope: "an extension" },
  ]);
});

Deno.test("asText() and asJson() say what differs and what fails", () => {
  const rows = [row(BAD, GOOD), row(BAD, BAD, "an extension")];
  assert.equal(
    asText(rows),
    [
      "",
      "a run: 2/1 → 3/0 (out of scope: 2/1 → 2/1)",
      "  tools-list  2/1 → 3/0",
      "    fails directly: lists",
      "    differs: lists: SUCCESS,FAILURE → SUCCESS,SUCCESS",
      "  tools-list  2/1 → 2/1  out of scope: an extension",
    ].join("\n"),
  );
  assert.equal(asText([row(GOOD)]), "\na run: 3/0\n  tools-list  3/0");
  const [first] = JSON.parse(asJson(rows));
  assert.deepEqual([first.failures.length, first.differences.length], [1, 1]);
});

Deno.test("readOutcomes() reads verdicts by scenario and leaves out what only informs", async () => {
  const folder = await Deno.makeTempDir();
  const write = async (name: string, checks: unknown) => {
    await Deno.mkdir(`${folder}/${name}`);
    await Deno.writeTextFile(`${folder}/${name}/checks.json`, JSON.stringify(checks));
  };
  try {
    await write("server-server-initialize-2026-11-25T19-14-05-876Z", [
      { id: "b", status: "SUCCESS" },
      { id: "event", status: "INFO" },
      { id: "b", status: "FAILURE" },
    ]);
    await write("sse-retry-2026-11-25T19-14-04-876Z", [{ id: "a", status: "WARNING" }]);
    await write("something-else", []);
    assert.deepEqual([...await readOutcomes(folder)], [
      ["sse-retry", { a: ["WARNING"] }],
      ["server-initialize", { b: ["SUCCESS", "FAILURE"] }],
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
