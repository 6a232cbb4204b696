import { deepEqual, equal, ok } from "node:assert/strict";
import { NoteWriter } from "../../../src/transport/stdio/notes.ts";
import { FakeTime, settle, textOf } from "../support.ts";

/** A stderr that takes bytes when the test says so. */
class Screen {
  text = "";
  broken = false;
  #take: (() => void) | undefined;

  write(bytes: Uint8Array): Promise<number> {
    if (this.broken) return Promise.reject(new Deno.errors.BrokenPipe("Broken pipe"));
    return new Promise((resolve) =>
      this.#take = () => {
        this.#take = undefined;
        const count = Math.min(bytes.length, 100_000);
        this.text += textOf(bytes.subarray(0, count));
        resolve(count);
      }
    );
  }

  async show(): Promise<void> {
    while (this.#take !== undefined) {
      this.#take();
      await settle();
    }
  }
}

Deno.test("NoteWriter writes lines in order", async () => {
  const screen = new Screen();
  const notes = new NoteWriter(screen);
  for (const line of ["one\n", "two\n", "three\n"]) notes.write(line);
  await screen.show();
  equal(screen.text, "one\ntwo\nthree\n");
  notes.write("four\n");
  await screen.show();
  ok(screen.text.endsWith("four\n"));
});

Deno.test("NoteWriter holds little while nobody reads, and tells how much is missing", async () => {
  const screen = new Screen();
  const notes = new NoteWriter(screen);
  const line = "x".repeat(1023) + "\n";
  for (let i = 0; i < 5000; i++) notes.write(line);
  await screen.show();
  const lines = screen.text.split("\n");
  equal(lines.filter((text) => text.startsWith("x")).length, 1024);
  deepEqual(lines.slice(1024), [
    "mcp-aegis: warning: 3976 lines are missing here: stderr was not read",
    "",
  ]);
});

Deno.test("NoteWriter.flush() waits for what was written, but not for ever", async () => {
  const screen = new Screen();
  const time = new FakeTime();
  const notes = new NoteWriter(screen);
  await notes.flush({ ms: 100, timers: time });
  notes.write("one\n");
  let flushed = false;
  const flush = notes.flush({ ms: 100, timers: time }).then(() => flushed = true);
  await settle();
  equal(flushed, false);
  time.advance(100);
  await flush;
  const second = notes.flush({ ms: 100, timers: time });
  await screen.show();
  await second;
  equal(time.waiting, 0);
});

Deno.test("NoteWriter writes nothing more to a stderr that is closed", async () => {
  const screen = new Screen();
  screen.broken = true;
  const notes = new NoteWriter(screen);
  notes.write("one\n");
  await notes.flush({ ms: 100, timers: new FakeTime() });
  for (let i = 0; i < 5000; i++) notes.write("x".repeat(1000));
  await settle();
});
