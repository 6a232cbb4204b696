/**
 * The readiness probe of the manifests, run here.
 * @module
 */

import { ROOT } from "../e2e/harness.ts";
import { manifests } from "./files.ts";

/** Runs it as Kubernetes would, on another port; gives exit code and stderr. */
export async function probe(port: number): Promise<readonly [number, string]> {
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
