/**
 * What the end-to-end tests share: the command line of the shim, folders that go away, deadlines.
 * @module
 */

import { fromFileUrl } from "./paths.ts";

/** A command as a client's configuration holds it. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs; by default where we do. */
  readonly cwd?: string;
}

/** What the shim is told. */
export interface ShimOptions {
  /** Path of the policy. */
  readonly policy: string;
  readonly principal?: string;
  readonly roles?: string;
  /** Default `none`. */
  readonly audit?: string;
  /** A lock file of the server's tools. Default `none`; nothing goes into the state directory of who runs the tests. */
  readonly pins?: string;
  /** More flags. */
  readonly flags?: readonly string[];
  /** More of the shim's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The root of the project. */
export const ROOT: string = fromFileUrl(new URL("../../", import.meta.url));

/** A policy under which everything may be called and the server may ask for everything. */
const OPEN_POLICY = `version: "1"
defaults:
  effect: deny
  server_may: [sampling, elicitation, roots]
principals:
  tester:
    roles: [tester]
    tools:
      - { pattern: "*", actions: [read, execute] }
`;

/** Where our packages are; clients and the shim pass little of the environment on. */
const DENO_DIR = Deno.env.get("DENO_DIR");

/** The command line that runs a file of this project with Deno. */
export function deno(file: string, ...args: string[]): Launch {
  const config = `${ROOT}deno.json`;
  return {
    command: Deno.execPath(),
    args: ["run", "-A", "--quiet", "--config", config, `${ROOT}${file}`, ...args],
    ...(DENO_DIR === undefined ? {} : { env: { DENO_DIR } }),
  };
}

/** The fixture server that misbehaves in the given mode. */
export function hostile(mode: string, ...args: string[]): Launch {
  return deno("tests/fixtures/hostile_server.ts", mode, ...args);
}

/** Puts the bridge before an endpoint: `--upstream URL`. */
export function bridge(url: string, options: ShimOptions): Launch {
  const { policy, principal = "tester", roles, audit = "none", pins = "none" } = options;
  const who = ["--policy", policy, "--principal", principal];
  const written = ["--audit", audit, "--pins", pins];
  if (roles !== undefined) who.push("--roles", roles);
  const launch = deno(
    "src/cli/main.ts",
    "--upstream",
    url,
    ...who,
    ...written,
    ...options.flags ?? [],
  );
  return options.env === undefined ? launch : { ...launch, env: { ...launch.env, ...options.env } };
}

/** Puts the shim before a server: `wrap … -- COMMAND ARGS`. */
export function shim(target: Launch, options: ShimOptions): Launch {
  const { policy, principal = "tester", roles, audit = "none", pins = "none" } = options;
  const args = ["wrap", "--policy", policy, "--principal", principal];
  args.push("--audit", audit, "--pins", pins);
  if (roles !== undefined) args.push("--roles", roles);
  for (const [name, value] of Object.entries(target.env ?? {})) {
    args.push("--env", `${name}=${value}`);
  }
  const launch = deno(
    "src/cli/main.ts",
    ...args,
    ...options.flags ?? [],
    "--",
    target.command,
    ...target.args,
  );
  return {
    ...launch,
    ...(options.env === undefined ? {} : { env: { ...launch.env, ...options.env } }),
    ...(target.cwd === undefined ? {} : { cwd: target.cwd }),
  };
}

/**
 * A test that uses a client of others. They leave unreferenced timers behind (2 s, in which a
 * server may end by itself), so that leaks cannot be told apart.
 */
export function testForeignClient(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

/** A folder that is removed when its scope ends. */
export interface TempFolder extends AsyncDisposable {
  /** Its real path: servers resolve links before they compare. */
  readonly path: string;
  /** Writes a file in it and gives its path. */
  write(name: string, text: string): Promise<string>;
}

/** Makes a folder with `policy.yaml`, the open policy, in it. */
export async function tempFolder(): Promise<TempFolder> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "aegis-e2e-" }));
  const write = async (name: string, text: string) => {
    await Deno.writeTextFile(`${path}/${name}`, text);
    return `${path}/${name}`;
  };
  await write("policy.yaml", OPEN_POLICY);
  return {
    path,
    write,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/**
 * Waits, but not for ever.
 *
 * @throws {Error} when the time is over.
 */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms`)), ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again every few milliseconds until the answer is neither undefined nor false. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  ms = 10_000,
): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + ms;
  for (;;) {
    const value = await ask();
    if (value !== undefined && value !== false) {
      return value as Exclude<T, undefined | false>;
    }
    if (performance.now() > end) throw new Error(`${what} did not come about in ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
