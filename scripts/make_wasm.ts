/**
 * Builds the two SQL parsers in: `deno task wasm` writes `src/grammar/wasm/*.js` from the pinned npm
 * packages. Each file holds one wasm (deflated, as base64) and the glue that starts it, so that it
 * is imported lazily, bundled and compiled like our own code and read without any permission.
 *
 * The files are build products: git ignores them, the package that is published holds them. A file
 * whose head names the same packages and the same script is left alone. Several runs at once
 * do not disturb one another: each writes beside the file and renames.
 * @module
 */

const FOLDER = new URL("../src/grammar/wasm/", import.meta.url);

/** One generated module. */
interface Product {
  readonly file: string;
  /** The name in the import map of deno.json. */
  readonly package: string;
  /** From the root of the package. */
  readonly wasm: string;
  readonly glue: string;
  readonly licence: string;
  /** Makes `export function start…` of the package's own glue. */
  readonly wrap: (glue: string) => string;
}

const PRODUCTS: readonly Product[] = [
  {
    file: "libpg_query.js",
    package: "libpg-query",
    wasm: "wasm/libpg-query.wasm",
    glue: "wasm/libpg-query.js",
    licence: "LICENSE",
    wrap: wrapLibpgQuery,
  },
  {
    file: "sqlparser.js",
    package: "@guanmingchiu/sqlparser-ts",
    wasm: "wasm/sqlparser_rs_wasm_bg.wasm",
    glue: "wasm/sqlparser_rs_wasm.js",
    licence: "wasm/LICENSE",
    wrap: wrapSqlparser,
  },
];

/** These count only on top of a file. */
const IGNORES = "// deno-coverage-ignore-file\n// deno-fmt-ignore-file\n// deno-lint-ignore-file\n";

/** Writes what is missing or out of date in the folder, and gives the names of what it wrote. */
export async function makeWasm(folder: URL): Promise<readonly string[]> {
  const script = await sha256(await Deno.readFile(new URL(import.meta.url)));
  const pinned = await pinnedVersions();
  const written: string[] = [];
  for (const product of PRODUCTS) {
    const version = pinned(product.package);
    const stamp = `${IGNORES}// ${product.package}@${version} by make_wasm.ts ${script}\n`;
    const target = new URL(product.file, folder);
    if (await beginning(target, stamp.length) === stamp) continue;
    await Deno.mkdir(folder, { recursive: true });
    await writeWhole(target, stamp + await moduleText(product, version));
    written.push(product.file);
  }
  return written;
}

/** The exact versions of deno.json. */
async function pinnedVersions(): Promise<(name: string) => string> {
  const config: { readonly imports: Readonly<Record<string, string>> } = JSON.parse(
    await Deno.readTextFile(new URL("../deno.json", import.meta.url)),
  );
  return (name) => {
    const version = new RegExp(`^npm:${name}@(\\d+\\.\\d+\\.\\d+)$`).exec(
      config.imports[name] ?? "",
    )?.[1];
    if (version === undefined) {
      throw new Error(`Cannot find an exact version of "${name}" in deno.json`);
    }
    return version;
  };
}

async function beginning(file: URL, length: number): Promise<string> {
  try {
    using opened = await Deno.open(file, { read: true });
    const buffer = new Uint8Array(length);
    const read = await opened.read(buffer) ?? 0;
    return new TextDecoder().decode(buffer.subarray(0, read));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

async function writeWhole(target: URL, text: string): Promise<void> {
  const beside = new URL(`${target.href}.${Deno.pid}.${crypto.randomUUID()}.tmp`);
  try {
    await Deno.writeTextFile(beside, text);
    await Deno.rename(beside, target);
  } catch (error) {
    await Deno.remove(beside).catch(() => "the rename has taken it, or it was never made");
    throw error;
  }
}

async function moduleText(product: Product, version: string): Promise<string> {
  const root = await packageFolder(product, version);
  const [wasm, glue, licence] = await Promise.all([
    Deno.readFile(new URL(product.wasm, root)),
    Deno.readTextFile(new URL(product.glue, root)),
    Deno.readTextFile(new URL(product.licence, root)),
  ]);
  return [
    "// Generated: not for editing, not for git.",
    `/*! ${product.package}@${version}\n\n${licence.replaceAll("*/", "* /").trim()}\n*/`,
    product.wrap(glue),
    "/** The wasm, deflated (raw), as base64. */",
    `export const wasm = "${(await deflated(wasm)).toBase64()}";`,
    "",
  ].join("\n");
}

/** Where Deno keeps the package. It is fetched, and checked against deno.lock, when it is not there. */
async function packageFolder(product: Product, version: string): Promise<URL> {
  const specifier = `npm:${product.package}@${version}`;
  const args = ["cache", "--quiet", specifier];
  const cwd = new URL("../", import.meta.url);
  const info = async () => {
    const { stdout } = await deno(["info", "--json", specifier], cwd);
    const read: { readonly npmPackages: Readonly<Record<string, { readonly localPath: string }>> } =
      JSON.parse(stdout);
    return read.npmPackages[`${product.package}@${version}`]?.localPath;
  };
  await deno(args, cwd);
  const path = await info();
  if (path === undefined) throw new Error(`Cannot find "${specifier}" in the cache of Deno`);
  return new URL(`file://${path.replaceAll("\\", "/").replace(/^(?=[^/])/, "/")}/`);
}

async function deno(args: readonly string[], cwd: URL): Promise<{ readonly stdout: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  if (code !== 0) throw new Error(`Cannot run "deno ${args.join(" ")}": ${text.decode(stderr)}`);
  return { stdout: text.decode(stdout) };
}

/**
 * Emscripten's glue, without an environment and without a wait: it sees a `globalThis` that is no
 * Node, no window and no worker, so that it touches neither files nor `process`; and a parser that
 * broke can be replaced within one call.
 */
function wrapLibpgQuery(glue: string): string {
  const sync = replaced(glue, [
    ["return async function(moduleArg={}){", "return function(moduleArg={}){"],
    ["async function createWasm(){", "function createWasm(){"],
    [
      "return new Promise(resolve=>{instantiateWasm(info,inst=>resolve(receiveInstance(inst)))})",
      "return receiveInstance(instantiateWasm(info))",
    ],
    ["var result=await instantiateAsync(", "var result=instantiateAsync("],
    ["async function run(){", "function run(){"],
    ["if(runDependencies){await resolveRunDependencies()}", ""],
    ["await new Promise(resolve=>setTimeout(resolve,1));", ""],
    ["wasmExports=await createWasm();await run();", "wasmExports=createWasm();run();"],
    ["var out=console.log.bind(console);", "var out=()=>{};"],
    ["var err=console.error.bind(console);", "var err=()=>{};"],
  ]);
  return `const world = { TextDecoder };
const PgQuery = ((globalThis, require, module, exports) => {
${sync}
return PgQueryModule;
})(world, undefined, {}, {});

/** Starts one parser from the compiled wasm. */
export function startLibpgQuery(compiled) {
  return PgQuery({ instantiateWasm: (imports) => new WebAssembly.Instance(compiled, imports) });
}
`;
}

/** wasm-bindgen's glue holds one parser in module variables: as a function it gives as many as wanted. */
function wrapSqlparser(glue: string): string {
  const inside = replaced(glue, [
    ["export { initSync, __wbg_init as default };", ""],
    ["new URL('sqlparser_rs_wasm_bg.wasm', import.meta.url)", "undefined"],
  ]).replace(/^export function /gm, "function ");
  return `/** Starts one parser from the compiled wasm. */
export function startSqlparser(compiled) {
const console = { error() {}, warn() {}, log() {} };
${inside}
initSync({ module: compiled });
return { validate: validate_sql, memory: wasm.memory };
}
`;
}

/** @throws {Error} when the text is not the one this script was written for. */
function replaced(text: string, changes: readonly (readonly [string, string])[]): string {
  let result = text;
  for (const [before, after] of changes) {
    const parts = result.split(before);
    if (parts.length !== 2) {
      throw new Error(`Cannot wrap the glue as "${before}" is not in it once`);
    }
    result = parts.join(after);
  }
  return result;
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 16);
}

if (import.meta.main) {
  for (const file of await makeWasm(FOLDER)) console.log(`src/grammar/wasm/${file} written`);
}
