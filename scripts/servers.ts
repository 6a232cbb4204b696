/**
 * Makes real MCP servers from npm available to the tests and the demo.
 *
 * They are installed once, with exact versions and without running install scripts, into the
 * platform's cache directory. A second process waits for the first; an install that broke off is
 * done again.
 *
 * The two SQLite servers ask for the package `sqlite3`, whose native part is fetched from outside
 * npm or compiled. It is replaced by `node-sqlite3-wasm` behind the few calls the servers make, so
 * that npm alone is enough; the servers themselves are unchanged.
 * @module
 */

/** Servers that can be asked for. */
export type ServerName =
  | "filesystem"
  | "everything"
  | "memory"
  | "mcp-sqlite"
  | "mcp-server-sqlite-npx"
  | "commands"
  | "git"
  | "postgres";

/** How a server is started. */
export interface ServerCommand {
  /** Absolute path of Node. */
  readonly command: string;
  /** The arguments: the server's script, then `extra`. */
  args(...extra: string[]): string[];
}

const SCRIPTS: Readonly<Record<ServerName, string>> = {
  "filesystem": "@modelcontextprotocol/server-filesystem/dist/index.js",
  "everything": "@modelcontextprotocol/server-everything/dist/index.js",
  "memory": "@modelcontextprotocol/server-memory/dist/index.js",
  "mcp-sqlite": "mcp-sqlite/mcp-sqlite-server.js",
  "mcp-server-sqlite-npx": "mcp-server-sqlite-npx/dist/index.js",
  "commands": "mcp-server-commands/build/index.js",
  "postgres": "@modelcontextprotocol/server-postgres/dist/index.js",
  "git": "@cyanheads/git-mcp-server/dist/index.js",
};

const MANIFEST = {
  private: true,
  dependencies: {
    "@modelcontextprotocol/server-filesystem": "2026.8.31",
    "@modelcontextprotocol/server-everything": "2026.8.31",
    "@modelcontextprotocol/server-memory": "2026.8.31",
    "mcp-sqlite": "1.0.9",
    "mcp-server-sqlite-npx": "0.8.0",
    "mcp-server-commands": "0.5.0",
    "@cyanheads/git-mcp-server": "2.15.3",
    "@modelcontextprotocol/server-postgres": "0.6.2",
    "node-sqlite3-wasm": "0.8.60",
    "sqlite3": "file:./sqlite3",
  },
  overrides: { sqlite3: "$sqlite3" },
};

const DRIVER_MANIFEST = { name: "sqlite3", version: "5.1.7", main: "index.js" };

/** The calls of `sqlite3` that both servers make: open, `all` and `run`, each with a callback. */
const DRIVER = `const wasm = require("node-sqlite3-wasm");

function attempt(work) {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

class Database {
  constructor(path, done) {
    const opened = attempt(() => new wasm.Database(path));
    this.inner = opened.value;
    if (done) setImmediate(() => done.call(this, opened.error ?? null));
  }
  all(sql, values, done) {
    const rows = attempt(() => this.inner.all(sql, values));
    setImmediate(() => done(rows.error ?? null, rows.value));
  }
  run(sql, values, done) {
    const ran = attempt(() => this.inner.run(sql, values));
    const self = { lastID: ran.value?.lastInsertRowId, changes: ran.value?.changes };
    setImmediate(() => done.call(self, ran.error ?? null));
  }
  close() {
    this.inner.close();
  }
}

module.exports = { Database, verbose: () => module.exports };
`;

const LEAST_NODE = 20;
const DONE = ".installed";

/**
 * Gives the command that starts a server, installing the servers first when that was not done.
 *
 * @throws {Error} when Node or npm is missing, Node is too old, or npm fails.
 */
export async function server(name: ServerName): Promise<ServerCommand> {
  const [command, folder] = await Promise.all([node(), installed()]);
  const script = `${folder}/node_modules/${SCRIPTS[name]}`;
  return { command, args: (...extra) => [script, ...extra] };
}

let nodePath: Promise<string> | undefined;

/**
 * Gives the absolute path of Node.
 *
 * @throws {Error} when there is none, or it is older than 20.
 */
export function node(): Promise<string> {
  nodePath ??= findNode();
  return nodePath;
}

async function findNode(): Promise<string> {
  // Where there is no Node, Deno stands in for it and says so.
  const print = "console.log(process.versions.deno ? '' : process.version, process.execPath)";
  const found = (await output("node", ["-e", print]))?.match(/^v(\d+)\S* (.+)/);
  const [, major, path] = found ?? [];
  if (major === undefined || path === undefined || Number(major) < LEAST_NODE) {
    const state = major === undefined ? "there is no `node` on the PATH" : `Node is ${major}`;
    throw new Error(
      `Cannot start the MCP servers: ${state}. They are Node programs: install Node ${LEAST_NODE} or later (npm comes with it)`,
    );
  }
  return path;
}

let folderPath: Promise<string> | undefined;

/** Gives the folder in which the servers are installed, installing them when needed. */
export function installed(): Promise<string> {
  folderPath ??= install();
  return folderPath;
}

async function install(): Promise<string> {
  await node();
  const folder = `${cacheFolder()}/mcp-aegis/servers-${await fingerprint()}`;
  if (await exists(`${folder}/${DONE}`)) return folder;
  await Deno.mkdir(folder, { recursive: true });
  using lock = await Deno.open(`${folder}/.lock`, { create: true, write: true });
  await lock.lock(true);
  if (await exists(`${folder}/${DONE}`)) return folder;
  await removeIfThere(`${folder}/node_modules`);
  await Deno.mkdir(`${folder}/sqlite3`, { recursive: true });
  await Deno.writeTextFile(`${folder}/sqlite3/index.js`, DRIVER);
  await Deno.writeTextFile(`${folder}/sqlite3/package.json`, JSON.stringify(DRIVER_MANIFEST));
  await Deno.writeTextFile(`${folder}/package.json`, JSON.stringify(MANIFEST, null, 2));
  await npmInstall(folder);
  await Deno.writeTextFile(`${folder}/${DONE}`, "");
  return folder;
}

async function npmInstall(folder: string): Promise<void> {
  const args = ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"];
  args.push("--no-update-notifier", "--loglevel=error");
  const windows = Deno.build.os === "windows";
  const command = new Deno.Command(windows ? "cmd" : "npm", {
    args: windows ? ["/d", "/c", "npm", ...args] : args,
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const end = startProgress("Installing MCP servers from npm (once; about 20 s)");
  try {
    const { success, stdout, stderr } = await command.output();
    if (success) return;
    const text = new TextDecoder();
    throw new Error(
      `Cannot install the MCP servers: npm failed: ${text.decode(stderr)}${text.decode(stdout)}`,
    );
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error("Cannot install the MCP servers: no `npm` on the PATH", { cause: error });
  } finally {
    end();
  }
}

/** Says on stderr what is going on: seconds tick on a terminal, else one line. */
function startProgress(what: string): () => void {
  const say = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  if (!Deno.stderr.isTerminal()) {
    say(`${what}\n`);
    return () => undefined;
  }
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1000);
  say(`${what} …`);
  const timer = setInterval(() => say(`\r${what} … ${seconds()} s`), 1000);
  return () => {
    clearInterval(timer);
    say(`\r${what} … ${seconds()} s\n`);
  };
}

/** The user's cache directory by the rules of the platform. */
function cacheFolder(): string {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? ".";
  switch (Deno.build.os) {
    case "windows":
      return Deno.env.get("LOCALAPPDATA") ?? `${home}/AppData/Local`;
    case "darwin":
      return `${home}/Library/Caches`;
    default:
      return Deno.env.get("XDG_CACHE_HOME") || `${home}/.cache`;
  }
}

async function fingerprint(): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([MANIFEST, DRIVER]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function output(command: string, args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args,
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  if (await exists(path)) await Deno.remove(path, { recursive: true });
}
