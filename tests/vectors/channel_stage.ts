/**
 * A stage without a transport: the gateway's channel, called directly.
 * @module
 */

import type { Channel } from "../../src/gateway/channel.ts";
import { openVectorGateway } from "./gateway.ts";
import type { Consequences, Stage } from "./vector.ts";

/** Opens a stage for one case. */
export async function channelStage(policy: string): Promise<Stage> {
  const gateway = await openVectorGateway(policy);
  const channel = await gateway.openChannel({
    credentials: { kind: "local" },
    upstream: null,
    transport: "stdio",
  });
  return {
    send: (from, frame) => send(channel, from, frame),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

async function send(
  channel: Channel,
  from: "client" | "upstream",
  frame: Uint8Array,
): Promise<Consequences> {
  const dispositions = from === "client"
    ? await channel.fromClient([frame])
    : await channel.fromUpstream([frame]);
  const toClient: Uint8Array[] = [];
  const toUpstream: Uint8Array[] = [];
  for (const disposition of dispositions) {
    if (disposition.kind === "drop") continue;
    const toSender = disposition.kind === "answer";
    const side = (from === "client") === toSender ? toClient : toUpstream;
    side.push(disposition.cleared.bytes);
  }
  return { toClient, toUpstream };
}
