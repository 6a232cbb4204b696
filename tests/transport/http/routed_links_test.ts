import assert from "node:assert/strict";
import type { Principal } from "../../../src/access/principal.ts";
import { DEFAULT_LIMITS } from "../../../src/base/limits.ts";
import { silentLogger } from "../../../src/base/log.ts";
import type { Envelope } from "../../../src/gateway/channel.ts";
import { RoutedLinks, type RoutedLinksOptions } from "../../../src/transport/http/routed_links.ts";
import { stdioWires } from "../../../src/transport/http/stdio_wire.ts";
import { Ticker } from "../../../src/transport/http/ticker.ts";
import type { UpstreamLink, UpstreamReply } from "../../../src/transport/http/upstream_link.ts";
import { hostile } from "../../e2e/harness.ts";
import { cleared, textOf } from "../support.ts";

const ANNA: Principal = { id: "anna", kind: "token", roles: new Set(), scopes: new Set() };

/** Links to children of the fixture, and how many of them were started. */
function linksOf(options: Partial<RoutedLinksOptions> = {}) {
  const { command, args } = hostile("well-behaved");
  const ticker = new Ticker(50);
  const counted = { opened: 0, gone: 0 };
  const open = stdioWires({
    argv: [command, ...args],
    env: Deno.env.toObject(),
    name: "fixture",
    note: () => {},
    limits: DEFAULT_LIMITS,
    log: silentLogger,
  });
  const links = new RoutedLinks({
    open: async (listener) => {
      const wire = await open(listener);
      counted.opened++;
      void wire.gone.then(() => counted.gone++);
      return wire;
    },
    maxWires: 2,
    idleMs: 60_000,
    ticker,
    log: silentLogger,
    ...options,
  });
  return {
    links,
    counted,
    async [Symbol.asyncDispose]() {
      await links[Symbol.asyncDispose]();
      ticker[Symbol.dispose]();
      assert.equal(counted.gone, counted.opened, "none is left");
    },
  };
}

function post(link: UpstreamLink, id: number, method: string, params: object = {}) {
  const envelope: Envelope = {
    kind: "request",
    method,
    about: id,
    revision: "2026-07-28",
    wire: { id, progressToken: undefined },
  };
  const body = cleared({ jsonrpc: "2.0", id, method, params });
  return link.send({ method: "POST", headers: [], body, envelope });
}

function said(reply: UpstreamReply): unknown {
  assert.equal(reply.kind, "message", JSON.stringify(reply));
  return reply.kind === "message" ? JSON.parse(textOf(reply.bytes)).id : undefined;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((wake) => setTimeout(wake, 20));
}

Deno.test("RoutedLinks starts a child with the first message of a session, which must begin it", async () => {
  await using scene = linksOf();
  const link = scene.links.session();
  const early = await post(link, 1, "tools/list");
  assert.deepEqual(early.kind === "refused" && [early.status, early.code], [400, -32000]);
  assert.equal(scene.counted.opened, 0);
  assert.equal(said(await post(link, 1, "initialize")), 1);
  assert.equal(said(await post(link, 2, "tools/list")), 2);
  assert.equal(scene.counted.opened, 1);
});

Deno.test("RoutedLinks gives a principal one child outside of sessions, which outlives its requests", async () => {
  await using scene = linksOf();
  for (const id of [1, 2]) {
    await using link = scene.links.single(ANNA);
    assert.equal(said(await post(link, id, "tools/list")), id);
  }
  await using other = scene.links.single({ ...ANNA, id: "ben" });
  assert.equal(said(await post(other, 3, "tools/list")), 3);
  assert.equal(scene.counted.opened, 2);
});

Deno.test("RoutedLinks ends a child outside of sessions that nobody uses", async () => {
  await using scene = linksOf({ idleMs: 200 });
  {
    await using link = scene.links.single(ANNA);
    await post(link, 1, "tools/list");
  }
  await until(() => scene.counted.gone === 1);
  await using link = scene.links.single(ANNA);
  assert.equal(said(await post(link, 2, "tools/list")), 2);
});

Deno.test("RoutedLinks refuses one more than there may be, and takes it when one has ended", async () => {
  await using scene = linksOf();
  const sessions = [1, 2, 3].map(() => scene.links.session());
  const [first, second, third] = sessions;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  await Promise.all([post(first, 1, "initialize"), post(second, 1, "initialize")]);
  const refused = await post(third, 1, "initialize");
  assert.deepEqual(refused.kind === "refused" && [refused.status, refused.code], [503, -31504]);
  await first[Symbol.asyncDispose]();
  assert.equal(said(await post(third, 1, "initialize")), 1, "it waits for the one that ends");
});

Deno.test("RoutedLinks ends the session that was idle the longest for a new one, and none in use", async () => {
  await using scene = linksOf({ yieldMs: 0 });
  const [listening, idle, next, last] = [1, 2, 3, 4].map(() => scene.links.session());
  assert.ok(listening !== undefined && idle !== undefined);
  assert.ok(next !== undefined && last !== undefined);
  await post(listening, 1, "initialize");
  const stream = await listening.send({ method: "GET", headers: [] });
  assert.equal(stream.kind, "events");
  await post(idle, 1, "initialize");
  assert.equal(said(await post(next, 1, "initialize")), 1);
  await idle.ended;
  const call = post(next, 2, "tools/call", { name: "hold" });
  const refused = await post(last, 1, "initialize");
  assert.equal(refused.kind, "refused", "one listens, the other works");
  await next[Symbol.asyncDispose]();
  await call;
  const after = await post(idle, 2, "tools/list");
  assert.equal(after.kind === "failed" && after.status, 404);
});

Deno.test("RoutedLinks lets nothing but the modern era on a wire outside of sessions", async () => {
  await using scene = linksOf();
  await using link = scene.links.single(ANNA);
  const body = cleared({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  for (const kind of ["request", "notification", "result"] as const) {
    const envelope: Envelope = { kind, method: "tools/list", about: 1, revision: null };
    const reply = await link.send({ method: "POST", headers: [], body, envelope });
    assert.deepEqual(reply.kind === "refused" && [reply.status, reply.code], [400, -32602]);
  }
  assert.equal(scene.counted.opened, 0);
});
