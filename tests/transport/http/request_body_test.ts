import assert from "node:assert/strict";
import fc from "fast-check";
import { Intake } from "../../../src/transport/http/intake.ts";
import { bodyOf } from "../../../src/transport/http/request_body.ts";

/** Gives bytes in pieces of at most so many, and keeps how much room there was for each. */
function source(text: string, piece: number) {
  const bytes = new TextEncoder().encode(text);
  const room: number[] = [];
  let at = 0;
  const read = (into: Uint8Array): Promise<number | null> => {
    room.push(into.length);
    const part = bytes.subarray(at, at + Math.min(piece, into.length));
    into.set(part);
    at += part.length;
    return Promise.resolve(part.length === 0 ? null : part.length);
  };
  return { room, read };
}

async function readAll(intake: Intake): Promise<{ readonly text: string; readonly parts: number }> {
  const { content, isRead } = bodyOf(intake, {
    length: "chunked",
    onFirstRead: undefined,
    onRead: () => {},
  });
  assert.ok(content instanceof ReadableStream);
  let text = "";
  let parts = 0;
  for await (const part of content) {
    text += new TextDecoder().decode(part);
    parts++;
  }
  assert.equal(isRead(), true);
  return { text, parts };
}

function chunked(parts: readonly string[]): string {
  return [...parts, ""].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("");
}

Deno.test("bodyOf() reads chunks to their last byte and no further, however they come", async () => {
  const part = fc.string({ minLength: 1, maxLength: 40, unit: "binary-ascii" });
  await fc.assert(fc.asyncProperty(
    fc.array(fc.oneof(part, fc.constantFrom("\r\n", "0\r\n\r\n", "a".repeat(5000)))),
    fc.integer({ min: 1, max: 9000 }),
    async (parts, piece) => {
      const intake = new Intake(source(`${chunked(parts)}next\r\n`, piece));
      assert.equal((await readAll(intake)).text, parts.join(""));
      assert.equal(new TextDecoder().decode(await intake.before("line", 9) as Uint8Array), "next");
    },
  ));
});

Deno.test("bodyOf() refuses chunks that lie about their size, wherever they stand", async () => {
  for (
    const lie of [
      "1\r\nab\r\n",
      "2\r\na\r\n",
      "1\r\na\n",
      "1 \r\na\r\n",
      "1;x\r\na\r\n",
      "-1\r\na\r\n",
    ]
  ) {
    for (const piece of [1, 7, 4096]) {
      const text = chunked(["x", "y"]).replace("0\r\n\r\n", lie + chunked(["z", "z"]));
      await assert.rejects(readAll(new Intake(source(text, piece))), JSON.stringify(lie));
    }
  }
});

Deno.test("bodyOf() gives what one read brought in one part, not in one for each chunk", async () => {
  const { read, room } = source(chunked(Array(100_000).fill("a")), 64 * 1024);
  const { text, parts } = await readAll(new Intake({ read }));
  assert.equal(text.length, 100_000);
  assert.ok(parts < 3 * room.length, `${parts} parts of ${room.length} reads`);
});

Deno.test("Intake keeps no room for a long head when it is empty", async () => {
  const { read, room } = source(`${"a".repeat(30_000)}\r\n\r\n`, 30_004);
  const intake = new Intake({ read });
  await intake.before("empty line", 32 * 1024);
  assert.ok(Math.max(...room) > 4096);
  assert.equal(await intake.more(), false);
  assert.equal(room.at(-1), 4096);
});
