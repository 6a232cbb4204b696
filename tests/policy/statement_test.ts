import assert from "node:assert/strict";
import type { JsonObject } from "../../src/base/json.ts";
import { explain } from "../../src/policy/explain.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { knowledgeAt, modelOf, type Policy } from "../../src/policy/policy.ts";
import type { ActionReaders } from "../../src/policy/statement.ts";
import { statementsAt } from "../../src/policy/tool_kinds.ts";
import { call, local } from "./asking.ts";

/** The statement is the name of an action; what it was asked is kept. */
function readers(asked: string[] = []): ActionReaders {
  const read = (text: string) => {
    if (text === "throw") throw new Error("from the reader");
    return text as "read";
  };
  return {
    sql(text, dialect) {
      asked.push(`${dialect}: ${text}`);
      return read(text);
    },
    command: read,
  };
}

const policyWith = (actions: string, actionReaders?: ActionReaders) =>
  parsePolicy(
    `
version: "1"
principals:
  devs: { roles: [dev], tools: [{ pattern: "*", actions: [${actions}] }] }
  careful: { roles: [careful], tools: [{ pattern: "*", actions: [delete], effect: deny }] }
servers:
  s:
    inspect: { sql: { dialect: sqlite }, commands: { default: { allow: [ls] } } }
    tools:
      query: { action: { from: sql }, arguments: { /in/sql: sql } }
      other: { action: { from: sql }, arguments: { q: sql(mysql) } }
      run: { action: { from: command }, arguments: { command: command } }
`,
    {
      upstream: { name: "s" },
      ...(actionReaders === undefined ? {} : { actionReaders }),
    },
  );

const query = (sql: unknown) => ({
  server: "s",
  args: { in: { sql: sql as string } },
});

function statementsOf(policy: Policy) {
  return statementsAt(knowledgeAt(modelOf(policy), policy.upstreamName));
}

Deno.test("decide() lets the statement decide the action", async () => {
  const asked: string[] = [];
  const policy = await policyWith("read, write", readers(asked));
  for (const [text, effect] of [["read", "allow"], ["write", "allow"], ["delete", "deny"]]) {
    const decision = policy.decide(call("query", query(text)));
    assert.deepEqual([decision.effect, decision.action], [effect, text]);
  }
  policy.decide(call("other", { server: "s", args: { q: "read" } }));
  assert.deepEqual(asked, ["sqlite: read", "sqlite: write", "sqlite: delete", "mysql: read"]);
  const run = policy.decide(call("run", { server: "s", args: { command: "write" } }));
  assert.deepEqual([run.effect, run.action], ["allow", "write"]);
  assert.deepEqual(statementsOf(policy).map(({ from, dialect }) => [from, dialect]), [
    ["sql", "sqlite"],
    ["sql", "mysql"],
    ["command", "sqlite"],
  ]);
});

Deno.test("decide() counts as execute whatever statement is missing, no text, or not read", async () => {
  const policy = await policyWith("read, write, delete", readers());
  for (const sql of [undefined, null, 5, ["read"], { sql: "read" }, "throw", "nonsense", ""]) {
    const decision = policy.decide(call("query", query(sql)));
    assert.deepEqual([decision.effect, decision.action], ["deny", "execute"], `${sql}`);
  }
  const unread = await policyWith("read, write, delete", {});
  assert.equal(unread.decide(call("query", query("read"))).action, "execute");
});

Deno.test("decide() unites all actions while the statement is not known", async () => {
  const listed = (actions: string, role = "dev") =>
    policyWith(actions, readers()).then((policy) =>
      policy.decide(
        call("query", { server: "s", unknownArguments: true, who: local("x", "dev", role) }),
      ).effect
    );
  assert.equal(await listed("read"), "depends");
  assert.equal(await listed("write, delete"), "depends");
  assert.equal(await listed("execute"), "allow");
  assert.equal(await listed("execute", "careful"), "depends");
  const policy = await policyWith("read", readers());
  const stranger = { server: "s", unknownArguments: true, who: local("x", "guest") };
  assert.equal(policy.decide(call("query", stranger)).effect, "deny");
  const unread = await policyWith("read", {});
  assert.equal(
    unread.decide(call("query", { server: "s", unknownArguments: true })).effect,
    "deny",
    "without a reader every call is execute",
  );
});

Deno.test("decide() lets the server's hints say nothing about a statement", async () => {
  const policy = await policyWith("read", readers());
  const annotations = { readOnlyHint: false, destructiveHint: true };
  assert.equal(policy.decide(call("query", { ...query("read"), annotations })).effect, "allow");
  const flattering = { readOnlyHint: true };
  assert.equal(
    policy.decide(call("query", { ...query("delete"), annotations: flattering })).effect,
    "deny",
  );
});

Deno.test("explain() tells that the statement decides", async () => {
  const policy = await policyWith("read", readers());
  const { classification, rules, decision } = explain(
    policy,
    call("query", { server: "s", unknownArguments: true }),
  );
  assert.deepEqual(classification?.statement, {
    from: "sql",
    argument: "/in/sql",
    dialect: "sqlite",
  });
  assert.equal(decision.effect, "depends");
  assert.deepEqual(rules.map(({ outcome, because }) => [outcome, because]), [
    ["in-part", "it allows some of this: the arguments decide"],
  ]);
});

Deno.test("explain() does not say first to grant execute where a statement was not read", async () => {
  const policy = await policyWith("read", readers());
  const { remedies } = explain(policy, call("query", query("nonsense")));
  assert.match(remedies[0] ?? "", /Put one SQL statement that can be read into \/in\/sql/);
});

Deno.test("a preset's statement decides too, and the operator's word wins over it", async () => {
  const at = (servers: string) =>
    parsePolicy(
      `
version: "1"
principals: { devs: { roles: [dev], tools: [{ pattern: "db:*", actions: [read] }] } }
${servers}`,
      { upstream: { argv: ["npx", "mcp-sqlite", "x.db"] }, actionReaders: readers() },
    );
  const asks = (sql: string) => call("query", { server: "db", args: { sql } });
  const preset = await at("");
  assert.equal(preset.decide(asks("read")).effect, "allow");
  assert.equal(preset.decide(asks("write")).effect, "deny");
  assert.deepEqual(statementsOf(preset).map(({ dialect }) => dialect), ["sqlite"]);
  const own = await at("servers: { db: { tools: { query: { action: execute } } } }");
  assert.equal(own.decide(asks("read")).effect, "deny");
  assert.deepEqual(statementsOf(own), []);
  const kinds = await at(
    "servers: { db: { tools: { query: { arguments: { sql: sql(mysql) } } } } }",
  );
  assert.deepEqual(statementsOf(kinds).map(({ dialect }) => dialect), ["mysql"]);
  assert.deepEqual(kinds.argumentKinds("query")?.get("/sql"), {
    kind: "sql",
    dialect: "mysql",
    profile: "any",
  });
});

Deno.test("a preset's prompt that runs its argument is judged like a call", async () => {
  const policy = await parsePolicy(
    `
version: "1"
principals: { devs: { roles: [dev], tools: [{ pattern: "*", actions: [read] }] } }`,
    { upstream: { argv: ["npx", "mcp-server-commands"] }, actionReaders: readers() },
  );
  const asks = (name: string, args: JsonObject | undefined, method = "prompts/get") => ({
    ...call(name, { server: "commands", args: args ?? {} }),
    action: "read" as const,
    method,
    resource: { kind: "prompt", server: "commands", name } as const,
    arguments: args,
  });
  const decided = (...asked: Parameters<typeof asks>) => {
    const { effect, action } = policy.decide(asks(...asked));
    return `${effect} ${action}`;
  };
  assert.equal(decided("run_command", { command: "read" }), "allow read");
  assert.equal(decided("run_command", { command: "write" }), "deny write");
  assert.equal(decided("run_command", {}), "deny execute");
  assert.equal(decided("run_command", undefined), "depends execute");
  const { classification } = explain(policy, asks("run_command", { command: "delete" }));
  assert.equal(classification?.source.kind, "preset");
  // Completing an argument runs nothing, and what no preset knows gives text.
  assert.equal(decided("run_command", { command: "x" }, "completion/complete"), "allow read");
  assert.equal(decided("other", { command: "delete" }), "allow read");
  assert.equal(explain(policy, asks("other", {})).classification, undefined);
  assert.deepEqual(Object.fromEntries(policy.promptKinds("run_command") ?? []), {
    "/command": { kind: "command", profile: "default" },
  });
  assert.equal(policy.promptKinds("other"), undefined);
});

Deno.test("decide() takes a statement beside a look-alike for execute: a server may read the other one", async () => {
  const policy = await policyWith("read", readers());
  const effect = (sql: Record<string, string>) =>
    policy.decide(call("query", { server: "s", args: { in: sql } })).effect;
  assert.equal(effect({ sql: "read", limit: "5" }), "allow");
  assert.equal(effect({ sql: "read", SQL: "delete" }), "deny");
  assert.equal(effect({ "ｓql": "delete", sql: "read" }), "deny");
});
