/**
 * Asks the listener for monitoring of this container, for images without a shell:
 * `deno run --allow-net=127.0.0.1:9464 probe.ts healthz|readyz [PORT]`. Exit 0 when the answer is 200.
 * @module
 */

const [page = "healthz", port = "9464"] = Deno.args;
const DEADLINE_MS = 2000;

try {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const response = await fetch(`http://127.0.0.1:${port}/${page}`, { signal });
  const said = (await response.text()).trim();
  if (!response.ok) console.error(`${page}: ${response.status} ${said}`);
  Deno.exit(response.ok ? 0 : 1);
} catch (error) {
  console.error(`${page}: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
