import assert from "node:assert/strict";
import type { PolicyEngine } from "../../src/access/decision.ts";
import type { Check, Finding } from "../../src/access/verdict.ts";
import { call, denying, result, TestChannel } from "./harness.ts";

/** A promise of somebody else's making. */
function thenable<T>(settle: (resolve: (value: T) => void) => void): Promise<T> {
  return { then: settle } as unknown as Promise<T>;
}

function check(examine: () => unknown): Check {
  return { name: "foreign", examine: examine as () => Finding };
}

function engine(decide: PolicyEngine["decide"]): PolicyEngine {
  return { hash: "sha256:test", decide };
}

const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const TOOLS = result(1, { tools: [{ name: "rm" }, { name: "cat" }] });

Deno.test("A sink's thenable that is no Promise holds everything back until it has recorded", async () => {
  const channel = await TestChannel.open();
  let recorded = () => {};
  channel.sink.record = () => thenable<void>((resolve) => recorded = () => resolve());
  let left = false;
  const sending = channel.send("client", call(1, "cat")).then((sent) => {
    left = true;
    return sent;
  });
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(left, false);
  recorded();
  assert.match((await sending)[0] ?? "", /^upstream /);
});

Deno.test("A sink's thenable that rejects or throws refuses the message", async () => {
  for (
    const then of [
      (_: unknown, reject: (error: Error) => void) => reject(new Error("full")),
      () => {
        throw new Error("full");
      },
    ]
  ) {
    const channel = await TestChannel.open();
    channel.sink.record = () => ({ then }) as unknown as void;
    assert.match((await channel.send("client", call(1, "cat")))[0] ?? "", /audit_failed/);
  }
});

Deno.test("A policy's thenable that is no Promise counts for calls and lists alike", async () => {
  const strict = denying(["rm"]);
  const channel = await TestChannel.open({
    policy: engine((request) => thenable((resolve) => resolve(strict.decide(request) as never))),
  });
  await channel.send("client", LIST);
  const [listed] = await channel.send("upstream", TOOLS);
  assert.equal(listed, `client ${result(1, { tools: [{ name: "cat" }] })}`);
  const sent = await channel.send("client", call(2, "rm"), call(3, "cat"));
  assert.deepEqual(sent.map((text) => text.split(" ")[0]), ["client", "upstream"]);
});

Deno.test("A policy that answers nonsense later hides, and the list is answered", async () => {
  for (const junk of [null, 1, { effect: "allow" }, { effect: "depends", mode: "enforce" }]) {
    let lists = false;
    const channel = await TestChannel.open({
      policy: engine((request) =>
        lists && request.resource.kind === "tool"
          ? Promise.resolve(junk as never)
          : denying([]).decide(request)
      ),
    });
    await channel.send("client", LIST);
    lists = true;
    const [listed] = await channel.send("upstream", TOOLS);
    assert.equal(listed, `client ${result(1, { tools: [] })}`);
  }
});

Deno.test("A policy that never answers about an item hides it, and the list is answered", async () => {
  const never = new Promise<never>(() => {});
  const channel = await TestChannel.open({
    limits: { checkTimeoutMs: 10 },
    policy: engine((request) =>
      request.resource.name === "rm" ? never : denying([]).decide(request)
    ),
  });
  await channel.send("client", LIST);
  const [listed] = await channel.send("upstream", TOOLS);
  assert.equal(listed, `client ${result(1, { tools: [{ name: "cat" }] })}`);
});

Deno.test("A check whose answer cannot be read is a denial", async () => {
  const throwing = () => {
    throw new Error("no");
  };
  const answers: unknown[] = [
    { then: throwing },
    Object.defineProperty({}, "then", { get: throwing }),
    Object.defineProperty({}, "effect", { get: throwing }),
    thenable((resolve) => resolve(Object.defineProperty({}, "effect", { get: throwing }))),
    { effect: "deny", reason: { code: "insufficient_scope" } },
    { effect: "deny", reason: { code: "unsafe_argument", pointer: 1, detail: "x" } },
    { effect: "deny", reason: { code: "too_large", limit: "x", max: 1n } },
    { effect: "deny", reason: { code: "rate_limited", bucket: "x" } },
    { effect: "deny", reason: { code: "constructor" } },
  ];
  for (const answer of answers) {
    const channel = await TestChannel.open({ checks: [check(() => answer)] });
    const [sent = ""] = await channel.send("client", call(1, "cat"));
    assert.match(sent, /^client .*"id":1.*-31503.*check_failed/);
    assert.equal(channel.sink.messages.length, 1);
  }
});

Deno.test("A check that answers with a promise of a promise that never settles is late", async () => {
  const channel = await TestChannel.open({
    limits: { checkTimeoutMs: 10 },
    checks: [check(() => thenable((resolve) => resolve(new Promise(() => {}))))],
  });
  assert.match((await channel.send("client", call(1, "cat")))[0] ?? "", /check_failed/);
});

Deno.test("A check that books its verdict later, and fails, denies and ends nothing", async () => {
  const settle = () => Promise.reject(new Error("no")) as unknown as void;
  const late: Check = { ...check(() => ({ effect: "pass" })), settle };
  const channel = await TestChannel.open({ checks: [late] });
  assert.match((await channel.send("client", call(1, "cat")))[0] ?? "", /check_failed/);
});

Deno.test("A decision that cannot be written down is refused, and nothing stays in flight", async () => {
  for (const later of [false, true]) {
    let broken = true;
    const junk = { determining: [null], obligations: [], action: "execute", mode: "observe" };
    const policy = engine((request) => {
      if (!broken) return denying([]).decide(request);
      const decision = { ...junk, effect: "deny", action: Symbol() as never } as never;
      return later ? Promise.resolve(decision) : decision;
    });
    const channel = await TestChannel.open({ policy });
    const [sent = ""] = await channel.send("client", call(1, "cat"));
    assert.match(sent, /^client .*"id":1.*check_failed/);
    broken = false;
    assert.match((await channel.send("client", call(1, "cat")))[0] ?? "", /^upstream /);
    assert.equal(channel.sink.messages.length, 2);
  }
});

Deno.test("A digest that throws refuses the call with its id, records it and holds nothing", async () => {
  let broken = true;
  const channel = await TestChannel.open({
    digest: () => {
      if (broken) throw new Error("no digest");
      return "sha256:x";
    },
  });
  const sent = await channel.send("client", call(1, "cat"), call(2, "cat"));
  assert.equal(sent.length, 2);
  assert.match(sent[1] ?? "", /^client .*"id":2.*-31503/);
  assert.deepEqual(
    channel.sink.messages.map(({ id, kind, method, reason, disposition }) => ({
      ...{ id, kind, method, reason, disposition },
    })),
    [1, 2].map((id) => ({
      ...{ id, kind: "request", method: "tools/call" },
      ...{ reason: "check_failed", disposition: "answer" },
    })),
  );
  broken = false;
  assert.match((await channel.send("client", call(1, "cat")))[0] ?? "", /^upstream /);
  assert.equal(channel.budget.held, 0);
});

Deno.test("Obligations of a check are seen by the checks after it", async () => {
  const rate = { capacity: 1, perMs: 1000 };
  const obliging = check(() => ({
    effect: "pass",
    obligations: [{ kind: "rate", bucket: "mine", rate, cost: 1 }],
  }));
  const seen: unknown[] = [];
  const last: Check = {
    name: "last",
    examine: (_request, decision) => {
      seen.push(
        decision?.obligations.map((each) => each.kind === "rate" ? each.bucket : each.kind),
      );
      return { effect: "pass" };
    },
  };
  const channel = await TestChannel.open({ checks: [obliging, last] });
  await channel.send("client", call(1, "cat"));
  assert.deepEqual(seen, [["mine"]]);
});

Deno.test("An authenticator that answers nonsense opens no channel", async () => {
  for (const junk of [null, { ok: 1 }, { ok: true }, { ok: true, value: { id: 1 } }]) {
    const opening = TestChannel.open({ authenticate: () => junk as never });
    await assert.rejects(opening, /no principal was proved/);
  }
});

Deno.test("A sink that fails at the end is closed all the same", async () => {
  const channel = await TestChannel.open();
  await channel.send("upstream", "noise");
  await channel.send("upstream", "noise");
  let disposed = false;
  channel.sink.failing = true;
  channel.sink[Symbol.asyncDispose] = () => {
    disposed = true;
    return Promise.resolve();
  };
  await assert.rejects(channel.gateway[Symbol.asyncDispose]());
  assert.equal(disposed, true);
});
