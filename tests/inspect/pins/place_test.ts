import assert from "node:assert/strict";
import { openPinPlace } from "../../../src/inspect/pins/place.ts";
import { digest, withLockPath } from "./pinning.ts";

Deno.test("openPinPlace() gives each server a file of its own in the state directory", () =>
  withLockPath(async (path) => {
    const state = path.slice(0, path.lastIndexOf("/"));
    const machine = {
      os: "linux" as const,
      env: (name: string) => ({ XDG_STATE_HOME: state })[name],
    };
    const at = async (name: string | undefined, ...argv: string[]) =>
      (await openPinPlace({ name, argv }, { choice: { kind: "state" }, digest, machine })).path
        .slice(state.length);
    assert.equal(await at("fs"), "/mcp-aegis/pins/fs.json");
    assert.equal(((await Deno.stat(`${state}/mcp-aegis/pins`)).mode ?? 0) & 0o777, 0o700);
    const hashed = /^\/mcp-aegis\/pins\/(?:name|command)-[0-9a-f]{16}\.json$/;
    const names = ["FS", "../../etc/x", "a.b", "con", "é", "x".repeat(65), "."];
    const paths = [
      ...await Promise.all(names.map((name) => at(name))),
      await at(undefined, "npx", "server"),
      await at(undefined, "npx server"),
    ];
    for (const each of paths) assert.match(each, hashed);
    assert.equal(new Set(paths).size, paths.length);
    assert.equal(await at(undefined, "npx", "server"), paths.at(-2));
  }));

Deno.test("openPinPlace() takes a named file as it is, and says where there is no place", async () => {
  const machine = { os: "linux" as const, env: () => undefined };
  const fs = { name: "fs", argv: [] };
  const choice = { kind: "file", path: "x/pins.json" } as const;
  assert.deepEqual(await openPinPlace(fs, { choice, digest, machine }), {
    path: "x/pins.json",
    server: "fs",
  });
  await assert.rejects(
    openPinPlace(fs, { choice: { kind: "state" }, digest, machine }),
    { code: "pins-place" },
  );
});
