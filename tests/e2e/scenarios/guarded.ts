/**
 * What a preset has to show at its real server: ordinary calls come back as the server itself
 * answers them, dangerous ones are refused where the danger stands, and the world is as before.
 * @module
 */

import assert from "node:assert/strict";
import type { Client } from "@modelcontextprotocol/sdk/client";
import { type Launch, shim } from "../harness.ts";
import { connectOfficial, type Official } from "../official_client.ts";
import { type Call, callAll, stable } from "./calls.ts";

/** A call that has to be refused. */
export interface Danger {
  readonly call: Call;
  /** The argument that is named, as a JSON pointer; without it the tool itself is not permitted. */
  readonly at?: string;
}

/** The rules of every test here: who may what, and what is safe inside a folder. */
export function guardPolicy(project: string, more = ""): string {
  return `version: "1"
principals:
  readers: { roles: [reader], tools: [{ pattern: "*", actions: [read] }] }
  writers: { roles: [writer], tools: [{ pattern: "*", actions: [read, write] }] }
  keepers: { roles: [keeper], tools: [{ pattern: "*", actions: [read, write, delete] }] }
  runners: { roles: [runner], tools: [{ pattern: "*", actions: [execute] }] }
defaults: { arguments: strict }
inspect:
  paths:
    roots: [${project}]
    deny: ["**/.env", "**/.env.*", "**/*.pem", "**/.git/hooks/**", "**/.git/config"]
    except: ["**/.env.example"]
  commands:
    default:
      allow: [cat, cp, echo, grep, head, hostname, ls, mkdir, python3, rm, sh, sort, tail, wc]
      write_roots: [${project}]
  sql: { dialect: sqlite }
${more}`;
}

/** Connects the official client to a server through the shim. */
export function connectGuarded(
  launch: Launch,
  { policy, roles }: { readonly policy: string; readonly roles: string },
): Promise<Official> {
  return connectOfficial(shim(launch, { policy, roles, principal: "agent" }));
}

/** Makes the calls in two worlds, directly and through the shim: the answers are the same. */
export async function assertOrdinary(
  calls: (folder: string) => readonly Call[],
  { direct, guarded }: {
    readonly direct: { readonly client: Client; readonly folder: string };
    readonly guarded: { readonly client: Client; readonly folder: string };
  },
): Promise<void> {
  const [plain, checked] = await Promise.all(
    [direct, guarded].map(async ({ client, folder }) => {
      const answers = await callAll(client, calls(folder));
      return stable({ answers }, folder).answers;
    }),
  );
  assert.ok(Array.isArray(plain) && Array.isArray(checked));
  for (const [index, answer] of plain.entries()) {
    assert.notEqual(answer.isError, true, `the server itself refuses ${JSON.stringify(answer)}`);
    assert.deepEqual(checked[index], answer, JSON.stringify(calls("")[index]));
  }
}

/** Makes the calls: each is refused by the proxy, and the argument it names is the dangerous one. */
export async function assertRefused(client: Client, dangers: readonly Danger[]): Promise<void> {
  for (const { call: [name, args], at } of dangers) {
    const { isError, content, _meta } = await client.callTool({ name, arguments: args });
    const what = `${name} ${JSON.stringify(args)}: ${JSON.stringify(content)}`;
    assert.equal(isError, true, what);
    assert.match(JSON.stringify(content), /Refused by MCP-Aegis/, what);
    assert.equal(_meta?.reason, at === undefined ? "not_permitted" : "unsafe_argument", what);
    assert.equal(_meta?.pointer, at, what);
  }
}

/** Every file below a folder with its text, links as where they lead, so that worlds can be compared. */
export async function worldOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const pending = [folder];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for await (const { name, isDirectory, isSymlink } of Deno.readDir(at)) {
      const path = `${at}/${name}`;
      if (isSymlink) found.set(path, `-> ${await Deno.readLink(path)}`);
      else if (isDirectory) pending.push(path);
      else found.set(path, await textOf(path));
    }
  }
  return new Map([...found].sort());
}

/** Bytes as characters: databases are compared too. */
async function textOf(path: string): Promise<string> {
  return new TextDecoder("latin1").decode(await Deno.readFile(path));
}
