import { deepEqual, equal, rejects } from "node:assert/strict";
import type { Dispositions, IncomingFrame } from "../../../src/gateway/channel.ts";
import { Direction } from "../../../src/transport/stdio/direction.ts";
import type { ByteReader } from "../../../src/transport/stdio/reader.ts";
import { FrameWriter } from "../../../src/transport/stdio/writer.ts";
import { bytesOf, ClientOutput, FakeTime, OpenDoor, settle } from "../support.ts";

/** A reader that gives the test's texts one by one, then waits until it is cancelled. */
class Texts implements ByteReader {
  reads = 0;
  readonly #texts: string[];
  #cancel: (() => void) | undefined;

  constructor(...texts: string[]) {
    this.#texts = texts;
  }

  read(room: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    this.reads++;
    const text = this.#texts.shift();
    if (text === undefined) {
      return new Promise((resolve) => this.#cancel = () => resolve(new Uint8Array(0)));
    }
    const { written } = new TextEncoder().encodeInto(text, room);
    return Promise.resolve(room.subarray(0, written));
  }

  cancel(): Promise<void> {
    this.#cancel?.();
    return Promise.resolve();
  }
}

interface Scene {
  readonly direction: Direction;
  readonly onward: FrameWriter;
  readonly back: FrameWriter;
  readonly onwardEnd: ClientOutput;
  readonly backEnd: ClientOutput;
  readonly time: FakeTime;
}

function setUp(
  reader: ByteReader,
  judge: (frames: readonly IncomingFrame[]) => Dispositions,
): Scene {
  const time = new FakeTime();
  const [onwardEnd, backEnd] = [new ClientOutput(), new ClientOutput()];
  const [onward, back] = [onwardEnd, backEnd].map((end) =>
    new FrameWriter(end, {
      ...{ stallMs: 30_000, clock: time, timers: time },
      onFailure: () => {},
    })
  ) as [FrameWriter, FrameWriter];
  const direction = new Direction({
    ...{ reader, maxLineBytes: 1_000_000, judge, onward, back, timers: time },
  });
  return { direction, onward, back, onwardEnd, backEnd, time };
}

Deno.test("Direction sends what is forwarded onward and what is answered back", async () => {
  const door = new OpenDoor();
  const reader = new Texts('{"a":1}\n{"id":1,"me', 'thod":"deny"}\ngarbage\n', "", "never\n");
  const { direction, onwardEnd, backEnd } = setUp(reader, (frames) => door.fromClient(frames));
  equal(direction.heard, false);
  await direction.run();
  equal(direction.heard, true);
  deepEqual(onwardEnd.messages, [{ a: 1 }]);
  deepEqual(backEnd.messages.map(({ id }) => id), [1]);
  equal(reader.reads, 3);
});

Deno.test("Direction reads no more into memory that a peer who takes nothing still reads from", async () => {
  const door = new OpenDoor();
  const long = `{"x":"${"x".repeat(30_000)}"}\n`;
  const reader = new Texts(long, long, long);
  const { direction, onward, onwardEnd } = setUp(reader, (frames) => door.fromClient(frames));
  onwardEnd.mood = "sleeps";
  const run = direction.run();
  await settle();
  equal(reader.reads, 1);
  onward.abandon();
  await run;
  equal(reader.reads, 1);
});

Deno.test("Direction goes on reading for a peer that is gone", async () => {
  const door = new OpenDoor();
  const reader = new Texts('{"id":1}\n', '{"id":2}\n', '{"id":3}\n', "");
  const { direction, onwardEnd } = setUp(reader, (frames) => door.fromClient(frames));
  onwardEnd.mood = "gone";
  await direction.run();
  deepEqual([...door.waiting], [1, 2, 3]);
});

Deno.test("Direction.finish() takes what the pipe still holds, and bounds each judgement", async () => {
  const judged: number[] = [];
  const { promise } = Promise.withResolvers<never>();
  const reader = new Texts('{"id":1}\n', '{"id":2}\n', '{"id":3}\n');
  const { direction, time } = setUp(reader, (frames) => {
    judged.push(frames.length);
    return promise;
  });
  const run = direction.run();
  await settle();
  time.advance(60_000);
  await settle();
  deepEqual(judged, [1]);
  direction.finish();
  for (let i = 0; i < 3; i++) {
    time.advance(1_000);
    await settle();
  }
  deepEqual(judged, [1, 1, 1]);
  time.advance(50);
  await run;
  equal(time.waiting, 0);
});

Deno.test("Direction.finish() takes no more than a pipe can hold", async () => {
  const door = new OpenDoor();
  const reader = new Texts(...Array.from({ length: 1000 }, () => '{"id":1}\n'));
  let frames = 0;
  const { direction, onward, back, time } = setUp(reader, (some) => {
    if (frames++ === 0) direction.finish();
    return door.fromClient(some);
  });
  await direction.run();
  equal(frames, 65);
  onward.abandon();
  back.abandon();
  equal(time.waiting, 0);
});

Deno.test("Direction.stop() takes no more than what was read, and idle() waits for that", async () => {
  const door = new OpenDoor();
  const { promise, resolve } = Promise.withResolvers<void>();
  const reader = new Texts('{"id":1,"method":"deny"}\n', '{"id":2,"method":"deny"}\n');
  const { direction, back, backEnd, time } = setUp(reader, async (frames) => {
    await promise;
    return door.fromClient(frames);
  });
  const run = direction.run();
  await settle();
  direction.stop();
  let idle = false;
  const waits = direction.idle().then(() => idle = true);
  await settle();
  equal(idle, false);
  resolve();
  await waits;
  await run;
  deepEqual(backEnd.messages.map(({ id }) => id), [1]);
  back.abandon();
  equal(time.waiting, 0);
});

Deno.test("Direction takes a reader that fails for one that has ended", async () => {
  const reader: ByteReader = {
    read: () => Promise.reject(new Deno.errors.BadResource("Bad file descriptor")),
    cancel: () => Promise.resolve(),
  };
  const { direction } = setUp(reader, () => []);
  await direction.run();
  await direction.idle();
});

Deno.test("Direction rejects when its judge throws", async () => {
  const bug = new Error("bug");
  const { direction } = setUp(new Texts("{}\n"), () => {
    throw bug;
  });
  await rejects(direction.run(), bug);
  await direction.idle();
});

Deno.test("Direction's frames stay as they are until what they lead to is sent", async () => {
  const door = new OpenDoor();
  const texts = Array.from(
    { length: 20 },
    (_, id) => `{"id":${id},"x":"${"y".repeat(id * 3000)}"}`,
  );
  const reader = new Texts(...texts.map((text) => text + "\n"), "");
  const { direction, onwardEnd } = setUp(reader, (frames) => door.fromClient(frames));
  onwardEnd.mood = "dawdles";
  await direction.run();
  deepEqual(onwardEnd.text, texts.map((text) => text + "\n").join(""));
  equal(bytesOf(onwardEnd.text).length > 500_000, true);
});
