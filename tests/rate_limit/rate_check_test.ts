import assert from "node:assert/strict";
import type { Obligation } from "../../src/access/decision.ts";
import type { Finding } from "../../src/access/verdict.ts";
import type { Result } from "../../src/base/result.ts";
import { memoryStore } from "../../src/rate_limit/memory_store.ts";
import { rateLimitCheck } from "../../src/rate_limit/rate_check.ts";
import type { BucketStore, Draw, Shortage } from "../../src/rate_limit/store.ts";
import { allowing, by, call, FakeClock, fromUpstream, said } from "./access_requests.ts";

const TWO = { capacity: 2, perMs: 60_000 };

function rate(bucket: string, capacity: number, cost = 1): Obligation {
  return { kind: "rate", bucket, rate: { capacity, perMs: 60_000 }, cost };
}

/** A store elsewhere that notes what is drawn and answers what it is told to. */
class Elsewhere implements BucketStore {
  readonly drawn: (readonly Draw[])[] = [];
  readonly #answer: () => ReturnType<BucketStore["take"]>;
  constructor(answer: () => ReturnType<BucketStore["take"]>) {
    this.#answer = answer;
  }
  take(draws: readonly Draw[]): ReturnType<BucketStore["take"]> {
    this.drawn.push(draws);
    return this.#answer();
  }
  async [Symbol.asyncDispose](): Promise<void> {}
}

function granting(): Elsewhere {
  return new Elsewhere(() => ({ ok: true, value: undefined }));
}

Deno.test("rateLimitCheck() draws one token a call of a tool", () => {
  const clock = new FakeClock();
  const check = rateLimitCheck({ store: memoryStore({ clock }), toolCalls: TWO });
  const ask = () => said(check.examine(call(), allowing(), undefined) as Finding);
  assert.deepEqual([ask(), ask(), ask()], ["pass", "pass", "tool-calls 30000"]);
  clock.nowMs = 30_000;
  assert.deepEqual([ask(), ask()], ["pass", "tool-calls 30000"]);
});

Deno.test("rateLimitCheck() by a clock that jumps back grants nothing more", () => {
  const clock = new FakeClock();
  clock.nowMs = 100_000;
  const check = rateLimitCheck({ store: memoryStore({ clock }), toolCalls: TWO });
  const ask = () => said(check.examine(call(), allowing(), undefined) as Finding);
  assert.deepEqual([ask(), ask(), ask()], ["pass", "pass", "tool-calls 30000"]);
  clock.nowMs = 0;
  assert.equal(ask(), "tool-calls 130000");
  clock.nowMs = 100_000;
  assert.equal(ask(), "tool-calls 30000");
});

Deno.test("rateLimitCheck() draws the tool call and every obligation at once, or nothing", () => {
  const store = memoryStore({ clock: new FakeClock() });
  const check = rateLimitCheck({ store, toolCalls: TWO });
  const narrow = allowing(rate("wide", 10), rate("narrow", 1));
  const ask = (decision = narrow) => said(check.examine(call(), decision, undefined) as Finding);
  assert.equal(ask(), "pass");
  for (let i = 0; i < 5; i++) assert.equal(ask(), "narrow 60000");
  assert.equal(ask(allowing(rate("wide", 10, 9))), "pass");
  assert.equal(ask(allowing()), "tool-calls 30000");
});

Deno.test("rateLimitCheck() says that a cost above the capacity never passes", () => {
  const check = rateLimitCheck({ store: memoryStore({ clock: new FakeClock() }) });
  assert.equal(
    said(check.examine(call(), allowing(rate("b", 1, 2)), undefined) as Finding),
    "b Infinity",
  );
});

Deno.test("rateLimitCheck() keeps principals apart, however they are spelt", () => {
  const store = memoryStore({ clock: new FakeClock() });
  const check = rateLimitCheck({ store, toolCalls: { capacity: 1, perMs: 60_000 } });
  const ids = [
    'dev","',
    "dev",
    'dev"',
    "",
    '","dev',
    "dev\\",
    "Dev",
    '["dev"]',
    "dév",
    "de\u0301v",
  ];
  for (const kind of ["local", "token", "upstream"] as const) {
    for (const id of ids) {
      assert.equal(said(check.examine(by(id, kind), allowing(), undefined) as Finding), "pass");
    }
  }
  for (const id of ids) {
    assert.match(
      said(check.examine(by(id), allowing(), undefined) as Finding),
      /^tool-calls/,
    );
  }
});

Deno.test("rateLimitCheck() keeps a rule's bucket apart from the tool calls and other rules", () => {
  const store = granting();
  const check = rateLimitCheck({ store, toolCalls: TWO });
  check.examine(call(), allowing(rate("tool-calls", 1), rate("x", 1)), undefined);
  check.examine(by("dev\\"), allowing(rate('","x', 1)), undefined);
  const keys = store.drawn.flat().map((draw) => draw.key);
  assert.equal(new Set(keys).size, keys.length);
});

for (
  const [what, request] of [
    ["an item of a list", call({ arguments: undefined })],
    ["upkeep", call({ action: "control", method: "ping" })],
    ["a list", call({ action: "control", method: "tools/list" })],
  ] as const
) {
  Deno.test(`rateLimitCheck() draws nothing for ${what}`, () => {
    const store = granting();
    const check = rateLimitCheck({ store, toolCalls: TWO });
    const finding = check.examine(request, allowing(rate("b", 1)), undefined);
    assert.deepEqual(finding, { effect: "pass" });
    assert.deepEqual(store.drawn, []);
  });
}

for (
  const [what, request] of [
    ["a read", call({ action: "read", method: "resources/read" })],
    ["a server's question", fromUpstream(call({ method: "sampling/createMessage" }))],
    ["a server's tools/call", fromUpstream(call())],
  ] as const
) {
  Deno.test(`rateLimitCheck() draws only the obligations for ${what}`, () => {
    const store = granting();
    const check = rateLimitCheck({ store, toolCalls: TWO });
    check.examine(request, allowing(rate("b", 1)), undefined);
    check.examine(request, allowing(), undefined);
    check.examine(request, undefined, undefined);
    assert.equal(store.drawn.length, 1);
    assert.equal(store.drawn[0]?.length, 1);
  });
}

Deno.test("rateLimitCheck() waits for a store elsewhere", async () => {
  const short: Result<void, Shortage>[] = [{ ok: true, value: undefined }];
  const store: Elsewhere = new Elsewhere(() =>
    Promise.resolve(
      short.pop() ??
        { ok: false, error: { key: store.drawn.at(-1)?.[0]?.key ?? "", retryAfterMs: 7 } },
    )
  );
  const check = rateLimitCheck({ store, toolCalls: TWO });
  const first = check.examine(call(), allowing(), undefined);
  assert.ok(first instanceof Promise);
  assert.equal(said(await first), "pass");
  assert.equal(said(await check.examine(call(), allowing(), undefined)), "tool-calls 7");
});

for (
  const answer of [undefined, null, {}, true, { ok: "yes" }, { ok: 1 }, { ok: false }] as unknown[]
) {
  Deno.test(`rateLimitCheck() passes nothing on the word of a store that says ${JSON.stringify(answer)}`, async () => {
    for (const wrapped of [answer, Promise.resolve(answer)]) {
      const store = new Elsewhere(() => wrapped as ReturnType<BucketStore["take"]>);
      const check = rateLimitCheck({ store, toolCalls: TWO });
      let finding: Finding | undefined;
      try {
        finding = await check.examine(call(), allowing(), undefined);
      } catch {
        // The judge takes a throw for a denial.
      }
      assert.notEqual(finding?.effect, "pass");
    }
  });
}

Deno.test("rateLimitCheck() lets what the store throws or rejects with go to the judge", async () => {
  const throwing = new Elsewhere(() => {
    throw new Error("gone");
  });
  const rejecting = new Elsewhere(() => Promise.reject(new Error("gone")));
  assert.throws(() =>
    rateLimitCheck({ store: throwing, toolCalls: TWO }).examine(call(), allowing(), undefined)
  );
  await assert.rejects(async () =>
    await rateLimitCheck({ store: rejecting, toolCalls: TWO }).examine(
      call(),
      allowing(),
      undefined,
    )
  );
});

Deno.test("rateLimitCheck() refuses a rate that cannot be counted when it is made", () => {
  const store = granting();
  assert.throws(
    () => rateLimitCheck({ store, toolCalls: { capacity: 0, perMs: 1000 } }),
    RangeError,
  );
});
