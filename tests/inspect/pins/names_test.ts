import assert from "node:assert/strict";
import { examineNames, lookalikesAcross } from "../../../src/inspect/pins/names.ts";

Deno.test("examineNames() refuses names outside the grammar, repeated ones and look-alikes", () => {
  const names = [
    "read_file",
    "Read_File",
    "reаd_file",
    "read_file",
    "a b",
    "",
    "x".repeat(129),
    "v1",
  ];
  assert.deepEqual(examineNames(names).map((fault) => `${fault.kind} ${fault.name.slice(0, 9)}`), [
    "look-alike Read_File",
    "grammar reаd_file",
    "repeated read_file",
    "grammar a b",
    "grammar ",
    "grammar xxxxxxxxx",
  ]);
});

Deno.test("examineNames() lets pass names that only resemble one another", () => {
  const names = ["get_cell", "get_ceil", "list", "lists", "a.b", "a-b", "a_b", "file1", "file2"];
  assert.deepEqual(examineNames(names), []);
});

Deno.test("lookalikesAcross() refuses what looks like another server's name, and not an equal one", () => {
  assert.deepEqual(lookalikesAcross(["search", "SendMail", "query"], ["sendmail", "search"]), [
    { kind: "look-alike", name: "SendMail", other: "sendmail" },
  ]);
});
