import { deepEqual, equal, ok } from "node:assert/strict";
import { atMost, systemTimers } from "../../../src/transport/stdio/timers.ts";
import { FakeTime, settle } from "../support.ts";

Deno.test("systemTimers runs what is due in its order, and nothing that was cancelled", async () => {
  const ran: string[] = [];
  const startMs = performance.now();
  systemTimers.after(20, () => ran.push("second"));
  const cancel = systemTimers.after(5, () => ran.push("cancelled"));
  systemTimers.after(0.5, () => ran.push("first"));
  cancel();
  await new Promise<void>((resolve) => systemTimers.after(40, resolve));
  deepEqual(ran, ["first", "second"]);
  ok(performance.now() - startMs >= 39);
  cancel();
});

Deno.test("systemTimers keeps a process alive that waits, and not for what was cancelled", async () => {
  const module = new URL("../../../src/transport/stdio/timers.ts", import.meta.url).href;
  const script = `
    import { systemTimers } from "${module}";
    systemTimers.after(60_000, () => console.log("too late"))();
    await new Promise((resolve) => systemTimers.after(100, resolve));
    console.log("done");
  `;
  const url = `data:text/javascript,${encodeURIComponent(script)}`;
  const startMs = performance.now();
  const { stdout, code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", url],
  }).output();
  deepEqual([new TextDecoder().decode(stdout), code], ["done\n", 0]);
  ok(performance.now() - startMs < 20_000);
});

Deno.test("atMost() waits for the promise, or for the time", async () => {
  const time = new FakeTime();
  const limit = { ms: 100, timers: time };
  await atMost(Promise.resolve(1), limit);
  await atMost(Promise.reject(new Error("expected")), limit);
  equal(time.waiting, 0);
  let done = false;
  const waits = atMost(Promise.withResolvers().promise, limit).then(() => done = true);
  time.advance(99);
  await settle();
  equal(done, false);
  time.advance(1);
  await waits;
});
