import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { silentLogger } from "../../../src/base/log.ts";
import type { IncomingFrame } from "../../../src/gateway/channel.ts";
import { SpawnError } from "../../../src/transport/stdio/child.ts";
import { LineChild, type LineChildOptions } from "../../../src/transport/stdio/line_child.ts";
import { cleared, eventually, runs, textOf } from "../support.ts";

const PATH = Deno.env.get("PATH") ?? "";

/** A child that runs a script of the shell, and what came of it. */
function child(script: string, options: Partial<LineChildOptions> = {}) {
  const frames: string[] = [];
  const ends: string[] = [];
  const notes: string[] = [];
  const running = new LineChild({
    argv: ["sh", "-c", script],
    env: { PATH },
    name: "sh#1",
    limits: { maxLineBytes: 1_000, transportTimeoutMs: 1_000 },
    log: silentLogger,
    note: (line) => notes.push(line),
    onFrame: (frame) => void frames.push(told(frame)),
    onEnd: (detail) => ends.push(detail),
    ...options,
  });
  return { running, frames, ends, notes };
}

function told(frame: IncomingFrame): string {
  return frame instanceof Uint8Array ? textOf(frame) : `oversize ${frame.limit}`;
}

Deno.test("LineChild gives each line it says, sends what was cleared, and marks its notes", async () => {
  const { running, frames, ends, notes } = child(
    'read x; echo "$x"; echo second; echo careful >&2',
  );
  await running.send(cleared({ id: 1 }), "forward");
  await running.gone;
  deepEqual(frames, ['{"id":1}', "second"]);
  deepEqual(ends, ["the server ended with exit code 0"]);
  deepEqual(notes, ["[sh#1] careful\n"]);
});

Deno.test("LineChild tells of a line that is too long, and goes on", async () => {
  const { running, frames } = child(`printf '{"id":1,"x":"%02000d"}\\nnext\\n' 0`);
  await running.gone;
  deepEqual(frames, ["oversize maxLineBytes", "next"]);
});

Deno.test("LineChild reads no further than its frames are taken", async () => {
  const held = Promise.withResolvers<void>();
  const seen: string[] = [];
  const { running } = child("echo 1; sleep 0.1; echo 2", {
    onFrame: (frame) => {
      seen.push(told(frame));
      return seen.length === 1 ? held.promise : undefined;
    },
  });
  await eventually("a frame", () => seen.length === 1);
  await new Promise((wake) => setTimeout(wake, 200));
  deepEqual(seen, ["1"]);
  held.resolve();
  await running.gone;
  deepEqual(seen, ["1", "2"]);
});

Deno.test("LineChild says how a child ended that was not asked to", async () => {
  const ended = child("exit 7");
  const killed = child("kill -9 $$");
  await Promise.all([ended.running.gone, killed.running.gone]);
  deepEqual(ended.ends, ["the server ended with exit code 7"]);
  deepEqual(killed.ends, ["the server was ended by SIGKILL"]);
});

Deno.test("LineChild ends with its stdin where that is enough, and what it leaves behind ends too", async () => {
  const { running, frames, ends } = child("sleep 1000 & echo $!; cat");
  await eventually("a frame", () => frames.length === 1);
  const started = performance.now();
  running.stop({ hurried: false });
  await running.gone;
  ok(performance.now() - started < 3_000);
  match(ends[0] ?? "", /^the server /);
  equal(runs(Number(frames[0])), false);
});

Deno.test("LineChild ends a child that takes no notice, soon when somebody is impatient", async () => {
  const { running, frames } = child("trap '' TERM; echo ready; while :; do sleep 1; done");
  await eventually("a frame", () => frames.length === 1);
  const started = performance.now();
  running.stop({ hurried: true });
  await running.gone;
  ok(performance.now() - started < 4_000);
});

Deno.test("LineChild ends a child that takes no bytes", async () => {
  const { running, ends } = child("sleep 1000", {
    limits: { maxLineBytes: 1_000_000, transportTimeoutMs: 200 },
  });
  await running.send(cleared({ id: 1, x: "x".repeat(900_000) }), "forward");
  await running.gone;
  equal(ends.length, 1);
});

Deno.test("LineChild throws for what cannot be started", () => {
  throws(() => child("", { argv: ["/nonexistent/server"] }), SpawnError);
});
