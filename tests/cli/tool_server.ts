/**
 * A small MCP server for transcripts: some tools in two pages, one prompt, one resource. With an
 * argument it differs: `quiet` says nothing of its own, `mute` ends before it answers, `endless` has
 * pages without end, `argued` has tools with arguments of every sort.
 * @module
 */

const [mode] = Deno.args;

const TOOLS = [
  { name: "read_file", description: "Reads", annotations: { readOnlyHint: true } },
  { name: "write_file", annotations: { readOnlyHint: false, destructiveHint: true } },
  { name: "run\u001b[31m", description: "a name with a colour in it" },
  { name: "list_files", annotations: { readOnlyHint: true } },
].map((tool) => ({ ...tool, inputSchema: { type: "object" } }));

const text = { type: "string" };

const ARGUED = [
  {
    name: "read_file",
    description: "Reads a file",
    properties: { path: text, lines: { type: "integer" } },
  },
  {
    name: "fetch_page",
    description: "Fetches a page",
    properties: {
      url: { ...text, format: "uri" },
      method: { ...text, enum: ["GET", "HEAD"] },
      zone: text,
    },
  },
  { name: "run_report", description: "Runs a report", properties: { sql: text, title: text } },
  {
    name: "keep",
    description: "Keeps something",
    properties: { data: { type: "object" }, tags: { type: "array", items: text } },
  },
  { name: "far", description: "Needs another", properties: { x: { $ref: "https://a.example/s" } } },
  { name: "erase", description: "Erases a file", properties: { path: text } },
].map(({ properties, ...tool }) => ({ ...tool, inputSchema: { type: "object", properties } }));

const ANSWERS: Readonly<Record<string, (cursor: string | undefined) => unknown>> = {
  initialize: () => ({
    protocolVersion: "2025-11-25",
    capabilities: { tools: {}, prompts: {}, resources: {} },
    serverInfo: { name: "tool-server", version: "1" },
  }),
  "tools/list": (cursor) =>
    mode === "endless"
      ? { tools: [], nextCursor: "again" }
      : mode === "argued"
      ? { tools: ARGUED }
      : cursor === undefined
      ? { tools: TOOLS.slice(0, 2), nextCursor: "2" }
      : { tools: TOOLS.slice(2) },
  "prompts/list": () => ({ prompts: [{ name: "greet" }] }),
  "resources/list": () => ({ resources: [{ uri: "file:///notes.txt", name: "notes" }] }),
};

if (mode === "mute") {
  console.error("the database is locked");
  Deno.exit(1);
}
if (mode !== "quiet") {
  console.log("a line that is no message");
  console.log('{"jsonrpc":"2.0","id":"a","method":"roots/list"}');
}
for await (const line of lines()) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined || method === undefined) continue;
  const result = ANSWERS[method]?.(params?.cursor);
  const answer = result === undefined
    ? { error: { code: -32601, message: "Method not found" } }
    : { result };
  console.log(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
}

async function* lines() {
  let held = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const parts = (held + text).split("\n");
    held = parts.pop() ?? "";
    yield* parts;
  }
}
