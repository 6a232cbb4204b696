import assert from "node:assert/strict";
import { ROOT } from "../e2e/harness.ts";
import { freePort } from "../e2e/listening.ts";
import { manifests } from "./files.ts";

/** Runs the readiness probe as Kubernetes would, on another port; gives exit code and stderr. */
async function probe(port: number): Promise<readonly [number, string]> {
  const pod = manifests().get("Deployment mcp-aegis")?.at("spec", "template", "spec");
  const command = pod?.at("containers", 0, "readinessProbe", "exec", "command").items ?? [];
  const [, ...args] = command.map(({ text }) =>
    text.replace("9464", `${port}`).replace("/app/", `${ROOT}deploy/`)
  );
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, `${port}`],
    env: { DENO_DIR: "/nonexistent", NO_COLOR: "1" },
  }).output();
  return [code, new TextDecoder().decode(stderr)];
}

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
