/**
 * A call and its answer through a whole gateway, without the pipes: scan, parse, attempts, policy of
 * 50 rules, rate limit, audit line with its hash, serialise. The audit goes to a file, to memory, or
 * nowhere, to show what recording is of it; groups are what one read of a busy pipe brings.
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

async function open(audit: AuditSink): Promise<Channel> {
  const gateway = createGateway({
    authenticator: localAuthenticator({ principal: "bench" }),
    policy: await parsePolicy(benchPolicy(), { file: "bench.yaml" }),
    rateLimit: { capacity: 1_000_000_000 },
    audit,
  });
  const credentials = { kind: "local" } as const;
  return await gateway.openChannel({ credentials, upstream: null, transport: "stdio" });
}

const channels = {
  "audit to a file": await open(await openFileSink({ path: `${folder}/audit.jsonl` })),
  "no audit": await open(noneSink()),
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
