import assert from "node:assert/strict";
import { freePort } from "../e2e/listening.ts";
import { probe } from "./probe.ts";

Deno.test("the probe says what the listener for monitoring says", async () => {
  let status = 200;
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(new URL(request.url).pathname);
    return new Response("draining\n", { status });
  });
  const { port } = server.addr;
  assert.deepEqual(await probe(port), [0, ""]);
  status = 503;
  assert.deepEqual(await probe(port), [1, "readyz: 503 draining\n"]);
  assert.deepEqual(asked, ["/readyz", "/readyz"]);
  await server.shutdown();
});

Deno.test("the probe fails where nobody listens", async () => {
  const [code, said] = await probe(freePort());
  assert.equal(code, 1);
  assert.match(said, /^readyz: /);
});
