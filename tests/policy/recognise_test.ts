import assert from "node:assert/strict";
import { recognise } from "../../src/policy/recognise.ts";

const known = (...argv: string[]) => recognise(argv)?.name;
const FS = "@modelcontextprotocol/server-filesystem";

Deno.test("recognise() sees the package that a runner runs", () => {
  for (
    const argv of [
      ["npx", FS, "/tmp"],
      ["npx", "-y", FS, "/tmp"],
      ["npx", "--yes", `${FS}@2026.8.31`, "/tmp"],
      ["npx", "-y", `${FS}@latest`],
      ["npx", "-y", `${FS}@^2026.0.0`],
      ["npx", "-y", "--", FS],
      ["npx.cmd", "-y", FS],
      ["C:\\Program Files\\nodejs\\npx.cmd", "-y", FS, "C:\\Users\\me"],
      ["/usr/bin/npx", FS],
      ["cmd", "/c", "npx", "-y", FS],
      ["bunx", FS],
      ["bun", "x", FS],
      ["pnpm", "dlx", FS],
      ["pnpx", FS],
      ["yarn", "dlx", "-q", FS],
      ["npm", "exec", "-y", "--", FS, "/tmp"],
      ["npm", "x", FS],
      ["npx", "-y", "-p", FS, "mcp-server-filesystem", "/tmp"],
      ["npx", `--package=${FS}`, "mcp-server-filesystem"],
      ["deno", "run", "-A", `npm:${FS}`, "/tmp"],
      ["deno", "run", "--allow-read=/tmp", "--allow-env", "--no-prompt", `npm:${FS}@2026.8.31`],
      ["deno", `npm:/${FS}`],
    ]
  ) {
    assert.equal(known(...argv), "filesystem", argv.join(" "));
  }
  assert.equal(known("npx", "mcp-sqlite@1.0.9", "db"), "mcp-sqlite");
  assert.equal(known("npx", "mcp-server-sqlite-npx", "db"), "sqlite-npx");
});

Deno.test("recognise() sees the package whose file is run", () => {
  for (
    const argv of [
      ["node", `/x/node_modules/${FS}/dist/index.js`, "/tmp"],
      ["node", `node_modules/${FS}/dist/index.js`],
      ["node", "--no-warnings", "--max-old-space-size=64", `./node_modules/${FS}/dist/index.js`],
      ["node.exe", `C:\\x\\node_modules\\@modelcontextprotocol\\server-filesystem\\dist\\index.js`],
      ["bun", `/x/node_modules/${FS}/dist/index.js`],
      [`/x/node_modules/${FS}/dist/index.js`],
      ["node", `/x/node_modules/.pnpm/a/node_modules/${FS}/dist/index.js`],
      ["node", `/x/node_modules/evil/../${FS}/./dist/index.js`],
    ]
  ) {
    assert.equal(known(...argv), "filesystem", argv.join(" "));
  }
});

Deno.test("recognise() follows node_modules/.bin to the package it belongs to", () => {
  const realPath = (path: string) =>
    path === "/x/node_modules/.bin/mcp-server-filesystem"
      ? `/x/node_modules/${FS}/dist/index.js`
      : path === "/x/node_modules/.bin/evil"
      ? "/x/node_modules/evil/index.js"
      : undefined;
  const via = (...argv: string[]) => recognise(argv, { realPath })?.name;
  assert.equal(via("/x/node_modules/.bin/mcp-server-filesystem", "/tmp"), "filesystem");
  assert.equal(via("node", "/x/node_modules/.bin/mcp-server-filesystem"), "filesystem");
  assert.equal(via("/x/node_modules/.bin/evil"), undefined);
  assert.equal(via("/y/node_modules/.bin/mcp-server-filesystem"), undefined);
  assert.equal(known("/x/node_modules/.bin/mcp-server-filesystem"), undefined);
});

Deno.test("recognise() is not fooled by likeness, arguments or what stands in a version's place", () => {
  for (
    const argv of [
      [],
      ["npx"],
      ["npx", "-y", "evil-server-filesystem"],
      ["npx", "-y", `evil${FS}`],
      ["npx", "-y", "@evil/server-filesystem"],
      ["npx", "-y", "@modelcontextprotocol/server-filesystem-evil"],
      ["npx", "-y", "@modelcontextprotocol/server-filesystem/evil"],
      ["npx", "-y", "server-filesystem"],
      ["npx", "-y", FS.toUpperCase()],
      ["npx", "-y", "evil", FS],
      ["npx", "-y", "evil", `/x/node_modules/${FS}`],
      ["npx", "-y", `${FS}@npm:evil`],
      ["npx", "-y", `${FS}@file:../evil`],
      ["npx", "-y", `${FS}@evil/repository`],
      ["npx", "-y", `${FS}@git+ssh://git@evil/x.git`],
      ["npx", "-y", `${FS}@https://evil.example/x.tgz`],
      ["npx", "-c", `${FS}`],
      ["npx", "--call", FS],
      ["npx", "--unknown-option", FS],
      ["npx", "-p", FS, "evil"],
      ["npx", "-p", FS, "-p", "evil", "mcp-server-filesystem"],
      ["npx", "-p", "evil", "mcp-server-filesystem"],
      ["npx", "-y", `./${FS}`],
      ["npm", "run", FS],
      ["npm", FS],
      ["pnpm", "exec", FS],
      ["uvx", "mcp-sqlite"],
      ["uv", "tool", "run", "mcp-sqlite"],
      ["pipx", "run", "mcp-sqlite"],
      ["node", FS],
      ["node", "evil.js", `/x/node_modules/${FS}/dist/index.js`],
      ["node", "-e", "0", `/x/node_modules/${FS}/dist/index.js`],
      ["node", "-r", "./evil.js", `/x/node_modules/${FS}/dist/index.js`],
      ["node", `/x/node_modules/${FS}/../evil/index.js`],
      ["node", `/x/node_modules/${FS}/node_modules/evil/index.js`],
      ["node", `/home/me/${FS}/dist/index.js`],
      ["node", "/x/node_modules/evil/@modelcontextprotocol/server-filesystem/index.js"],
      ["deno", "run", "-A", "evil.ts", `npm:${FS}`],
      ["deno", "run", "--preload", `npm:${FS}`, "evil.ts"],
      ["deno", "run", "-A", `npm:${FS}/evil.js`],
      ["deno", "run", "-A", `npm:${FS}@npm:evil`],
      ["deno", "run", "-A", `jsr:${FS}`],
      ["bun", "run", FS],
      ["sh", "-c", `npx -y ${FS}`],
      ["docker", "run", FS],
      ["mcp-server-filesystem", "/tmp"],
      [FS],
    ]
  ) {
    assert.equal(known(...argv), undefined, argv.join(" "));
  }
});
