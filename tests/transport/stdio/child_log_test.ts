import { deepEqual, equal, ok } from "node:assert/strict";
import { ChildLog } from "../../../src/transport/stdio/child_log.ts";
import type { ByteReader } from "../../../src/transport/stdio/reader.ts";
import { bytesOf, FakeTime, settle } from "../support.ts";

/** A stderr that gives what the test says. */
class Source implements ByteReader {
  #give: ((bytes: Uint8Array<ArrayBuffer>) => void) | undefined;
  #room = new Uint8Array(0);

  read(room: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    this.#room = room;
    return new Promise((give) => this.#give = give);
  }

  cancel(): Promise<void> {
    return this.say("");
  }

  async say(text: string): Promise<void> {
    const bytes = bytesOf(text);
    for (let at = 0; at === 0 || at < bytes.length;) {
      const part = bytes.subarray(at, at + this.#room.length);
      this.#room.set(part);
      this.#give?.(this.#room.subarray(0, part.length));
      at += Math.max(1, part.length);
      await settle();
    }
  }
}

function setUp(): {
  source: Source;
  lines: string[];
  time: FakeTime;
  log: ChildLog;
  done: Promise<void>;
} {
  const source = new Source();
  const lines: string[] = [];
  const time = new FakeTime();
  const write = (line: string) => lines.push(line);
  const log = new ChildLog(source, { name: "fs", write, clock: time, timers: time });
  return { source, lines, time, log, done: log.run() };
}

Deno.test("ChildLog marks each line and escapes control characters", async () => {
  const { source, lines, time, done } = setUp();
  await source.say("starting\nred \u001b[31mtext\u0007 \u202e\n\n");
  await source.say("in two ");
  await source.say("parts\r\n10%\r50%\r100%\nlast");
  await source.say("");
  await done;
  deepEqual(lines, [
    "[fs] starting\n",
    "[fs] red \\u{1b}[31mtext\\u{7} \\u{202e}\n",
    "[fs] in two parts\n",
    "[fs] 10%\n",
    "[fs] 50%\n",
    "[fs] 100%\n",
    "[fs] last\n",
  ]);
  equal(time.waiting, 0);
});

Deno.test("ChildLog cuts a long line and says so", async () => {
  const { source, lines, done } = setUp();
  await source.say("a".repeat(8192) + "\n" + "b".repeat(200_000));
  await source.say("b\nnext\n\u00ff");
  await source.cancel();
  await done;
  deepEqual(lines, [
    `[fs] ${"a".repeat(8192)}\n`,
    `[fs] ${"b".repeat(8192)} … (cut)\n`,
    "[fs] next\n",
    "[fs] \u00ff\n",
  ]);
});

Deno.test("ChildLog shows a question that has no line end", async () => {
  const { source, lines, time, done } = setUp();
  await source.say("Ok to proceed? (y) ");
  deepEqual(lines, []);
  time.advance(300);
  deepEqual(lines, ["[fs] Ok to proceed? (y) \n"]);
  await source.say("y\n");
  deepEqual(lines.slice(1), ["[fs] y\n"]);
  await source.cancel();
  await done;
  equal(time.waiting, 0);
});

Deno.test("ChildLog drops what no one can read, and counts it", async () => {
  const { source, lines, time, done } = setUp();
  for (const size of [10, 100, 1000]) {
    const before = lines.length;
    const noise = ("n".repeat(size) + "\n").repeat(1_000_000 / size);
    for (let i = 0; i < 5; i++) await source.say(noise);
    const shown = lines.length - before;
    ok(shown * Math.max(size, 256) <= 1100 * 1024 && shown > 1000, `${shown} lines`);
    time.advance(1000);
    await source.say("calm\n");
    deepEqual(lines.slice(before + shown), [
      `[fs] … ${5_000_000 / size - shown} lines dropped: too many in a second\n`,
      "[fs] calm\n",
    ]);
    time.advance(1000);
  }
  for (let i = 0; i < 2; i++) await source.say("n\n".repeat(100_000));
  await source.cancel();
  await done;
  ok(/^\[fs\] … \d+ lines dropped/.test(lines.at(-1) ?? ""), lines.at(-1));
});

Deno.test("ChildLog lets a child that floods wait for the next second", async () => {
  const { source, time, log, done } = setUp();
  const megabyte = "n".repeat(1024 * 1024 - 1) + "\n";
  for (let i = 0; i < 16; i++) await source.say(megabyte);
  equal(time.waiting, 0);
  await source.say(megabyte.slice(0, 1000));
  equal(time.waiting, 2);
  time.advance(1000);
  await settle();
  equal(time.waiting, 0);
  for (let i = 0; i < 17; i++) await source.say(megabyte);
  await log.cancel();
  await done;
  equal(time.waiting, 0);
});
