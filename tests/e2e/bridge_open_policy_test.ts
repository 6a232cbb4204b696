/**
 * The official clients of SDK v1 and v2 on stdio, through the bridge to a server over HTTP, and
 * directly over HTTP: under an open policy every result is the same, in both eras.
 */

import assert from "node:assert/strict";
import { startConformanceServer } from "../fixtures/conformance_server.ts";
import type { Endpoint, HttpEndpoint } from "./endpoint.ts";
import { bridge, testForeignClient } from "./harness.ts";
import { OPEN_POLICY } from "./http_proxy.ts";
import { type HttpServer, startEverything } from "./http_servers.ts";
import type { Negotiation } from "./modern_client.ts";
import { asPrivate, type Transcript } from "./scenarios/calls.ts";
import { converse, type Topics } from "./scenarios/conversation.ts";
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

/** Talks to a server of its own directly, and to another through the bridge: servers keep state. */
async function onBothWays(
  start: () => Promise<HttpServer>,
  talk: (endpoint: Endpoint) => Promise<Transcript>,
): Promise<Transcript> {
  await using first = await start();
  await using second = await start();
  const [direct, through] = await Promise.all([
    talk(first.endpoint),
    talk(bridge(second.endpoint.url, { policy: OPEN_POLICY })),
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
  testForeignClient(`${name} gets the same from the fixture through the bridge`, async () => {
    const { tools } = await onBothWays(startFixture, conversation(connect, FIXTURE_TOPICS));
    assert.ok(JSON.stringify(tools).length > 100);
  });
}

for (const mode of V2_MODES) {
  const name = `the v2 client (${JSON.stringify(mode)})`;
  testForeignClient(`${name} hears the same changes through the bridge`, async () => {
    const direct = await onBothWays(startFixture, (to) => dualEraScenario(to, mode));
    assert.match(JSON.stringify(direct.changes), /tools\/list_changed/);
  });
}

for (const [name, connect] of LEGACY_CLIENTS) {
  testForeignClient(`${name} gets the same from server-everything through the bridge`, async () => {
    const talk = conversation(connect, EVERYTHING_TOPICS);
    const { asked } = await onBothWays(() => startEverything("http"), talk);
    assert.deepEqual(asked, ["elicitation/create", "roots/list", "sampling/createMessage"]);
  });
}

testForeignClient("server-everything does all it can through the bridge", async () => {
  const { asked } = await onBothWays(() => startEverything("http"), everythingScenario);
  assert.deepEqual(asked, ["elicitation/create", "roots/list", "sampling/createMessage"]);
});
