import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { inferKinds, type InferredKind } from "../../src/inspect/infer.ts";

/** `kind` and what it holds, with a `?` where it is not enforced. */
function word({ kind, enforced }: InferredKind): string {
  const { kind: name, ...rest } = kind;
  return [name, ...Object.values(rest)].join(" ") + (enforced ? "" : "?");
}

function inferred(
  name: string,
  description: string,
  properties: JsonObject,
): Readonly<Record<string, string>> {
  const kinds = inferKinds({ name, description, inputSchema: { type: "object", properties } });
  return Object.fromEntries([...kinds].map(([pointer, kind]) => [pointer, word(kind)]));
}

const text = (description = ""): JsonObject => ({ type: "string", description });

Deno.test("inferKinds() takes paths from names, descriptions and tools", () => {
  assert.deepEqual(
    inferred("copy_file", "Copies a file.", { source: text(), destination: text(), mode: text() }),
    { "/source": "path read", "/destination": "path write", "/mode": "id" },
  );
  assert.deepEqual(inferred("load", "Loads a table.", { input: text("Path of the CSV file") }), {
    "/input": "path read",
  });
});

Deno.test("inferKinds() enforces no path that may be something else than a local file", () => {
  const path = { path: text("Path") };
  assert.deepEqual(inferred("read", "Reads from files and URLs.", path), { "/path": "path read?" });
  assert.deepEqual(
    inferred("call", "Calls the service.", { path: text("Path of the API endpoint") }),
    { "/path": "path read?" },
  );
  const remote = inferred("get_file", "Gets a file.", { ...path, owner: text(), repo: text() });
  assert.equal(remote["/path"], "path read?");
  assert.equal(inferred("get_file", "Gets a file.", path)["/path"], "path read");
});

Deno.test("inferKinds() takes URLs, and enforces them where only the web may stand", () => {
  const at = (description: string, tool = "Opens a page.") =>
    inferred("open", tool, { url: text(description) })["/url"];
  assert.equal(at("Where to go"), "url");
  assert.equal(at("HTTP(S), SSH or git:// address"), "url?");
  assert.equal(at("URL or data URI"), "url?");
  assert.equal(inferred("connect", "", { database_url: text() })["/database_url"], "url?");
  const formatted = { address: { type: "string", format: "uri" } };
  assert.equal(inferred("fetch_page", "Fetches a page.", formatted)["/address"], "url");
  assert.equal(inferred("read_memo", "Reads a memo.", { uri: text() })["/uri"], "url?");
});

Deno.test("inferKinds() enforces commands only where tool and argument agree", () => {
  const command = { command: text("What to run") };
  const at = (name: string, description: string) =>
    inferred(name, description, command)["/command"];
  assert.equal(at("bash", "Runs a shell command."), "command default");
  assert.equal(at("start_process", "Starts a process in a terminal."), "command default");
  assert.equal(at("send_command", "Sends a command to the lamp."), "command default?");
  assert.equal(at("git_run", "Runs a git command."), "command default?");
  assert.equal(at("text_editor", "Edits text."), undefined);
  const args = { argv: { type: "array", items: { type: "string" } } };
  assert.equal(inferred("exec", "Executes a process.", args)["/argv"], "argv default");
});

Deno.test("inferKinds() takes words of a command line where the tool says that it has one", () => {
  assert.deepEqual(
    inferred("resize", "Runs the command line tool with a size.", {
      size: text(),
      cwd: text(),
      message: text(),
    }),
    { "/size": "shellarg", "/cwd": "path read", "/message": "text" },
  );
  assert.deepEqual(
    inferred("docker_pull", "Pulls.", { image: text(), user: { properties: { name: text() } } }),
    {
      "/image": "shellarg",
      "/user/name": "id",
    },
  );
});

Deno.test("inferKinds() takes SQL with its dialect and profile, and enforces what has a profile", () => {
  const at = (name: string, description: string, argument = "") =>
    inferred(name, description, { sql: text(argument) })["/sql"];
  assert.equal(at("query", "Runs a read-only query."), "sql postgres read");
  assert.equal(at("mysql_query", "Read only: no INSERT, no UPDATE."), "sql mysql read");
  assert.equal(at("run", "Changes rows of an SQLite database."), "sql sqlite dml");
  assert.equal(at("run", "Executes SQL: SELECT, INSERT or UPDATE."), "sql postgres any?");
  assert.equal(at("query", "Executes raw SQL.", "Any statement"), "sql postgres any?");
  assert.equal(at("query", "Runs a SELECT query in BigQuery."), "sql postgres read?");
  const term = { query: text("Search term") };
  assert.equal(inferred("find", "Looks up records.", term)["/query"], "sqlvalue?");
  assert.equal(inferred("search", "Searches the web.", term)["/query"], "text");
});

Deno.test("inferKinds() takes the caller's dialect where the tool names none", () => {
  const inputSchema = { properties: { sql: text() } };
  const tool = { name: "query", description: "Runs a read-only query.", inputSchema };
  const kind = inferKinds(tool, { dialect: "sqlite" }).get("/sql");
  assert.deepEqual(kind?.kind, { kind: "sql", dialect: "sqlite", profile: "read" });
});

Deno.test("inferKinds() walks items, values, branches and references, once each", () => {
  const inputSchema: JsonValue = {
    $defs: { node: { properties: { path: text(), next: { $ref: "#/$defs/node" } } } },
    properties: {
      paths: { anyOf: [{ type: "null" }, { type: "array", items: { type: "string" } }] },
      headers: { additionalProperties: { type: "string" } },
      unit: { enum: ["mm", "in"] },
      count: { type: "integer" },
      root: { $ref: "#/$defs/node" },
    },
  };
  const kinds = inferKinds({ name: "do", inputSchema });
  for (
    const [pointer, kind] of [
      ["/paths/*", "path read"],
      ["/headers/*", "text"],
      ["/unit", "id"],
      ["/root/path", "path read"],
      ["/root/next/next/path", "path read"],
    ] as const
  ) {
    const found = kinds.get(pointer);
    assert.equal(found === undefined ? undefined : word(found), kind, pointer);
  }
  assert.ok(!kinds.has("/count"));
});

Deno.test("inferKinds() ends and throws nothing, whatever a server lists", () => {
  const keyword = fc.constantFrom(
    ..."properties items anyOf $ref description type enum additionalProperties path".split(" "),
  );
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<JsonValue>("string", "#", "#/properties/path", null, 1),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(keyword, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(fc.property(value, fc.string(), (inputSchema, name) => {
    inferKinds({ name, description: name, inputSchema });
  }));
  const loop: JsonValue = {
    anyOf: [{ $ref: "#" }, { $ref: "#" }],
    properties: { a: { $ref: "#" }, path: text() },
  };
  assert.ok(inferKinds({ name: "x".repeat(1e6), inputSchema: loop }).size > 0);
});

Deno.test("inferKinds() hears the branch of a schema that lists no values", () => {
  const branches: readonly JsonValue[] = [{ enum: ["-"] }, { type: "string" }];
  const kinds = (name: string, anyOf: readonly JsonValue[]) =>
    inferKinds({
      name: "open",
      inputSchema: { type: "object", properties: { [name]: { anyOf } } },
    }).get(`/${name}`)?.kind.kind;
  assert.equal(kinds("file_path", branches), "path");
  assert.equal(kinds("file_path", [...branches].reverse()), "path");
  assert.equal(kinds("file_path", [{ enum: ["-"] }]), "id");
  assert.equal(kinds("thing", branches), undefined);
});
