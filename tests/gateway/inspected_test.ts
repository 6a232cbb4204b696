import assert from "node:assert/strict";
import type { ResultInspector } from "../../src/access/result_inspection.ts";
import type { ToolListing } from "../../src/access/request.ts";
import type { Check, DenyReason } from "../../src/access/verdict.ts";
import { startDeadline } from "../../src/base/deadline.ts";
import { call, result, TestChannel } from "./harness.ts";

const CALL = call(1, "cat");
const ANSWER = result(1, { content: [{ type: "text", text: "token" }] });
const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';

function inspector(inspect: (...args: never[]) => unknown): ResultInspector {
  return { inspect: inspect as ResultInspector["inspect"] };
}

async function answered(wanted: ResultInspector, request = CALL, answer = ANSWER) {
  const channel = await TestChannel.open({ inspector: wanted });
  await channel.send("client", request);
  const [sent = ""] = await channel.send("upstream", answer);
  return { sent, entry: channel.sink.messages.at(-1) };
}

Deno.test("An inspected answer that was changed goes on changed, and the audit says what was", async () => {
  const { sent, entry } = await answered(
    inspector(() => ({ effect: "pass", result: { content: [] }, changes: ["redacted x 1"] })),
  );
  assert.equal(sent, `client ${result(1, { content: [] })}`);
  assert.deepEqual(entry?.changes, ["redacted x 1"]);
});

Deno.test("An inspected answer that is only marked goes on as the bytes it came in", async () => {
  const spaced = ANSWER.replace('"id":1', '"id": 1');
  const { sent, entry } = await answered(
    inspector((result: never) => ({ effect: "pass", result, changes: ["addresses-model 1"] })),
    CALL,
    spaced,
  );
  assert.equal(sent, `client ${spaced}`);
  assert.deepEqual(entry?.changes, ["addresses-model 1"]);
});

Deno.test("A refused answer of a tool is a result the model sees, that of another method an error", async () => {
  const refusing = inspector(() => ({ effect: "refuse", rule: "too-large", detail: "is large" }));
  const tool = await answered(refusing);
  assert.match(tool.sent, /"isError":true.*"reason":"unsafe_result"/);
  assert.equal(tool.sent.includes("too-large"), false);
  assert.equal(tool.entry?.finding, "too-large");
  const request = '{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"a:b"}}';
  const resource = await answered(refusing, request, result(1, { contents: [] }));
  assert.match(resource.sent, /"error":\{"code":-31403/);
});

const BROKEN_INSPECTIONS: Readonly<Record<string, () => unknown>> = {
  thrown: () => {
    throw new Error("broken");
  },
  missing: () => undefined,
  misshapen: () => ({ effect: "pass", result: "text", changes: [] }),
  rejected: () => Promise.reject(new Error("broken")),
};

for (const [name, inspect] of Object.entries(BROKEN_INSPECTIONS)) {
  Deno.test(`No pass is implied: missing, thrown, late or misshapen means deny: an inspection ${name}`, async () => {
    const { sent, entry } = await answered(inspector(inspect));
    assert.match(sent, /check_failed/);
    assert.equal(sent.includes("token"), false);
    assert.equal(entry?.effect, "deny");
  });
}

const TOOLS = result(1, { tools: [{ name: "rm" }, { name: "cat" }] });

Deno.test("Nothing hidden is callable: a tool that is not what it was is neither listed nor called", async () => {
  let changed = new Map([["rm", "has changed"]]);
  const channel = await TestChannel.open({ pins: { look: () => changed } });
  await channel.send("client", LIST);
  const [listed] = await channel.send("upstream", TOOLS);
  assert.equal(listed, `client ${result(1, { tools: [{ name: "cat" }] })}`);
  const [refused = ""] = await channel.send("client", call(2, "rm"));
  assert.match(refused, /^client .*has changed.*"isError":true.*"reason":"tool_changed"/);
  changed = new Map();
  await channel.send("client", LIST);
  await channel.send("upstream", TOOLS);
  assert.match((await channel.send("client", call(2, "rm")))[0] ?? "", /^upstream /);
});

const BROKEN_PINS: Readonly<Record<string, () => unknown>> = {
  thrown: () => {
    throw new Error("broken");
  },
  misshapen: () => ({ rm: "why" }),
  rejected: () => Promise.reject(new Error("disk")),
};

for (const [name, look] of Object.entries(BROKEN_PINS)) {
  Deno.test(`No pass is implied: missing, thrown, late or misshapen means deny: pins ${name}`, async () => {
    const channel = await TestChannel.open({ pins: { look: look as never } });
    await channel.send("client", LIST);
    assert.match((await channel.send("upstream", TOOLS))[0] ?? "", /"reason":"check_failed"/);
  });
}

Deno.test("Checks are told the tools of a list, and get the same listing with a call until it changes", async () => {
  const told: ToolListing[] = [];
  const asked: (ToolListing | undefined)[] = [];
  const noting: Check = {
    name: "noting",
    prepare: (tools) => {
      told.push(...tools);
      throw new Error("not ready");
    },
    examine: ({ method, context }) => {
      if (method === "tools/call") asked.push(context.listing);
      return { effect: "pass" };
    },
  };
  const channel = await TestChannel.open({ checks: [noting] });
  const list = async (description: string) => {
    const tool = { name: "cat", description, inputSchema: { type: "object" } };
    await channel.send("client", LIST);
    await channel.send("upstream", result(1, { tools: [tool] }));
    await channel.send("client", call(asked.length + 10, "cat"));
  };
  await list("shows a file");
  await list("shows a file");
  await list("shows another file");
  await new Promise<void>((resolve) => startDeadline(0, resolve)); // behind the list itself
  assert.deepEqual(told.map(({ description }) => description), [
    "shows a file",
    "shows a file",
    "shows another file",
  ]);
  assert.equal(asked[0], told[0]);
  assert.equal(asked[1], asked[0]);
  assert.notEqual(asked[2], asked[0]);
  assert.deepEqual(asked[2]?.inputSchema, { type: "object" });
});

Deno.test("A check that is not sure lets pass and the audit says what it would have refused", async () => {
  const would: DenyReason = { code: "unsafe_argument", pointer: "/a", detail: "is odd", rule: "r" };
  const unsure: Check = { name: "unsure", examine: () => ({ effect: "pass", would }) };
  const channel = await TestChannel.open({ checks: [unsure] });
  assert.match((await channel.send("client", CALL))[0] ?? "", /^upstream /);
  const [entry] = channel.sink.messages;
  assert.deepEqual(
    [entry?.effect, entry?.would, entry?.reason, entry?.pointer, entry?.finding],
    ["allow", "deny", "unsafe_argument", "/a", "r"],
  );
});

Deno.test("The texts of an error are looked into like those of a result", async () => {
  const error = (message: string) =>
    JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: -32000, message, data: { n: 1 } } });
  const { sent, entry } = await answered(
    inspector(({ structuredContent }: never) => ({
      effect: "pass",
      result: { structuredContent: { ...structuredContent as object, message: "[redacted]" } },
      changes: ["redacted x 1"],
    })),
    CALL,
    error("the token"),
  );
  assert.equal(sent, `client ${error("[redacted]")}`);
  assert.deepEqual(entry?.changes, ["redacted x 1"]);
});

Deno.test("A list leaves out what an inspection has given another name: nobody could call it", async () => {
  const tools = [{ name: "a\u202eb", inputSchema: {} }, { name: "cat", title: "c\u202eat" }];
  const cleaned = [{ name: "ab", inputSchema: {} }, { name: "cat", title: "cat" }];
  const { sent, entry } = await answered(
    inspector(() => ({ effect: "pass", result: { tools: cleaned }, changes: ["bidi-removed 2"] })),
    LIST,
    result(1, { tools }),
  );
  assert.equal(sent, `client ${result(1, { tools: [{ name: "cat", title: "cat" }] })}`);
  assert.deepEqual(entry?.changes, ["bidi-removed 2", "hidden-names 1"]);
});

Deno.test("The result of a task is looked into by what the allow of its call was bound to", async () => {
  const seen: unknown[] = [];
  const obligations = [{ kind: "max_result_bytes", maxBytes: 9 }] as const;
  const channel = await TestChannel.open({
    policy: {
      hash: "sha256:test",
      decide: ({ action, method }) => ({
        effect: "allow",
        action,
        determining: [],
        obligations: method === "tools/call" ? obligations : [],
        mode: "enforce",
      }),
    },
    inspector: inspector((...[result, about]: readonly never[]) => {
      seen.push((about as { obligations: unknown }).obligations);
      return { effect: "pass", result, changes: [] };
    }),
  });
  const ask = (id: number, method: string, params: unknown) =>
    channel.send("client", JSON.stringify({ jsonrpc: "2.0", id, method, params }));
  await ask(1, "tools/call", { name: "cat", arguments: {}, task: {} });
  await channel.send("upstream", result(1, { task: { taskId: "t", status: "working" } }));
  await ask(2, "tasks/result", { taskId: "t" });
  await channel.send("upstream", result(2, { content: [] }));
  const [told] = await ask(3, "tasks/result", { taskId: "u" });
  assert.match(told ?? "", /^client .*-32602/, "nobody made it here: its result may be bound");
  assert.deepEqual(seen, [obligations, obligations]);
});
