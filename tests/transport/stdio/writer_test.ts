import { deepEqual, equal, ok, throws } from "node:assert/strict";
import type { Cleared } from "../../../src/gateway/clear.ts";
import {
  type ByteSink,
  FrameWriter,
  type WriterFailure,
} from "../../../src/transport/stdio/writer.ts";
import { bytesOf, cleared, clearedBytes, FakeTime, settle, textOf } from "../support.ts";

const KIB = 1024;
const STALL_MS = 30_000;

/** A peer that takes bytes when the test says so. */
class Peer implements ByteSink {
  /** The writes so far, as they were when they were taken. */
  readonly taken: Uint8Array[] = [];
  offered: Uint8Array | undefined;
  closed = false;
  #answer: { take: (count: number) => void; fail: (error: Error) => void } | undefined;

  write(bytes: Uint8Array): Promise<number> {
    ok(this.offered === undefined, "one write at a time");
    this.offered = bytes;
    return new Promise((take, fail) => this.#answer = { take, fail });
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  async take(count = Infinity): Promise<void> {
    const bytes = this.offered?.slice(0, count) ?? new Uint8Array(0);
    this.taken.push(bytes);
    this.offered = undefined;
    this.#answer?.take(bytes.length);
    await settle();
  }

  async takeAll(): Promise<void> {
    while (this.offered !== undefined) await this.take();
  }

  async fail(): Promise<void> {
    this.offered = undefined;
    this.#answer?.fail(new Deno.errors.BrokenPipe("Broken pipe"));
    await settle();
  }

  get text(): string {
    return this.taken.map(textOf).join("");
  }
}

function setUp(): {
  peer: Peer;
  time: FakeTime;
  writer: FrameWriter;
  failures: WriterFailure[];
} {
  const peer = new Peer();
  const time = new FakeTime();
  const failures: WriterFailure[] = [];
  const writer = new FrameWriter(peer, {
    ...{ stallMs: STALL_MS, clock: time, timers: time },
    onFailure: (failure) => failures.push(failure),
  });
  return { peer, time, writer, failures };
}

function frame(text: string): Cleared {
  return clearedBytes(bytesOf(text));
}

Deno.test("FrameWriter writes the first frame at once, and in one write what arrives meanwhile", async () => {
  const { peer, writer } = setUp();
  writer.add(frame("one"), "forward");
  equal(writer.go("forward"), undefined);
  equal(peer.offered && textOf(peer.offered), "one\n");
  for (const text of ["two", "three", "four"]) {
    writer.add(frame(text), text === "three" ? "answer" : "forward");
    equal(writer.go("forward"), undefined);
  }
  await peer.take();
  equal(peer.offered && textOf(peer.offered), "two\nthree\nfour\n");
  await peer.take();
  equal(peer.offered, undefined);
  writer.abandon();
});

Deno.test("FrameWriter keeps the order of short and long frames, whatever the peer takes at once", async () => {
  const { peer, writer } = setUp();
  const sizes = [3, 20 * KIB, 16 * KIB, 1, 16 * KIB + 1, 700 * KIB, 60 * KIB, 2, 0, 64 * KIB];
  const want: string[] = [];
  for (const [index, size] of sizes.entries()) {
    const text = String(index).repeat(size);
    want.push(text + "\n");
    writer.add(frame(text), "forward");
  }
  for (let index = 0; index < 500; index++) {
    const text = `short ${index} ${"s".repeat(400)}`;
    want.push(text + "\n");
    writer.add(frame(text), "forward");
  }
  const done = writer.go("forward");
  ok(done instanceof Promise);
  for (let count = 1; peer.offered !== undefined; count = count * 2 % 70_001) {
    await peer.take(count);
  }
  await done;
  equal(peer.text, want.join(""));
  writer.abandon();
});

Deno.test("FrameWriter copies short frames, and lets the sender wait while it writes from a long one", async () => {
  const { peer, writer } = setUp();
  const short = bytesOf("short");
  writer.add(frame("first"), "forward");
  writer.go("forward");
  writer.add(clearedBytes(short), "forward");
  equal(writer.go("forward"), undefined);
  short.fill(120);
  const long = new Uint8Array(20 * KIB).fill(97);
  writer.add(clearedBytes(long), "forward");
  const done = writer.go("forward");
  ok(done instanceof Promise);
  let free = false;
  const freed = done.then(() => free = true);
  await peer.take();
  await peer.take();
  equal(free, false);
  ok(peer.offered?.buffer === long.buffer, "no copy");
  await peer.takeAll();
  await freed;
  ok(peer.text.startsWith("first\nshort\naaa"));
  writer.abandon();
});

Deno.test("FrameWriter does not write again into a buffer that it was lent", async () => {
  const { peer, writer } = setUp();
  const lent = new Uint8Array(64 * KIB).fill(97);
  writer.add(clearedBytes(lent), "forward");
  writer.go("forward");
  await peer.takeAll();
  for (let i = 0; i < 300; i++) {
    writer.add(frame("b".repeat(1000)), "forward");
    writer.go("forward");
    if (i % 3 === 0) await peer.take();
  }
  await peer.takeAll();
  ok(lent.every((byte) => byte === 97));
  writer.abandon();
});

Deno.test("FrameWriter lets whoever forwards wait when the peer is slow, and holds little", async () => {
  const { peer, writer } = setUp();
  let sent = 0;
  let wait: Promise<void> | undefined;
  while (wait === undefined && sent < 1000) {
    writer.add(frame("x".repeat(999)), "forward");
    wait = writer.go("forward");
    sent++;
  }
  ok(sent * 1000 <= 70 * KIB, `${sent} frames`);
  await peer.takeAll();
  await wait;
  writer.abandon();
});

Deno.test("FrameWriter lets answers pass a slow peer's forwards up to a bound", () => {
  const { writer } = setUp();
  writer.add(frame("x".repeat(100 * KIB)), "forward");
  ok(writer.go("forward") instanceof Promise);
  let answers = 0;
  while (answers < 10_000) {
    writer.add(frame("a".repeat(999)), "answer");
    if (writer.go("answer") !== undefined) break;
    answers++;
  }
  ok(answers > 100 && answers * 1000 <= 1100 * KIB, `${answers} answers`);
  writer.abandon();
});

Deno.test("FrameWriter gives up when the peer takes no bytes for stallMs", async () => {
  const { peer, time, writer, failures } = setUp();
  writer.add(frame("x".repeat(300 * KIB)), "forward");
  const done = writer.go("forward");
  time.advance(STALL_MS - 1);
  deepEqual(failures, []);
  time.advance(1);
  deepEqual(failures, ["stalled"]);
  await done;
  equal(writer.stuck, true);
  equal(time.waiting, 0);
  writer.add(frame("late"), "forward");
  equal(writer.go("forward"), undefined);
  await peer.take();
  equal(peer.offered, undefined);
});

Deno.test("FrameWriter waits for a peer that is slow but takes something", async () => {
  const { peer, time, writer, failures } = setUp();
  writer.add(frame("x".repeat(300 * KIB)), "forward");
  writer.go("forward");
  for (let i = 0; i < 10; i++) {
    time.advance(STALL_MS - 1);
    await peer.take(10);
  }
  deepEqual(failures, []);
  time.advance(STALL_MS);
  deepEqual(failures, ["stalled"]);
});

Deno.test("FrameWriter does not count the time in which nothing waits to be written", async () => {
  const { peer, time, writer, failures } = setUp();
  writer.add(frame("one"), "forward");
  writer.go("forward");
  await peer.take();
  time.advance(10 * STALL_MS);
  equal(time.waiting, 0);
  writer.add(frame("two"), "forward");
  writer.go("forward");
  time.advance(STALL_MS - 1);
  deepEqual(failures, []);
  await peer.take();
  writer.abandon();
  equal(time.waiting, 0);
});

Deno.test("FrameWriter tells once that the peer is gone, and drops the rest", async () => {
  const { peer, time, writer, failures } = setUp();
  writer.add(frame("x".repeat(100 * KIB)), "forward");
  const done = writer.go("forward");
  await peer.fail();
  await done;
  deepEqual(failures, ["closed"]);
  equal(writer.stuck, false);
  writer.add(frame("more"), "answer");
  equal(writer.go("answer"), undefined);
  await writer.flush();
  await writer.close();
  deepEqual(failures, ["closed"]);
  equal(peer.closed, true);
  equal(time.waiting, 0);
});

Deno.test("FrameWriter takes a peer that takes nothing for one that is gone", async () => {
  const { peer, writer, failures } = setUp();
  writer.add(frame("x"), "forward");
  writer.go("forward");
  await peer.take(0);
  deepEqual(failures, ["closed"]);
});

Deno.test("FrameWriter writes what it has before it closes", async () => {
  const { peer, writer } = setUp();
  writer.add(frame("one"), "forward");
  writer.add(frame("x".repeat(40 * KIB)), "forward");
  writer.go("forward");
  const closed = writer.close();
  await settle();
  equal(peer.closed, false);
  await peer.takeAll();
  await closed;
  equal(peer.text, `one\n${"x".repeat(40 * KIB)}\n`);
  equal(peer.closed, true);
});

Deno.test("Only gateway/clear.ts makes Cleared; only Cleared can be sent", () => {
  const { peer, writer } = setUp();
  const forged = { bytes: bytesOf("{}") } as unknown as Cleared;
  throws(() => writer.add(forged, "forward"), TypeError);
  const { prototype } = cleared({}).constructor;
  throws(() => writer.add(Object.create(prototype), "forward"), TypeError);
  equal(writer.go("forward"), undefined);
  equal(peer.offered, undefined);
});
