/**
 * The official clients of SDK v1 and v2 over HTTP, through the proxy and directly: under an open
 * policy every result is the same, in both eras and on both transports.
 */

import assert from "node:assert/strict";
import { startConformanceServer } from "../fixtures/conformance_server.ts";
import type { Endpoint, HttpEndpoint } from "./endpoint.ts";
import { deno, shim, tempFolder, testForeignClient } from "./harness.ts";
import { OPEN_POLICY, startProxy, testThroughProxy } from "./http_proxy.ts";
import { type HttpServer, startEverything } from "./http_servers.ts";
import type { Negotiation } from "./modern_client.ts";
import { asPrivate, type Transcript } from "./scenarios/calls.ts";
import { converse, listed, type Topics } from "./scenarios/conversation.ts";
import { dualEraScenario } from "./scenarios/dual_era.ts";
import { everythingScenario } from "./scenarios/everything.ts";
import { EVERYTHING_TOPICS, FIXTURE_TOPICS } from "./scenarios/topics.ts";
import { type Speaker, speakV1, speakV2 } from "./speakers.ts";

type Connect = (endpoint: Endpoint) => Promise<Speaker>;

const V2_MODES: readonly Negotiation[] = ["legacy", "auto", { pin: "2026-07-28" }];

/** Every client in every manner it has. */
const CLIENTS: readonly (readonly [name: string, connect: Connect])[] = [
  ["the v1 client", speakV1],
  ...V2_MODES.map((mode) =>
    [`the v2 client (${JSON.stringify(mode)})`, (to: Endpoint) => speakV2(to, mode)] as const
  ),
];

/** Legacy servers cannot be spoken to otherwise. */
const LEGACY_CLIENTS = CLIENTS.slice(0, 3);

function startFixture(): Promise<HttpServer> {
  const fixture = startConformanceServer();
  const endpoint: HttpEndpoint = { url: fixture.url, transport: "http" };
  return Promise.resolve({
    endpoint,
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  });
}

/** Talks to a server of its own directly, and to another through the proxy: servers keep state. */
async function onBothWays(
  start: () => Promise<HttpServer>,
  talk: (endpoint: HttpEndpoint) => Promise<Transcript>,
): Promise<Transcript> {
  await using first = await start();
  await using second = await start();
  await using proxy = await startProxy(second.endpoint.url);
  const [direct, through] = await Promise.all([
    talk(first.endpoint),
    talk({ ...second.endpoint, url: proxy.url }),
  ]);
  assert.deepEqual(
    asPrivate(withoutPort(through, second)),
    asPrivate(withoutPort(direct, first)),
  );
  return direct;
}

/** server-everything tells its environment, in which its port is. */
function withoutPort(transcript: Transcript, { endpoint }: HttpServer): Transcript {
  const told = String.raw`\"PORT\": \"${new URL(endpoint.url).port}\"`;
  return JSON.parse(JSON.stringify(transcript).replaceAll(told, "PORT"));
}

function conversation(connect: Connect, topics: Topics): (to: Endpoint) => Promise<Transcript> {
  return async (to) => {
    await using speaker = await connect(to);
    return await converse(speaker, topics);
  };
}

for (const [name, connect] of CLIENTS) {
  const talk = conversation(connect, FIXTURE_TOPICS);

  testThroughProxy(
    `${name} gets the same from the fixture over HTTP through the proxy`,
    async () => {
      assertComplete(await onBothWays(startFixture, talk));
    },
  );

  testForeignClient(
    `${name} gets the same from the fixture on stdio through the shim`,
    async () => {
      await using folder = await tempFolder();
      const fixture = deno("tests/fixtures/conformance_server.ts", "--stdio");
      const options = { policy: OPEN_POLICY, pins: `${folder.path}/pins.json` };
      const [direct, shimmed] = await Promise.all([talk(fixture), talk(shim(fixture, options))]);
      assert.deepEqual(asPrivate(shimmed), asPrivate(direct));
      assertComplete(direct);
    },
  );
}

for (const mode of V2_MODES) {
  const name = `the v2 client (${JSON.stringify(mode)})`;
  testThroughProxy(`${name} hears the same changes over HTTP through the proxy`, async () => {
    const direct = await onBothWays(startFixture, (to) => dualEraScenario(to, mode));
    assert.match(JSON.stringify(direct.changes), /tools\/list_changed/);
  });
}

for (const transport of ["http", "sse"] as const) {
  const start = () => startEverything(transport);
  const asked = ["elicitation/create", "roots/list", "sampling/createMessage"];

  for (const [name, connect] of LEGACY_CLIENTS) {
    testThroughProxy(`${name} gets the same from server-everything over ${transport}`, async () => {
      const direct = await onBothWays(start, conversation(connect, EVERYTHING_TOPICS));
      assert.deepEqual(direct.asked, asked);
    });
  }

  testThroughProxy(`server-everything does all it can over ${transport}`, async () => {
    const direct = await onBothWays(start, everythingScenario);
    assert.deepEqual(direct.asked, asked);
  });
}

/** Every tool was called, and something came of it. */
function assertComplete({ tools, calls, log, change }: Transcript): void {
  const { progress: [progress], endless: [endless], log: [logs] = [], change: changing } =
    FIXTURE_TOPICS;
  const called = new Set([progress, endless, logs, changing?.call[0], ...listed(calls)]);
  assert.deepEqual(listed(tools).filter((name) => !called.has(name)), []);
  assert.match(JSON.stringify(log), /hello/);
  assert.match(JSON.stringify(change), /note:\/\/first/);
}
