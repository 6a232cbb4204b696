import assert from "node:assert/strict";
import fc from "fast-check";
import { call, denying, result, TestChannel } from "./harness.ts";

const ID = fc.constantFrom(1, 2, "1");
const STEP = fc.oneof(
  fc.record({ from: fc.constant("client" as const), id: ID, tool: fc.constantFrom("cat", "rm") }),
  fc.record({ from: fc.constant("cancel" as const), id: ID }),
  fc.record({ from: fc.constant("upstream" as const), id: ID }),
);
const GROUP = fc.record({
  frames: fc.array(STEP, { minLength: 1, maxLength: 6 }),
  failing: fc.boolean(),
});

Deno.test("The upstream never sees two requests with one id; an answer nobody asked for is dropped", async () => {
  const groups = fc.array(GROUP, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(groups, fc.boolean(), async (all, later) => {
      const channel = await TestChannel.open({ policy: denying(["rm"], { later }) });
      const open = new Set<string | number>();
      for (const { frames, failing } of all) {
        channel.sink.failing = failing;
        for (const side of ["client", "upstream"] as const) {
          const steps = frames.filter(({ from }) =>
            (from === "upstream") === (side === "upstream")
          );
          const recorded = channel.sink.messages.length;
          const sent = await channel.send(
            side,
            ...steps.map((step) =>
              step.from === "client"
                ? call(step.id, step.tool)
                : step.from === "cancel"
                ? `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${
                  JSON.stringify(step.id)
                }}}`
                : result(step.id)
            ),
          );
          assert.equal(sent.length, steps.length);
          assert.equal(channel.sink.messages.length - recorded, failing ? 0 : steps.length);
          sent.forEach((text, at) => {
            const step = steps[at];
            if (step === undefined) return;
            if (step.from === "client" && text.startsWith("upstream ")) {
              assert.equal(failing, false, "what cannot be recorded is not sent");
              assert.equal(open.has(step.id), false, "one request with one id");
              assert.equal(step.tool, "cat");
              open.add(step.id);
            } else if (step.from === "cancel" && text.startsWith("upstream ")) {
              assert.equal(open.delete(step.id), true, "only what is in flight is cancelled");
            } else if (step.from === "upstream" && text !== "drop") {
              assert.equal(open.delete(step.id), true, "an answer nobody asked for is dropped");
            }
          });
        }
      }
      const left = await channel.upstreamGone("gone");
      assert.equal(left.length, open.size, "who waits is told, and nobody else");
      assert.equal(channel.budget.held, 0);
    }),
    { numRuns: 300 },
  );
});
