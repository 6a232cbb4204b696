import assert from "node:assert/strict";
import fc from "fast-check";
import type { MessageEntry } from "../../src/audit/entry.ts";
import { openFileSink } from "../../src/audit/file_sink.ts";
import { summariseAudit } from "../../src/audit/summary.ts";
import { callEntry } from "./entries.ts";

async function audited(
  entries: readonly MessageEntry[],
  use: (path: string) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".jsonl" });
  try {
    const sink = await openFileSink({ path });
    await sink.record(entries);
    await sink[Symbol.asyncDispose]();
    await use(path);
  } finally {
    await Deno.remove(path);
  }
}

function refused(more: Partial<MessageEntry>): MessageEntry {
  return {
    ...callEntry(1),
    effect: "deny",
    disposition: "answer",
    reason: "not_permitted",
    ...more,
  };
}

Deno.test("summariseAudit() counts refusals that have everything in common together", async () => {
  const unsafe = { reason: "unsafe_argument", pointer: "/path", finding: "path-outside-roots" };
  const entries = [
    callEntry(1),
    refused({}),
    refused({ principal: "other" }),
    refused(unsafe),
    refused({ ...unsafe, effect: "allow", would: "deny", disposition: "forward" }),
  ];
  await audited(entries, async (path) => {
    const { groups, ...sums } = await summariseAudit([path]);
    assert.deepEqual(sums, {
      messages: 5,
      allowed: 1,
      refused: 3,
      wouldRefuse: 1,
      ungrouped: 0,
      unreadable: 0,
    });
    assert.deepEqual(groups.map(({ count, observed, finding }) => [count, observed, finding]), [
      [2, false, null],
      [1, false, "path-outside-roots"],
      [1, true, "path-outside-roots"],
    ]);
    assert.deepEqual(groups[0]?.principals, [callEntry(1).principal, "other"]);
    assert.equal(groups[1]?.pointer, "/path");
  });
});

Deno.test("summariseAudit() tells 10,000 kinds of refusals apart and counts the rest", async () => {
  const entries = Array.from({ length: 10_050 }, (_, i) => refused({ pointer: `/${i}` }));
  await audited(entries, async (path) => {
    const { groups, ungrouped, refused: all } = await summariseAudit([path]);
    assert.deepEqual([groups.length, ungrouped, all], [10_000, 50, 10_050]);
  });
});

Deno.test("summariseAudit() takes any bytes and counts what it cannot read", async () => {
  const path = await Deno.makeTempFile();
  try {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      await Deno.writeFile(path, bytes);
      const { messages, unreadable } = await summariseAudit([path]);
      assert.equal(messages, 0);
      const lines = new TextDecoder("latin1").decode(bytes).split("\n");
      if (lines.at(-1) === "") lines.pop();
      assert.equal(unreadable, lines.length);
    }));
  } finally {
    await Deno.remove(path);
  }
});
