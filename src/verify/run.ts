/**
 * Plays the self-checks, and the audit's own.
 * @module
 */

import type { CheckGroup, Seen, SelfCheck, Sent } from "./check.ts";
import type { Channel } from "../gateway/channel.ts";
import type { Gateway } from "../gateway/gateway.ts";

/** How one check ended. */
export interface CheckResult {
  readonly group: string;
  readonly name: string;
  readonly control: boolean;
  /** Why it failed; nothing when it passed. */
  readonly problem: string | undefined;
}

/** Opens a gateway for the principal `self` under a policy. */
export type OpenGateway = (policy: string) => Promise<Gateway>;

/** Plays every check of every group, each in a gateway of its own. */
export async function* runGroups(
  groups: readonly CheckGroup[],
  open: OpenGateway,
): AsyncGenerator<CheckResult> {
  for (const group of groups) {
    for (const check of group.checks) {
      const problem = await playOne(check, open);
      yield { group: group.name, name: check.name, control: false, problem };
    }
    const found = await playOne(group.control, open);
    yield {
      group: group.name,
      name: group.control.name,
      control: true,
      problem: found === undefined
        ? "the control passed, so these checks prove nothing"
        : undefined,
    };
  }
}

async function playOne(check: SelfCheck, open: OpenGateway): Promise<string | undefined> {
  try {
    await using gateway = await open(check.policy);
    const channel = await gateway.openChannel({
      credentials: { kind: "local" },
      upstream: null,
      transport: "stdio",
    });
    const all: Seen[] = [];
    for (const sent of check.send) all.push(await send(channel, sent));
    const last = all.at(-1);
    return last === undefined ? "it sends nothing" : check.expect(last, all);
  } catch (error) {
    return `it threw: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function send(channel: Channel, { from, frame }: Sent): Promise<Seen> {
  const bytes = typeof frame === "string" ? new TextEncoder().encode(frame) : frame;
  const dispositions = from === "client"
    ? await channel.fromClient([bytes])
    : await channel.fromUpstream([bytes]);
  const toClient: string[] = [];
  const toUpstream: string[] = [];
  for (const disposition of dispositions) {
    if (disposition.kind === "drop") continue;
    const back = disposition.kind === "answer";
    const side = (from === "client") === back ? toClient : toUpstream;
    side.push(new TextDecoder().decode(disposition.cleared.bytes));
  }
  return { toClient, toUpstream };
}
