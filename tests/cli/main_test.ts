import assert from "node:assert/strict";
import configuration from "../../deno.json" with { type: "json" };
import { COMMANDS } from "../../src/cli/commands.ts";
import { main } from "../../src/cli/main.ts";
import { VERSION } from "../../src/cli/version.ts";
import { fakeIo } from "./fake_io.ts";

const ESCAPE = "\x1b[";

async function said(args: string[], options: Parameters<typeof fakeIo>[0] = {}) {
  const io = fakeIo(options);
  const exit = await main(args, io);
  return { exit, ...io.written };
}

Deno.test("VERSION is the version of deno.json", () => {
  assert.equal(VERSION, configuration.version);
});

Deno.test("main() prints the version", async () => {
  assert.deepEqual(await said(["--version"]), { exit: 0, out: `mcp-aegis ${VERSION}\n`, err: "" });
});

Deno.test("main() prints a page of help for every command, none wider than a screen", async () => {
  for (const { name } of COMMANDS) {
    const asked = await said([...name.split(" "), "--help"]);
    assert.equal(asked.exit, 0);
    assert.equal(asked.err, "");
    assert.ok(asked.out.startsWith(`mcp-aegis ${name}: `), asked.out);
    assert.deepEqual(await said(["help", ...name.split(" ")]), asked);
    for (const line of asked.out.split("\n")) assert.ok(line.length <= 120, line);
  }
});

Deno.test("main() keeps --help after -- for the server", async () => {
  const { exit, out } = await said(["--", "npx", "--help"]);
  assert.deepEqual([exit, out], [2, ""]);
});

Deno.test("main() uses colours only where the terminal takes them", async () => {
  assert.ok((await said(["--help"], { colours: true })).out.includes(ESCAPE));
  assert.ok(!(await said(["--help"])).out.includes(ESCAPE));
  assert.ok((await said(["--polcy"], { colours: true })).err.includes(ESCAPE));
  assert.ok(!(await said(["--polcy"])).err.includes(ESCAPE));
});

Deno.test("main() escapes what could move the cursor in its errors", async () => {
  const { err } = await said(["\x1b]0;owned\x07\x1b[2Jchek"]);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(err, /[\x00-\x09\x0b-\x1f]/);
});

Deno.test("main() ends with 2 for a bad flag and with 3 for a bad variable", async () => {
  const good = ["--policy", "p.yaml", "--target", "x"];
  const flag = await said([...good, "--max-depth", "1"]);
  assert.equal(flag.exit, 2);
  assert.match(flag.err, /^mcp-aegis: error: Cannot set --max-depth .* 4 to 1000 .* "1"\n/);
  const variable = await said(good, { variables: { GUARDIAN_MAX_NESTING_DEPTH: "1" } });
  assert.equal(variable.exit, 3);
  assert.match(variable.err, /GUARDIAN_MAX_NESTING_DEPTH .* 4 to 1000 .* "1"\n/);
});

Deno.test("main() runs the self-checks and counts them", async () => {
  const { exit, out, err } = await said(["verify", "--json"]);
  const { passed, failed, results } = JSON.parse(out);
  assert.deepEqual({ exit, failed, err }, { exit: 0, failed: 0, err: "" });
  assert.ok(passed >= 30 && passed === results.length);
});
