import { deepEqual, ok } from "node:assert/strict";
import { startDeadline } from "../../src/base/deadline.ts";

const waited = (ms: number) => new Promise<void>((resolve) => startDeadline(ms, resolve));

Deno.test("startDeadline() runs what is due in its order, and nothing that was cancelled", async () => {
  const ran: string[] = [];
  const startMs = performance.now();
  startDeadline(30, () => ran.push("second"));
  const cancel = startDeadline(5, () => ran.push("cancelled"));
  startDeadline(1, () => ran.push("first"));
  cancel();
  await waited(60);
  deepEqual(ran, ["first", "second"]);
  ok(performance.now() - startMs >= 59);
  cancel();
});

Deno.test("startDeadline() runs what one that is due calls off or adds as it then stands", async () => {
  const ran: string[] = [];
  let cancel = () => {};
  startDeadline(1, () => {
    ran.push("first");
    cancel();
    startDeadline(0, () => ran.push("added"));
  });
  cancel = startDeadline(1, () => ran.push("called off"));
  await waited(30);
  deepEqual(ran, ["first", "added"]);
});

Deno.test("startDeadline() waits anew when nothing had to be waited for before", async () => {
  const ran: number[] = [];
  for (let each = 0; each < 3; each++) {
    startDeadline(10_000, () => ran.push(-1))();
    startDeadline(1, () => ran.push(each));
    await waited(5);
  }
  deepEqual(ran, [0, 1, 2]);
});

Deno.test("startDeadline() keeps a process alive that waits, and not for what was cancelled", async () => {
  const module = new URL("../../src/base/deadline.ts", import.meta.url).href;
  const script = `
    import { startDeadline } from "${module}";
    startDeadline(60_000, () => console.log("too late"))();
    await new Promise((resolve) => startDeadline(100, resolve));
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
