/**
 * Plays frames through a real channel and says whether what became of the last is right.
 * @module
 */

import { createGateway } from "../../src/assemble.ts";
import { noneSink } from "../../src/audit/none_sink.ts";
import type { Channel } from "../../src/gateway/channel.ts";
import { localAuthenticator } from "../../src/identity/authenticator.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { type JsonObject, member, objectMember } from "../../src/base/json.ts";
import type { Corpus, FrameRecord } from "./corpus.ts";
import { pause } from "./pause.ts";
import { declaredTools, inspectOf, PRINCIPAL, SERVER } from "./policy.ts";

/** What is wrong with each frame test that went wrong, by its id. */
export async function wrongFrames(corpus: Corpus): Promise<ReadonlyMap<string, string>> {
  const policy = await parsePolicy(framesPolicy(corpus), {
    file: "frames.json",
    upstream: { name: SERVER },
  });
  const wrong = new Map<string, string>();
  for (const each of corpus.frames) {
    await using gateway = createGateway({
      authenticator: localAuthenticator({ principal: PRINCIPAL }),
      policy,
      audit: noneSink(),
    });
    const channel = await gateway.openChannel({
      credentials: { kind: "local" },
      upstream: SERVER,
      transport: "stdio",
    });
    await listTools(channel, corpus);
    const fault = await playFrames(channel, each);
    if (fault !== undefined) wrong.set(each.id, fault);
  }
  await pause();
  return wrong;
}

/** The policy that `context.json` gives for frames; JSON is YAML. */
function framesPolicy(corpus: Corpus): string {
  const { context } = corpus;
  const allowed = member(objectMember(context, "frames_policy"), "allow_tools");
  const patterns = Array.isArray(allowed) ? allowed : [];
  return JSON.stringify({
    version: "1",
    principals: {
      [PRINCIPAL]: {
        tools: patterns.map((pattern) => ({ pattern, actions: ["execute"] })),
        // "resources/read below roots"
        resources: [{ pattern: "*", actions: ["read"] }],
      },
    },
    inspect: inspectOf(context),
    servers: { [SERVER]: { tools: declaredTools(corpus) } },
  });
}

/** The proxy knows the tools beforehand: it has seen a list of them. */
async function listTools(channel: Channel, { tools }: Corpus): Promise<void> {
  const id = "listed before the test";
  const encode = (message: JsonObject) =>
    new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", id, ...message }));
  await channel.fromClient([encode({ method: "tools/list" })]);
  await channel.fromUpstream([encode({ result: { tools } })]);
}

/** Says what is wrong, or nothing. */
export async function playFrames(
  channel: Channel,
  { expect, frames }: FrameRecord,
): Promise<string | undefined> {
  let across: readonly string[] = [];
  let back: readonly string[] = [];
  for (const { dir, raw, hex } of frames) {
    const bytes = hex === undefined ? new TextEncoder().encode(raw) : Uint8Array.fromHex(hex);
    const sent = dir === "c2s"
      ? await channel.fromClient([bytes])
      : await channel.fromUpstream([bytes]);
    const texts = (kind: "forward" | "answer") =>
      sent.flatMap((each) =>
        each.kind === kind ? [new TextDecoder().decode(each.cleared.bytes)] : []
      );
    across = texts("forward");
    back = texts("answer");
  }
  const ours = [...across, ...back].every((text) => text.includes('"traceId"'));
  switch (expect) {
    case "forward":
      return across.length === 1 && back.length === 0 ? undefined : `not forwarded: ${back}`;
    case "reject":
      if (across.length > 0) return `forwarded: ${across}`;
      return back.length <= 1 && ours ? undefined : `not refused: ${back}`;
    case "drop":
      // An error of the proxy's own, which ends the call concerned, is as right.
      return back.length === 0 && ours ? undefined : `not dropped: ${[...across, ...back]}`;
  }
}
