import assert from "node:assert/strict";
import { events, ordinary, TestProxy, toolCall } from "./proxy.ts";

Deno.test("An audit that cannot take the end of a conversation ends no other", async () => {
  const noise = "data: no message\n\n";
  await using proxy = new TestProxy((incoming, body) =>
    body?.method === "tools/call"
      ? events(noise, `data: {"jsonrpc":"2.0","id":${body.id},"result":{}}\n\n`, noise)
      : ordinary(incoming, body)
  );
  const unhandled: unknown[] = [];
  const onUnhandled = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onUnhandled);
  try {
    // the call, the noise, the answer, and the noise after it when all is over
    let records = 0;
    proxy.sink.onRecord = () => void (proxy.sink.failing = ++records === 4);
    const response = await proxy.send(toolCall(1));
    assert.match(await response.text(), /"result"/);
    while (records < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(unhandled, []);
    assert.equal((await (await proxy.send(toolCall(2))).text()).includes("result"), true);
  } finally {
    globalThis.removeEventListener("unhandledrejection", onUnhandled);
  }
});
