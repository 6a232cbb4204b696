import assert from "node:assert/strict";
import type { Obligation } from "../../src/access/decision.ts";
import type { Principal } from "../../src/access/principal.ts";
import type { ResultInspector } from "../../src/access/result_inspection.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { Channel } from "../../src/gateway/channel.ts";
import { UpstreamMemory } from "../../src/gateway/upstream_memory.ts";
import { bytesOf, textOf } from "../transport/support.ts";
import { TestChannel } from "./harness.ts";

const VERSION = "io.modelcontextprotocol/protocolVersion";
const BOUND: readonly Obligation[] = [{ kind: "max_result_bytes", maxBytes: 9 }];

/** A gateway whose calls are bound to something, and channels of its principals to one upstream. */
class Tasks {
  readonly seen: unknown[] = [];
  readonly memory = new UpstreamMemory();
  #at: TestChannel | undefined;
  #ids = 0;

  async open(who = "anna"): Promise<Channel> {
    const inspector: ResultInspector = {
      inspect: (result, { obligations }) => {
        this.seen.push(obligations);
        return JSON.stringify(result).includes("secret")
          ? { effect: "pass", result: {}, changes: ["redacted"] }
          : { effect: "pass", result, changes: [] };
      },
    };
    this.#at ??= await TestChannel.open({
      inspector,
      limits: { maxConcurrentRequests: 16 },
      policy: {
        hash: "sha256:test",
        decide: ({ action, method }) => ({
          effect: "allow",
          action,
          determining: [],
          obligations: method === "tools/call" ? BOUND : [],
          mode: "enforce",
        }),
      },
    });
    return await this.#at.gateway.openChannel({
      credentials: principal(who),
      upstream: "up",
      transport: "http",
      memory: this.memory,
      shared: true,
    });
  }

  /** Sends a modern request on a channel of its own, and its answer back; gives what the client is told. */
  async ask(method: string, params: object, result: object, who?: string): Promise<JsonObject> {
    const channel = await this.open(who);
    const id = ++this.#ids;
    const body = { jsonrpc: "2.0", id, method, params: { ...params, _meta: META } };
    const [sent] = await channel.fromClient([bytesOf(JSON.stringify(body))]);
    if (sent?.kind !== "forward") {
      assert.ok(sent?.kind === "answer");
      return JSON.parse(textOf(sent.cleared.bytes));
    }
    const wire = JSON.parse(textOf(sent.cleared.bytes)).id;
    const answer = JSON.stringify({ jsonrpc: "2.0", id: wire, result });
    const [told] = await channel.fromUpstream([bytesOf(answer)]);
    await channel.close();
    assert.ok(told?.kind === "forward");
    return JSON.parse(textOf(told.cleared.bytes));
  }

  async make(taskId: string, who?: string): Promise<void> {
    await this.ask("tools/call", { name: "read", arguments: {} }, {
      resultType: "task",
      taskId,
    }, who);
  }
}

const META = { [VERSION]: "2026-07-28" };

function principal(who: string): Principal {
  return { id: `issuer#${who}`, kind: "token", roles: new Set(), scopes: new Set() };
}

Deno.test("The result of a task is bound like its call, whatever channel it comes by", async () => {
  const tasks = new Tasks();
  await tasks.make("t");
  const told = await tasks.ask("tasks/get", { taskId: "t" }, { taskId: "t", status: "completed" });
  assert.ok("result" in told);
  assert.deepEqual(tasks.seen, [BOUND, BOUND]);
});

Deno.test("Tasks belong to the principal that made them: to others, and once forgotten, there is none", async () => {
  const tasks = new Tasks();
  await tasks.make("t");
  for (const method of ["tasks/get", "tasks/cancel"]) {
    const told = await tasks.ask(method, { taskId: "t" }, {}, "mallory");
    assert.equal((told.error as JsonObject | undefined)?.code, -32602, method);
  }
  const updated = await tasks.ask(
    "tasks/update",
    { taskId: "t", inputResponses: {} },
    {},
    "mallory",
  );
  assert.equal((updated.error as JsonObject | undefined)?.code, -32602);
  assert.ok("result" in await tasks.ask("tasks/get", { taskId: "t" }, {}));
  for (let count = 0; count < 16; count++) await tasks.make(`${count}`);
  const gone = await tasks.ask("tasks/get", { taskId: "t" }, {});
  assert.equal((gone.error as JsonObject | undefined)?.code, -32602, "its bounds were forgotten");
});

Deno.test("A list of tasks leaves out those of others", async () => {
  const tasks = new Tasks();
  await tasks.make("mine");
  await tasks.make("theirs", "mallory");
  const channel = await tasks.open();
  const list = { jsonrpc: "2.0", id: 1, method: "tasks/list", params: {} };
  const [sent] = await channel.fromClient([bytesOf(JSON.stringify(list))]);
  assert.ok(sent?.kind === "forward");
  const { id } = JSON.parse(textOf(sent.cleared.bytes));
  const result = { tasks: [{ taskId: "mine" }, { taskId: "theirs" }] };
  const [told] = await channel.fromUpstream([
    bytesOf(JSON.stringify({ jsonrpc: "2.0", id, result })),
  ]);
  assert.ok(told?.kind === "forward");
  assert.deepEqual(JSON.parse(textOf(told.cleared.bytes)).result, { tasks: [{ taskId: "mine" }] });
});

Deno.test("A notification of a task brings nothing that its result would not", async () => {
  const tasks = new Tasks();
  await tasks.make("t");
  const channel = await tasks.open();
  const notify = async (params: object) => {
    const message = { jsonrpc: "2.0", method: "notifications/tasks", params };
    const [told] = await channel.fromUpstream([bytesOf(JSON.stringify(message))]);
    return told?.kind;
  };
  assert.equal(await notify({ taskId: "t", status: "working" }), "forward");
  assert.equal(await notify({ taskId: "t", status: "completed", result: { x: "secret" } }), "drop");
  assert.equal(await notify({ taskId: "u", status: "working" }), "drop");
  assert.deepEqual(tasks.seen, [BOUND, BOUND, BOUND]);
});
