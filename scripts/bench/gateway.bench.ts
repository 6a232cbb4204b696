/**
 * A call and its answer through a whole gateway, without the pipes: scan, parse, attempts, policy of
 * 50 rules, rate limit, audit line with its hash, serialise. The audit goes to a file, to memory, or
 * nowhere, to show what recording is of it, and nothing is looked into, to show what inspection is;
 * groups are what one read of a busy pipe brings.
 * @module
 */

import { createGateway } from "../../src/assemble.ts";
import { openFileSink } from "../../src/audit/file_sink.ts";
import { noneSink } from "../../src/audit/none_sink.ts";
import type { AuditSink } from "../../src/audit/sink.ts";
import type { Channel } from "../../src/gateway/channel.ts";
import { localAuthenticator } from "../../src/identity/authenticator.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { benchPolicy } from "./path_cases.ts";

const folder = await Deno.makeTempDir({ prefix: "aegis-bench-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const encoder = new TextEncoder();
const TEXT = 'alpha beta gamma delta "quoted" path/to/file.txt line\nnext '.repeat(3).slice(0, 150);
let nextId = 0;

function callAndAnswer(): readonly [Uint8Array, Uint8Array] {
  const id = ++nextId;
  const params = { name: "echo", arguments: { text: TEXT } };
  const result = { content: [{ type: "text", text: TEXT }] };
  return [
    encoder.encode(JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params })),
    encoder.encode(JSON.stringify({ jsonrpc: "2.0", id, result })),
  ];
}

const UNINSPECTED = [
  "inspect: { results: { hidden: off, secrets: off, injection: off } }",
  "defaults: { effect: deny, arguments: off }",
].join("\n");

async function open(audit: AuditSink, policy = benchPolicy()): Promise<Channel> {
  const gateway = createGateway({
    authenticator: localAuthenticator({ principal: "bench" }),
    policy: await parsePolicy(policy, { file: "bench.yaml" }),
    rateLimit: { capacity: 1_000_000_000 },
    audit,
  });
  const credentials = { kind: "local" } as const;
  const channel = await gateway.openChannel({ credentials, upstream: null, transport: "stdio" });
  await listTools(channel);
  return channel;
}

/** So that the argument has a schema and a kind, as it has behind every real server. */
async function listTools(channel: Channel): Promise<void> {
  const id = ++nextId;
  const properties = { text: { type: "string" } };
  const inputSchema = { type: "object", properties, required: ["text"] };
  const result = { tools: [{ name: "echo", inputSchema }] };
  const message = (rest: object) => encoder.encode(JSON.stringify({ jsonrpc: "2.0", id, ...rest }));
  const [asked] = await channel.fromClient([message({ method: "tools/list" })]);
  const [listed] = await channel.fromUpstream([message({ result })]);
  const passed = asked?.kind === "forward" && listed?.kind === "forward";
  if (!passed) throw new Error("the list of tools was not forwarded");
}

const channels = {
  "audit to a file": await open(await openFileSink({ path: `${folder}/audit.jsonl` })),
  "no audit": await open(noneSink()),
  "no audit, no inspection": await open(
    noneSink(),
    benchPolicy().replace("defaults: { effect: deny }", UNINSPECTED),
  ),
};

for (const [name, channel] of Object.entries(channels)) {
  for (const size of [1, 64]) {
    Deno.bench(`gateway: ${size} × call and answer, ${name}`, { group: `${size}` }, async (b) => {
      const pairs = Array.from({ length: size }, callAndAnswer);
      const calls = pairs.map(([call]) => call);
      const answers = pairs.map(([, answer]) => answer);
      b.start();
      const sent = await channel.fromClient(calls);
      const returned = await channel.fromUpstream(answers);
      b.end();
      const forwarded = [...sent, ...returned].filter(({ kind }) => kind === "forward");
      if (forwarded.length !== 2 * size) throw new Error("a call or an answer was not forwarded");
    });
  }
}
