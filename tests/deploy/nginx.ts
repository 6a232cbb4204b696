/**
 * nginx with the configuration that is shipped, in front of two proxies, for as long as a scope lasts.
 * @module
 */

import { ROOT } from "../e2e/harness.ts";
import { type Proxy, serveCommand, startProxy } from "../e2e/http_proxy.ts";
import { freePort, startListening } from "../e2e/listening.ts";

/** The path of nginx, or undefined. */
export const NGINX: string | undefined = await installed();

/** What is shipped. */
export const NGINX_CONF: string = `${ROOT}deploy/nginx.conf`;

/** Two proxies, and the address that leads to one of them. */
export interface Balanced extends AsyncDisposable {
  /** The endpoint behind nginx. */
  readonly url: string;
  readonly proxies: readonly [Proxy, Proxy];
}

/** Starts all three in front of `upstream`. */
export async function startBalanced(upstream: string): Promise<Balanced> {
  await using stack = new AsyncDisposableStack();
  const port = freePort();
  const start = async () =>
    stack.use(
      await startProxy(upstream, {
        command: (plan) => [...serveCommand(plan), "--allow-host", `127.0.0.1:${port}`],
      }),
    );
  const [first, second] = await Promise.all([start(), start()]);
  const hosts = [new URL(first.url).host, new URL(second.url).host] as const;
  stack.use(await startNginx(port, hosts));
  const { pathname } = new URL(first.url);
  const owned = stack.move();
  return {
    url: `http://127.0.0.1:${port}${pathname}`,
    proxies: [first, second],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Starts nginx in front of two addresses. */
export async function startNginx(
  port: number,
  [first, second]: readonly [string, string],
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "aegis-nginx-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const conf = (await Deno.readTextFile(NGINX_CONF))
    .replace("aegis-1:8443", first)
    .replace("aegis-2:8443", second)
    .replace("listen 8080;", `listen 127.0.0.1:${port};`)
    .replaceAll(" /tmp/", ` ${folder}/`);
  await Deno.writeTextFile(`${folder}/nginx.conf`, conf);
  // workers of a root would be nobody, who may not write here
  const asUs = Deno.uid() === 0 ? " user root;" : "";
  const argv = [NGINX ?? "nginx", "-p", folder, "-c", `${folder}/nginx.conf`, "-e", "stderr"];
  stack.use(await startListening({ argv: [...argv, "-g", `daemon off;${asUs}`], port }));
  return stack.move();
}

async function installed(): Promise<string | undefined> {
  for (
    const path of [Deno.env.get("AEGIS_NGINX") ?? "", "/usr/sbin/nginx", "/usr/local/bin/nginx"]
  ) {
    if (
      path !== "" && await Deno.stat(path).then((found) => found.isFile, () => false)
    ) return path;
  }
  console.log("nginx is not installed (apt-get install nginx-light): its tests are left out");
  return undefined;
}
