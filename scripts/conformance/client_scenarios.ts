/**
 * What the conformance suite asks of a client, played by the official client of SDK v2.
 *
 * A scenario looks at what arrives at its test server; a client only has to do the operations that
 * the scenario is about. Scenarios of authorization are not among them.
 * @module
 */

import {
  Client,
  type ClientCapabilities,
  type PriorDiscovery,
  type Transport,
} from "@modelcontextprotocol/client";

/** One scenario against the test server, however it is reached. */
type Play = (server: Transport) => Promise<void>;

/** A tool call that the suite wants made. */
interface WantedCall {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

/** The scenarios by the names the suite gives them. */
export const CLIENT_SCENARIOS: Readonly<Record<string, Play>> = {
  "initialize": (server) => talk(server, {}, callEach([])),
  "tools_call": (server) =>
    talk(server, {}, callEach([{ name: "add_numbers", arguments: { a: 5, b: 3 } }])),
  "sse-retry": (server) =>
    talk(server, {}, callEach([{ name: "test_reconnection", arguments: {} }])),
  "elicitation-sep1034-client-defaults": (server) =>
    talk(server, {
      capabilities: { elicitation: { form: { applyDefaults: true } } },
      filled: {},
    }, callEach([{ name: "test_client_elicitation_defaults", arguments: {} }])),
  "json-schema-ref-no-deref": (server) => talk(server, {}, callEach([])),
  "json-schema-2020-12-preservation": (server) => talk(server, {}, echoSchema),
  "request-metadata": (server) =>
    talk(server, {
      capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} },
    }, () => Promise.resolve()),
  "http-standard-headers": (server) => talk(server, { prior: KNOWN }, useOneOfEach),
  "http-custom-headers": (server) => talk(server, { prior: KNOWN }, callEach(wantedCalls())),
  "http-invalid-tool-headers": (server) => talk(server, { prior: KNOWN }, callWhatIsListed),
  "sep-2322-client-request-state": (server) =>
    talk(
      server,
      {
        prior: KNOWN,
        capabilities: { elicitation: {} },
        filled: { confirmed: true },
      },
      callEach([
        { name: "test_mrtr_echo_state", arguments: {} },
        { name: "test_mrtr_no_state", arguments: {} },
        { name: "test_mrtr_unrelated", arguments: {} },
        { name: "test_mrtr_no_result_type", arguments: {} },
      ]),
    ),
};

/** Some test servers answer no `server/discover`; what they would say is known beforehand. */
const KNOWN: PriorDiscovery = {
  kind: "modern",
  discover: {
    supportedVersions: ["2026-07-28"],
    capabilities: { tools: {}, resources: {}, prompts: {} },
    resultType: "complete",
    ttlMs: 0,
    cacheScope: "private",
  },
};

interface Manner {
  readonly capabilities?: ClientCapabilities;
  readonly prior?: PriorDiscovery;
  /** What every form is accepted with. */
  readonly filled?: Record<string, string | number | boolean>;
}

async function talk(server: Transport, manner: Manner, work: (client: Client) => Promise<void>) {
  const modern = Deno.env.get("MCP_CONFORMANCE_PROTOCOL_VERSION") === "2026-07-28";
  const { capabilities = {}, filled, prior } = manner;
  const client = new Client({ name: "aegis-conformance", version: "1.0.0" }, {
    capabilities,
    versionNegotiation: { mode: modern ? "auto" : "legacy" },
  });
  if (filled !== undefined) {
    client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: filled }));
  }
  await client.connect(server, prior === undefined ? {} : { prior });
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

/** Lists the tools, then makes the calls of those that are there. */
function callEach(calls: readonly WantedCall[]): (client: Client) => Promise<void> {
  return async (client) => {
    const { tools } = await client.listTools();
    for (const call of calls) {
      if (tools.some(({ name }) => name === call.name)) await attempt(client, call);
    }
  };
}

/** Sends the schema of a tool back as it came. */
async function echoSchema(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  const schema = tools.find(({ name }) => name === "json_schema_2020_12_tool")?.inputSchema;
  await client.callTool({ name: "json_schema_echo", arguments: { schema } });
}

async function callWhatIsListed(client: Client): Promise<void> {
  const { tools } = await client.listTools();
  for (const { name } of tools) await attempt(client, { name, arguments: { region: "eu" } });
}

async function useOneOfEach(client: Client): Promise<void> {
  const { tools: [tool] } = await client.listTools();
  if (tool !== undefined) await client.callTool({ name: tool.name, arguments: {} });
  const { resources: [resource] } = await client.listResources();
  if (resource !== undefined) await client.readResource({ uri: resource.uri });
  const { prompts: [prompt] } = await client.listPrompts();
  if (prompt !== undefined) await client.getPrompt({ name: prompt.name, arguments: {} });
}

/** Some calls are meant to fail; what the test server saw decides. */
async function attempt(client: Client, call: WantedCall): Promise<void> {
  try {
    await client.callTool(call);
  } catch (error) {
    console.error(`${call.name}: ${error}`);
  }
}

/** The calls that the suite hands to the client of this scenario. */
function wantedCalls(): readonly WantedCall[] {
  const context: unknown = JSON.parse(Deno.env.get("MCP_CONFORMANCE_CONTEXT") ?? "{}");
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  const calls = isRecord(context) && Array.isArray(context.toolCalls) ? context.toolCalls : [];
  return calls.filter(isRecord).map(({ name, arguments: args }) => ({
    name: String(name),
    arguments: isRecord(args) ? args : {},
  }));
}
