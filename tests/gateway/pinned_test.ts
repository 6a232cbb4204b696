import assert from "node:assert/strict";
import { PinBook } from "../../src/inspect/pins/book.ts";
import { takePins } from "../../src/inspect/pins/review.ts";
import { digest, Told, withLockPath } from "../inspect/pins/pinning.ts";
import { call, result, TestChannel } from "./harness.ts";

const tool = (name: string, description: string) => ({ name, description, inputSchema: {} });
const CAT = tool("cat", "Shows a file.");
const MV = tool("mv", "Moves a file.");
const MV_CHANGED = tool("mv", "Moves a file!");

async function open(path: string): Promise<TestChannel> {
  const pins = new PinBook({ path, digest, log: new Told() }).board("fs");
  return await TestChannel.open({ pins });
}

/** Names that the client is told. */
async function list(
  channel: TestChannel,
  tools: readonly { readonly name: string }[],
  pages: { readonly cursor?: string; readonly nextCursor?: string } = {},
): Promise<string[]> {
  const { cursor, nextCursor } = pages;
  const params = cursor === undefined ? {} : { cursor };
  await channel.send(
    "client",
    JSON.stringify({ jsonrpc: "2.0", id: "list", method: "tools/list", params }),
  );
  const more = nextCursor === undefined ? {} : { nextCursor };
  const [answer = ""] = await channel.send("upstream", result("list", { tools, ...more }));
  const { result: listed } = JSON.parse(answer.replace(/^client /, ""));
  return listed.tools.map(({ name }: { name: string }) => name);
}

async function calling(channel: TestChannel, name: string, id: number): Promise<string> {
  const [sent = ""] = await channel.send("client", call(id, name));
  return sent;
}

Deno.test("A tool that changes by one byte between two lists is neither listed nor called until it is accepted", () =>
  withLockPath(async (path) => {
    const channel = await open(path);
    assert.deepEqual(await list(channel, [CAT, MV]), ["cat", "mv"]);
    assert.match(await calling(channel, "mv", 1), /^upstream /);
    assert.deepEqual(await list(channel, [CAT, MV_CHANGED]), ["cat"]);
    const refused = await calling(channel, "mv", 2);
    assert.match(refused, /^client .*"isError":true.*"reason":"tool_changed"/);
    assert.match(refused, /has changed since it was pinned \(description\)/);
    assert.equal(refused.includes("--accept"), false, "a model is not told how to unlock itself");
    assert.equal(channel.sink.messages.at(-1)?.reason, "tool_changed");
    assert.match(await calling(channel, "cat", 3), /^upstream /);
    await takePins([CAT, MV_CHANGED], { path, server: "fs", digest });
    assert.deepEqual(await list(channel, [CAT, MV_CHANGED]), ["cat", "mv"]);
    assert.match(await calling(channel, "mv", 4), /^upstream /);
  }));

Deno.test("A tool that has changed while nobody was connected is refused in the next conversation", () =>
  withLockPath(async (path) => {
    await list(await open(path), [CAT, MV]);
    const channel = await open(path);
    assert.deepEqual(await list(channel, [MV_CHANGED, CAT]), ["cat"]);
    assert.match(await calling(channel, "mv", 1), /"reason":"tool_changed"/);
  }));

Deno.test("Tools of other pages stay as they are when one page is listed again", () =>
  withLockPath(async (path) => {
    const channel = await open(path);
    assert.deepEqual(await list(channel, [CAT], { nextCursor: "2" }), ["cat"]);
    assert.deepEqual(await list(channel, [MV], { cursor: "2" }), ["mv"]);
    assert.deepEqual(await list(channel, [MV_CHANGED], { cursor: "2" }), []);
    assert.deepEqual(await list(channel, [CAT], { nextCursor: "2" }), ["cat"]);
    assert.match(await calling(channel, "mv", 1), /"reason":"tool_changed"/);
    assert.match(await calling(channel, "cat", 2), /^upstream /);
  }));

Deno.test("No pass is implied: missing, thrown, late or misshapen means deny: a lock file that cannot be read", () =>
  withLockPath(async (path) => {
    await Deno.writeTextFile(path, "[]");
    const channel = await open(path);
    await channel.send("client", '{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
    const [answer = ""] = await channel.send("upstream", result(1, { tools: [CAT] }));
    assert.match(answer, /^client .*"reason":"check_failed"/);
    assert.equal(answer.includes("Shows"), false);
  }));
