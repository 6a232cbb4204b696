/**
 * A gateway as it is assembled, with a policy that says what arguments are, and a check that notes
 * what was let through to it.
 * @module
 */

import { createGateway } from "../../src/assemble.ts";
import { noneSink } from "../../src/audit/none_sink.ts";
import type { AccessRequest, ToolListing } from "../../src/access/request.ts";
import type { Check } from "../../src/access/verdict.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { Channel } from "../../src/gateway/channel.ts";
import type { Gateway } from "../../src/gateway/gateway.ts";
import { localAuthenticator } from "../../src/identity/authenticator.ts";
import { parsePolicy } from "../../src/policy/load.ts";

/** The name of the server. */
export const SERVER = "srv";

/** One tool of every kind; JSON is YAML. */
export const INSPECTING: JsonObject = {
  version: "1",
  defaults: { arguments: "standard", attempts: { capacity: 1_000_000, per: "1s" } },
  principals: { tester: { tools: [{ pattern: "*", actions: ["execute"] }] } },
  inspect: {
    paths: { roots: ["/srv/work"], cwd: "/srv/work", local: false },
    commands: { default: { allow: ["ls", "git", "grep"], write_roots: ["/srv/work"] } },
    sql: { dialect: "postgres" },
  },
  servers: {
    [SERVER]: {
      tools: {
        path: { action: "execute", arguments: { v: "path(read)" } },
        command: { action: "execute", arguments: { v: "command" } },
        sql: { action: "execute", arguments: { v: "sql(postgres, read)" } },
        url: { action: "execute", arguments: { v: "url" } },
        text: { action: "execute", arguments: { v: "text" } },
        code: { action: "execute", arguments: { v: "code" } },
        shellarg: { action: "execute", arguments: { v: "shellarg" } },
        any: { action: "execute", arguments: { "/v": "opaque" } },
      },
    },
  },
};

/** Opens a gateway; every request that passed the inspection is given to `onPassed`. */
export async function openInspecting(
  policy: JsonObject,
  { onPassed = () => {}, checks = [] }: {
    readonly onPassed?: (request: AccessRequest) => void;
    readonly checks?: readonly Check[];
  } = {},
): Promise<{ readonly gateway: Gateway; readonly channel: Channel }> {
  const noting: Check = {
    name: "noting",
    examine(request) {
      onPassed(request);
      return { effect: "pass" };
    },
  };
  const gateway = createGateway({
    authenticator: localAuthenticator({ principal: "tester", roles: ["dev"] }),
    policy: await parsePolicy(JSON.stringify(policy), {
      file: "policy.yaml",
      upstream: { name: SERVER },
    }),
    checks: [...checks, noting],
    audit: noneSink(),
  });
  const channel = await gateway.openChannel({
    credentials: { kind: "local" },
    upstream: SERVER,
    transport: "stdio",
  });
  return { gateway, channel };
}

/** What a text from one side leads to. */
export interface Led {
  readonly forwarded: readonly string[];
  readonly answered: readonly string[];
}

/** Sends one frame. */
export async function send(
  channel: Channel,
  side: "fromClient" | "fromUpstream",
  frame: string,
): Promise<Led> {
  const sent = await channel[side]([new TextEncoder().encode(frame)]);
  const texts = (kind: "forward" | "answer") =>
    sent.flatMap((each) =>
      each.kind === kind ? [new TextDecoder().decode(each.cleared.bytes)] : []
    );
  return { forwarded: texts("forward"), answered: texts("answer") };
}

/** Lists tools through the channel; gives those that the client is shown. */
export async function list(
  channel: Channel,
  tools: readonly (Partial<ToolListing> & { readonly name: string })[],
): Promise<readonly string[]> {
  const id = `list ${nextList++}`;
  await send(channel, "fromClient", JSON.stringify({ jsonrpc: "2.0", id, method: "tools/list" }));
  const answer = { jsonrpc: "2.0", id, result: { tools } };
  const { forwarded: [shown = ""] } = await send(channel, "fromUpstream", JSON.stringify(answer));
  const { result } = JSON.parse(shown) as { result: { tools: { name: string }[] } };
  return result.tools.map(({ name }) => name);
}

let nextList = 0;

/** A call as text. */
export function callOf(id: number, name: string, args: JsonValue): string {
  const params = { name, arguments: args };
  return JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params });
}
