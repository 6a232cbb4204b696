/**
 * The folder that transcripts are played in.
 * @module
 */

/** A temporary folder, removed at the end. */
export interface Fixtures extends AsyncDisposable {
  readonly dir: string;
}

const VERSION_1 = `version: "1"
defaults: { effect: deny }
principals:
  admin:
    roles: [admin]
    tools: [{ pattern: "*", actions: [read, execute] }]
  developer:
    roles: [dev]
    tools:
      - { pattern: "db:read", actions: [execute] }
      - { pattern: "fs:*", actions: [read] }
  readonly:
    roles: [observer]
    tools: [{ pattern: "*", actions: [read] }]
`;

const FILES: Readonly<Record<string, string>> = {
  "policies.yaml": VERSION_1,
  "empty.yaml": "",
  "tabs.yaml": 'version: "1"\nprincipals:\n\tadmin: {}\n',
  "duplicate.yaml":
    'version: "1"\nprincipals:\n  a: { roles: [x] }\n  b: { roles: [x] }\n  a: { roles: [y] }\n',
  "unknown.yaml":
    'version: "1"\nprincipal:\n  a: { roles: [x], tools: [{ patern: "*", actions: [raed] }] }\n',
  "bomb.yaml": `a: &a [x, x, x, x, x, x, x, x, x]\n${
    [..."bcdefghi"].map((name, i) => {
      const before = "abcdefgh"[i];
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`;
    }).join("\n")
  }\n`,
};

/** Makes the folder. */
export async function makeFixtures(): Promise<Fixtures> {
  const dir = await Deno.realPath(await Deno.makeTempDir({ prefix: "aegis_cli_" }));
  for (const [name, text] of Object.entries(FILES)) {
    await Deno.writeTextFile(`${dir}/${name}`, text);
  }
  await Deno.mkdir(`${dir}/folder.yaml`);
  await Deno.writeTextFile(`${dir}/not_executable`, "#!/bin/sh\n", { mode: 0o644 });
  await Deno.writeTextFile(`${dir}/ends_at_once`, "#!/bin/sh\nexit 7\n", { mode: 0o755 });
  return { dir, [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }) };
}
