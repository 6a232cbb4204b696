import { deepEqual, equal } from "node:assert/strict";
import type { Child } from "../../../src/transport/stdio/child.ts";
import { Stopper, type StopReason } from "../../../src/transport/stdio/stopper.ts";
import { FakeTime, settle } from "../support.ts";

/** A group of processes as far as a stopper sees it. */
class Group implements Pick<Child, "signal" | "groupLives"> {
  readonly heard: string[] = [];
  alive = true;
  readonly #time: FakeTime;

  constructor(time: FakeTime) {
    this.#time = time;
  }

  signal(signal: "SIGTERM" | "SIGKILL"): void {
    this.heard.push(`${signal} at ${this.#time.monotonicMs()}`);
    if (signal === "SIGKILL") this.alive = false;
  }

  groupLives(): boolean {
    return this.alive;
  }
}

function setUp(): { time: FakeTime; group: Group; stopper: Stopper; told: string[] } {
  const time = new FakeTime();
  const group = new Group(time);
  const told: string[] = [];
  const stopper = new Stopper(group, {
    ...{ clock: time, timers: time },
    onStop: (reason) => told.push(`${reason} at ${time.monotonicMs()}`),
    onOver: (hurried) => told.push(`over at ${time.monotonicMs()}${hurried ? ", hurried" : ""}`),
  });
  return { time, group, stopper, told };
}

Deno.test("Stopper sends SIGTERM after 1 s and SIGKILL after 3 s in all when our stdin ends", () => {
  const { time, group, stopper, told } = setUp();
  time.advance(500);
  stopper.stop("client_done");
  deepEqual(told, ["client_done at 500"]);
  time.advance(999);
  deepEqual(group.heard, []);
  time.advance(1);
  deepEqual(group.heard, ["SIGTERM at 1500"]);
  time.advance(1999);
  equal(group.heard.length, 1);
  time.advance(1);
  deepEqual(group.heard, ["SIGTERM at 1500", "SIGKILL at 3500"]);
  time.advance(1000);
  deepEqual(told, ["client_done at 500", "over at 3750, hurried"]);
  equal(time.waiting, 0);
});

Deno.test("Stopper sends SIGTERM at once and SIGKILL after 1.5 s when we are signalled", () => {
  const { time, group, stopper, told } = setUp();
  stopper.stop("signalled");
  deepEqual(group.heard, ["SIGTERM at 0"]);
  time.advance(10_000);
  deepEqual(group.heard, ["SIGTERM at 0", "SIGKILL at 1500"]);
  deepEqual(told, ["signalled at 0", "over at 1750, hurried"]);
});

Deno.test("Stopper lets a later reason bring the deadlines nearer, never further", () => {
  const { time, group, stopper, told } = setUp();
  stopper.stop("client_done");
  time.advance(400);
  stopper.stop("signalled");
  deepEqual(group.heard, ["SIGTERM at 400"]);
  time.advance(600);
  stopper.stop("signalled");
  stopper.stop("client_done");
  stopper.stop("upstream_exited");
  time.advance(10_000);
  deepEqual(group.heard, ["SIGTERM at 400", "SIGKILL at 1900"]);
  deepEqual(told, ["client_done at 0", "over at 2150, hurried"]);
  equal(stopper.reason, "client_done");
});

Deno.test("Stopper does not hurry a client that waits when the child ended by itself", () => {
  const reasons: readonly StopReason[] = ["upstream_exited", "upstream_silent", "upstream_deaf"];
  for (const reason of reasons) {
    const { time, stopper, told } = setUp();
    stopper.stop(reason);
    time.advance(10_000);
    equal(told.length, 2);
    equal(told[1]?.endsWith("hurried"), false);
    equal(stopper.hurried, false);
  }
});

Deno.test("Stopper.sweep() is done at once when the group is gone", async () => {
  const { time, group, stopper } = setUp();
  stopper.stop("upstream_exited");
  group.alive = false;
  await stopper.sweep();
  deepEqual(group.heard, []);
  stopper.dispose();
  equal(time.waiting, 0);
});

Deno.test("Stopper.sweep() ends those of the group that outlived the child", async () => {
  const { time, group, stopper } = setUp();
  stopper.stop("upstream_exited");
  let swept = false;
  const sweep = stopper.sweep().then(() => swept = true);
  deepEqual(group.heard, ["SIGTERM at 0"]);
  await time.pass(1400);
  equal(swept, false);
  await time.pass(200);
  await sweep;
  deepEqual(group.heard, ["SIGTERM at 0", "SIGKILL at 1500"]);
  stopper.dispose();
  await settle();
  equal(time.waiting, 0);
});

Deno.test("Stopper.sweep() ends as soon as they have gone", async () => {
  const { time, group, stopper } = setUp();
  stopper.stop("upstream_exited");
  const sweep = stopper.sweep();
  await time.pass(100);
  group.alive = false;
  await time.pass(50);
  await sweep;
  stopper.dispose();
  time.advance(10_000);
  deepEqual(group.heard, ["SIGTERM at 0"]);
});

Deno.test("Stopper does nothing more once it was disposed of", () => {
  const { time, group, stopper, told } = setUp();
  stopper.dispose();
  stopper.stop("signalled");
  deepEqual([group.heard, told, time.waiting], [[], [], 0]);
});
