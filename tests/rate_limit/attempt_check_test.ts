import assert from "node:assert/strict";
import { judge } from "../../src/access/judge.ts";
import type { AccessRequest } from "../../src/access/request.ts";
import type { Check, Finding, Verdict } from "../../src/access/verdict.ts";
import type { Result } from "../../src/base/result.ts";
import { attemptCheck, type AttemptOptions } from "../../src/rate_limit/attempt_check.ts";
import { memoryStore } from "../../src/rate_limit/memory_store.ts";
import type { BucketStore, Draw, Shortage } from "../../src/rate_limit/store.ts";
import {
  ALLOWED,
  allowing,
  by,
  call,
  denied,
  FakeClock,
  fromUpstream,
  said,
} from "./access_requests.ts";

const THREE = { capacity: 3, perMs: 60_000 };

interface Bench {
  readonly clock: FakeClock;
  readonly check: Check;
}

function bench(options: Partial<AttemptOptions> = {}): Bench {
  const clock = new FakeClock();
  const store = memoryStore({ clock });
  return { clock, check: attemptCheck({ store, rate: THREE, ...options }) };
}

/** Puts a request through the check, and tells it the verdict when it passes. */
function attempt(check: Check, request: AccessRequest, verdict: Verdict): string {
  const finding = check.examine(request, undefined, undefined) as Finding;
  const settled = finding.effect === "deny" ? denied(finding.reason) : verdict;
  check.settle?.(request, settled);
  return said(finding);
}

Deno.test("attemptCheck() by default lets a principal that is not refused go on for ever", () => {
  const { check } = bench();
  for (let i = 0; i < 1000; i++) assert.equal(attempt(check, call(), ALLOWED), "pass");
});

Deno.test("attemptCheck() by default counts refusals, whoever refused", () => {
  const { check } = bench();
  const reasons = [
    { code: "not_permitted", rules: [] },
    { code: "rate_limited", bucket: "attempts", retryAfterMs: 1 },
    { code: "check_failed", check: "rate-limit" },
  ] as const;
  for (const reason of reasons) assert.equal(attempt(check, call(), denied(reason)), "pass");
  assert.equal(attempt(check, call(), ALLOWED), "attempts 20000");
});

Deno.test("attemptCheck() draws nothing for what it refuses itself", () => {
  const { check, clock } = bench();
  for (let i = 0; i < 3; i++) attempt(check, call(), denied());
  for (let i = 0; i < 100; i++) assert.equal(attempt(check, call(), ALLOWED), "attempts 20000");
  clock.nowMs = 19_999;
  assert.equal(attempt(check, call(), ALLOWED), "attempts 1");
  clock.nowMs = 20_000;
  assert.equal(attempt(check, call(), ALLOWED), "pass");
  assert.equal(attempt(check, call(), denied()), "pass");
  assert.equal(attempt(check, call(), ALLOWED), "attempts 20000");
});

Deno.test("attemptCheck() draws nothing when it failed itself", () => {
  const { check } = bench();
  const failed = denied({ code: "check_failed", check: "attempts" });
  for (let i = 0; i < 10; i++) check.settle?.(call(), failed);
  assert.equal(attempt(check, call(), ALLOWED), "pass");
});

Deno.test("attemptCheck() that counts all draws for every attempt, refused or not", () => {
  const { check, clock } = bench({ counts: "all" });
  const verdicts = [ALLOWED, denied(), ALLOWED, ALLOWED];
  assert.deepEqual(
    verdicts.map((verdict) => attempt(check, call(), verdict)),
    ["pass", "pass", "pass", "attempts 20000"],
  );
  clock.nowMs = 20_000;
  assert.equal(attempt(check, call(), denied()), "pass");
});

for (const counts of ["all", "refused"] as const) {
  Deno.test(`attemptCheck() that counts ${counts} gains nothing from a clock that jumps back`, () => {
    const { check, clock } = bench({ counts });
    clock.nowMs = 50_000;
    for (let i = 0; i < 3; i++) assert.equal(attempt(check, call(), denied()), "pass");
    for (const nowMs of [0, 50_000, 10, 69_999]) {
      clock.nowMs = nowMs;
      assert.notEqual(attempt(check, call(), ALLOWED), "pass");
    }
    clock.nowMs = 70_000;
    assert.equal(attempt(check, call(), denied()), "pass");
    assert.notEqual(attempt(check, call(), ALLOWED), "pass");
  });

  for (
    const [what, request] of [
      ["upkeep", call({ action: "control", method: "ping" })],
      ["lists", call({ action: "control", method: "tools/list" })],
      ["items of lists", call({ arguments: undefined })],
      ["what a server asks", fromUpstream(call({ action: "ask-client" }))],
    ] as const
  ) {
    Deno.test(`attemptCheck() that counts ${counts} leaves ${what} alone`, () => {
      const { check } = bench({ counts });
      for (let i = 0; i < 10; i++) assert.equal(attempt(check, { ...request }, denied()), "pass");
      assert.equal(attempt(check, call(), denied()), "pass");
      for (let i = 0; i < 3; i++) attempt(check, call(), denied());
      assert.equal(attempt(check, { ...request }, ALLOWED), "pass");
    });
  }

  for (
    const [what, request] of [
      ["a call", call()],
      ["a read", call({ action: "read", method: "resources/read" })],
      ["an unknown method", call({ known: false, method: "x/y" })],
      ["an unknown method called upkeep", call({ known: false, action: "control", method: "x/y" })],
    ] as const
  ) {
    Deno.test(`attemptCheck() that counts ${counts} counts ${what}`, () => {
      const { check } = bench({ counts });
      for (let i = 0; i < 3; i++) assert.equal(attempt(check, { ...request }, denied()), "pass");
      assert.equal(attempt(check, { ...request }, ALLOWED), "attempts 20000");
      assert.equal(attempt(check, call(), ALLOWED), "attempts 20000");
    });
  }

  Deno.test(`attemptCheck() that counts ${counts} keeps principals apart`, () => {
    const { check } = bench({ counts });
    for (let i = 0; i < 4; i++) attempt(check, by("dev"), denied());
    assert.equal(attempt(check, by("dev"), ALLOWED), "attempts 20000");
    for (const id of ["Dev", 'dev"', ""]) assert.equal(attempt(check, by(id), ALLOWED), "pass");
    assert.equal(attempt(check, by("dev", "token"), ALLOWED), "pass");
  });
}

Deno.test("attemptCheck() has a default of 600 refusals a minute", () => {
  const clock = new FakeClock();
  const check = attemptCheck({ store: memoryStore({ clock }) });
  for (let i = 0; i < 600; i++) assert.equal(attempt(check, call(), denied()), "pass");
  assert.equal(attempt(check, call(), ALLOWED), "attempts 100");
});

Deno.test("attemptCheck() refuses a rate that cannot be counted when it is made", () => {
  const store = memoryStore();
  assert.throws(() => attemptCheck({ store, rate: { capacity: 1.5, perMs: 1000 } }), RangeError);
});

/** A store that answers later, and not at all while it is down. */
class Remote implements BucketStore {
  readonly #inner: BucketStore;
  down = false;
  takes = 0;
  constructor(clock: FakeClock) {
    this.#inner = memoryStore({ clock });
  }
  async take(draws: readonly Draw[]): Promise<Result<void, Shortage>> {
    this.takes++;
    await Promise.resolve();
    if (this.down) throw new Error("Cannot reach the store");
    return await this.#inner.take(draws);
  }
  async [Symbol.asyncDispose](): Promise<void> {}
}

function remote(): Bench & { readonly store: Remote } {
  const clock = new FakeClock();
  const store = new Remote(clock);
  return { clock, store, check: attemptCheck({ store, rate: THREE }) };
}

async function ask(check: Check, request = call()): Promise<string> {
  return said(await check.examine(request, undefined, undefined));
}

/** Lets what is under way settle: more turns than any chain here is long. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

Deno.test("attemptCheck() counts refusals in a store elsewhere", async () => {
  const { check, clock } = remote();
  for (let i = 0; i < 3; i++) {
    const request = call();
    assert.equal(await ask(check, request), "pass");
    check.settle?.(request, denied());
  }
  assert.equal(await ask(check), "attempts 20000");
  clock.nowMs = 20_000;
  assert.equal(await ask(check), "pass");
});

Deno.test("attemptCheck() remembers refusals that a store elsewhere would not take", async () => {
  const { check, store, clock } = remote();
  const requests = [call(), call(), call()];
  for (const request of requests) assert.equal(await ask(check, request), "pass");
  store.down = true;
  for (const request of requests) check.settle?.(request, denied());
  await settled();
  await assert.rejects(ask(check), /Cannot reach the store/);
  store.down = false;
  assert.equal(await ask(check), "attempts 20000");
  clock.nowMs = 20_000;
  assert.equal(await ask(check), "pass");
});

Deno.test("attemptCheck() lets nobody past while a refusal is owed", async () => {
  const { check, store } = remote();
  const request = call();
  assert.equal(await ask(check, request), "pass");
  store.down = true;
  check.settle?.(request, denied());
  await settled();
  for (let i = 0; i < 5; i++) await assert.rejects(ask(check));
  store.down = false;
  assert.equal(await ask(check), "pass");
  const before = store.takes;
  assert.equal(await ask(check), "pass");
  assert.equal(store.takes, before + 1, "a debt that is paid is not paid again");
});

Deno.test("attemptCheck() owes what many at once were refused over the last token", async () => {
  const { check, clock } = remote();
  const requests = Array.from({ length: 20 }, () => call());
  for (const request of requests) assert.equal(await ask(check, request), "pass");
  for (const request of requests) check.settle?.(request, denied());
  await settled();
  // 20 tokens have to come and go, three a minute and three there were, and then one has to be there.
  for (let nowMs = 0; nowMs < 360_000; nowMs += 10_000) {
    clock.nowMs = nowMs;
    assert.match(await ask(check), /^attempts/, `${nowMs}`);
  }
  clock.nowMs = 360_000;
  assert.equal(await ask(check), "pass");
});

Deno.test("attemptCheck() waits for a payment under way instead of paying twice", async () => {
  const { check, clock } = remote();
  const request = call();
  assert.equal(await ask(check, request), "pass");
  check.settle?.(request, denied());
  const asked = [ask(check), ask(check), ask(check)];
  assert.deepEqual(await Promise.all(asked), ["pass", "pass", "pass"]);
  for (let i = 0; i < 2; i++) {
    const more = call();
    assert.equal(await ask(check, more), "pass");
    check.settle?.(more, denied());
  }
  assert.equal(await ask(check), "attempts 20000");
  assert.equal(clock.nowMs, 0);
});

Deno.test("attemptCheck() settles without throwing when the store throws, and owes", () => {
  const clock = new FakeClock();
  const inner = memoryStore({ clock });
  let down = false;
  const store: BucketStore = {
    take(draws) {
      if (down) throw new Error("gone");
      return inner.take(draws);
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
  const check = attemptCheck({ store, rate: THREE });
  for (let i = 0; i < 3; i++) {
    const request = call();
    assert.equal(said(check.examine(request, undefined, undefined)), "pass");
    down = true;
    check.settle?.(request, denied());
    down = false;
  }
  assert.equal(said(check.examine(call(), undefined, undefined)), "attempts 20000");
});

for (const answer of [undefined, {}, { ok: 1 }, { ok: false }] as unknown[]) {
  Deno.test(`attemptCheck() passes nobody on the word of a store that says ${JSON.stringify(answer)}`, async () => {
    for (const wrapped of [answer, Promise.resolve(answer)]) {
      const { clock } = bench();
      const inner = memoryStore({ clock });
      let nonsense = false;
      const store: BucketStore = {
        take: (draws) => nonsense ? wrapped as ReturnType<BucketStore["take"]> : inner.take(draws),
        [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
      };
      const check = attemptCheck({ store, rate: THREE });
      const guess = call();
      assert.equal(await ask(check, guess), "pass");
      nonsense = true;
      check.settle?.(guess, denied());
      await settled();
      await assert.rejects(ask(check));
      nonsense = false;
      for (let i = 0; i < 2; i++) attempt(check, call(), denied());
      assert.equal(await ask(check), "attempts 20000");
    }
  });
}

Deno.test("attemptCheck() lets nobody new try while too many owe", async () => {
  const { check, store } = remote();
  const requests = Array.from({ length: 10_000 }, (_, at) => by(`p${at}`));
  for (const request of requests) await check.examine(request, undefined, undefined);
  store.down = true;
  for (const request of requests) check.settle?.(request, denied());
  await settled();
  store.down = false;
  assert.throws(() => check.examine(by("new"), undefined, undefined), /owe tokens/);
  await settled();
  // The oldest debt was paid meanwhile.
  assert.equal(await ask(check, by("new")), "pass");
});

Deno.test("attemptCheck() in the judge: guesses are refused for guessing once there were too many", () => {
  const { check, clock } = bench();
  const refuse = { hash: "sha256:0", decide: () => ({ ...allowing(), effect: "deny" } as const) };
  const ask = () => {
    const questions = { before: [check], policy: refuse, after: [] };
    const verdict = judge(call(), questions, { clock, checkTimeoutMs: 1000 });
    assert.ok(!(verdict instanceof Promise) && verdict.effect === "deny");
    return verdict.reason.code;
  };
  assert.deepEqual(Array.from({ length: 5 }, ask), [
    "not_permitted",
    "not_permitted",
    "not_permitted",
    "rate_limited",
    "rate_limited",
  ]);
});
