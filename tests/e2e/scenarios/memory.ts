/**
 * A conversation with server-memory that uses every tool and resource it has.
 * @module
 */

import { connectOfficial } from "../official_client.ts";
import { eventually, type Launch } from "../harness.ts";
import { type Call, callAll, stable, type Transcript } from "./calls.ts";

/** Every tool of the server. */
export const MEMORY_CALLS: readonly Call[] = [
  ["create_entities", {
    entities: [
      { name: "Ada", entityType: "person", observations: ["wrote notes"] },
      { name: "Engine", entityType: "machine", observations: ["never built"] },
    ],
  }],
  ["create_relations", { relations: [{ from: "Ada", to: "Engine", relationType: "programs" }] }],
  ["add_observations", { observations: [{ entityName: "Ada", contents: ["lived in London"] }] }],
  ["read_graph", {}],
  ["search_nodes", { query: "London" }],
  ["open_nodes", { names: ["Engine"] }],
  ["delete_observations", { deletions: [{ entityName: "Ada", observations: ["wrote notes"] }] }],
  ["delete_relations", { relations: [{ from: "Ada", to: "Engine", relationType: "programs" }] }],
  ["delete_entities", { entityNames: ["Engine"] }],
  ["read_graph", {}],
];

/** Holds the conversation. */
export async function memoryScenario(launch: Launch, folder: string): Promise<Transcript> {
  await using official = await connectOfficial(launch);
  const { client, notifications } = official;
  const { tools } = await client.listTools();
  const { resources } = await client.listResources();
  const [resource] = resources;
  if (resource !== undefined) await client.subscribeResource({ uri: resource.uri });
  const calls = await callAll(client, MEMORY_CALLS);
  await eventually(
    "resources/updated",
    () => notifications.some(({ method }) => method === "notifications/resources/updated"),
  );
  const transcript = {
    server: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    tools,
    resources,
    calls,
    read: resource && await client.readResource({ uri: resource.uri }),
    unsubscribed: resource && await client.unsubscribeResource({ uri: resource.uri }),
    notifications,
  };
  return stable(transcript, folder);
}
