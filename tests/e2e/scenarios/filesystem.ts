/**
 * A conversation with server-filesystem that uses every tool it has.
 * @module
 */

import { connectOfficial } from "../official_client.ts";
import type { Launch } from "../harness.ts";
import { type Call, callAll, stable, type Transcript } from "./calls.ts";

/** Files the conversation expects in its folder. */
export async function prepareFolder(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/sub`, { recursive: true });
  await Deno.writeTextFile(`${folder}/hello.txt`, "Hello\nworld\n");
  await Deno.writeTextFile(`${folder}/sub/inner.md`, "# Inner\n");
  await Deno.writeFile(`${folder}/dot.png`, new Uint8Array([0x89, 0x50, 0x4e, 0x47]));
}

/** Every tool of the server. */
export function filesystemCalls(folder: string): readonly Call[] {
  return [
    ["list_allowed_directories", {}],
    ["read_file", { path: `${folder}/hello.txt` }],
    ["read_text_file", { path: `${folder}/hello.txt`, head: 1 }],
    ["read_media_file", { path: `${folder}/dot.png` }],
    ["read_multiple_files", { paths: [`${folder}/hello.txt`, `${folder}/sub/inner.md`] }],
    ["write_file", { path: `${folder}/new.txt`, content: "Line one\nLine two\u2028 \u{1f600}\n" }],
    [
      "edit_file",
      { path: `${folder}/new.txt`, edits: [{ oldText: "Line one", newText: "Line 1" }] },
    ],
    ["create_directory", { path: `${folder}/made` }],
    ["move_file", { source: `${folder}/new.txt`, destination: `${folder}/made/new.txt` }],
    ["read_text_file", { path: `${folder}/made/new.txt` }],
    ["list_directory", { path: folder }],
    ["list_directory_with_sizes", { path: `${folder}/sub`, sortBy: "name" }],
    ["directory_tree", { path: folder }],
    ["search_files", { path: folder, pattern: "**/*.md" }],
    ["get_file_info", { path: `${folder}/hello.txt` }],
    ["read_text_file", { path: `${folder}/missing.txt` }],
    ["read_text_file", { path: "/etc/hostname" }],
  ];
}

/** Holds the conversation. */
export async function filesystemScenario(launch: Launch, folder: string): Promise<Transcript> {
  await prepareFolder(folder);
  await using official = await connectOfficial(launch);
  const { client, asked } = official;
  const { tools } = await client.listTools();
  const calls = await callAll(client, filesystemCalls(folder));
  const unknownTool = await client.callTool({ name: "no_such_tool", arguments: {} });
  const transcript = {
    server: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    tools,
    calls,
    unknownTool,
    pong: await client.ping(),
    asked,
  };
  return stable(transcript, folder);
}
