import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../../src/base/limits.ts";
import { CliError } from "../../src/cli/exit.ts";
import { listServer } from "../../src/cli/list_server.ts";

const SERVER = new URL("./tool_server.ts", import.meta.url).pathname;
const OPTIONS = { limits: DEFAULT_LIMITS, timeoutMs: 60_000 };

function script(text: string) {
  return { argv: ["sh", "-c", text], env: [] };
}

Deno.test("listServer() follows the pages of every list and answers the server's questions", async () => {
  const listing = await listServer(
    { argv: [Deno.execPath(), "run", "-A", SERVER], env: [] },
    OPTIONS,
  );
  assert.deepEqual(listing.tools.map(({ name }) => name), [
    "read_file",
    "write_file",
    "run\x1b[31m",
    "list_files",
  ]);
  assert.deepEqual(listing.prompts.map(({ name }) => name), ["greet"]);
  assert.deepEqual(listing.resources.map(({ uri }) => uri), ["file:///notes.txt"]);
  assert.deepEqual(listing.resourceTemplates, []);
});

Deno.test("listServer() gives up on a server that says nothing, and ends it", async () => {
  await assert.rejects(
    listServer(script("exec sleep 60"), { ...OPTIONS, timeoutMs: 50 }),
    (error) => error instanceof CliError && /did not answer in time/.test(error.message),
  );
});

Deno.test("listServer() tells what a server said before it ended", async () => {
  await assert.rejects(
    listServer(script("echo first >&2; echo 'no license' >&2; exit 3"), OPTIONS),
    (error) =>
      error instanceof CliError && error.exit === 1 &&
      /ended before it answered/.test(error.message) && /first · no license/.test(error.hint ?? ""),
  );
});

Deno.test("listServer() takes an error of initialize for what it is", async () => {
  const answer = '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"wrong version"}}';
  await assert.rejects(
    listServer(script(`read line; echo '${answer}'; cat > /dev/null`), OPTIONS),
    /its answer to initialize is an error: wrong version/,
  );
});

Deno.test("listServer() reads no line beyond its limit into memory", async () => {
  const limits = { ...DEFAULT_LIMITS, maxLineBytes: 1024 };
  await assert.rejects(
    listServer(script("yes | tr -d '\\n' | head -c 10000000; exit 0"), { ...OPTIONS, limits }),
    /ended before it answered/,
  );
});
