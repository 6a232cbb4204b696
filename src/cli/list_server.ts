/**
 * Starts a server, asks what it offers, and ends it: how `check` learns its tools.
 *
 * A small client of its own: nothing that the server says is forwarded to anybody.
 * @module
 */

import { systemClock } from "../base/clock.ts";
import { type JsonObject, objectMember } from "../base/json.ts";
import { type Child, spawnChild } from "../transport/stdio/child.ts";
import { forwardChildLog } from "../transport/stdio/child_log.ts";
import { childEnvironment } from "../transport/stdio/environment.ts";
import { atMost, systemTimers } from "../transport/stdio/timers.ts";
import { CliError, EXIT } from "./exit.ts";
import { ServerTalk, Silent, type TalkOptions } from "./server_talk.ts";
import type { Target } from "./target.ts";

/** What a server says it offers, as it came. */
export interface Listing {
  readonly tools: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
}

/** `npx` may have to download the server. */
export const LIST_TIMEOUT_MS = 120_000;

const REVISION = "2025-11-25";
const STDERR_LINES = 8;
const MARK = "server";
/** As patient as a client is with a server whose stdin has ended. */
const GRACE_MS = 1_000;

/**
 * Lists a server's tools, prompts and resources.
 *
 * @throws {SpawnError} when it cannot be started.
 * @throws {CliError} when it ends, is late, or does not speak MCP.
 */
export async function listServer(target: Target, options: TalkOptions): Promise<Listing> {
  const { env } = childEnvironment(Deno.env.toObject(), {
    pass: target.env,
    os: Deno.build.os,
  });
  const child = spawnChild({ argv: target.argv, env });
  const said: string[] = [];
  const time = { clock: systemClock, timers: systemTimers };
  const log = forwardChildLog(child.stderr, {
    ...time,
    name: MARK,
    write: (line) => {
      if (said.push(line.slice(`[${MARK}] `.length).trim()) > STDERR_LINES) said.shift();
    },
  });
  let listing: Listing | Silent;
  try {
    listing = await listAll(new ServerTalk(child, options));
  } catch (error) {
    if (!(error instanceof Silent)) throw error;
    listing = error;
  } finally {
    await end(child);
    await atMost(log, { ms: GRACE_MS, timers: systemTimers });
    await child.stderr.cancel();
    await log;
  }
  if (listing instanceof Silent) throw failure(target, { cause: listing, said });
  return listing;
}

function failure(
  { argv: [command = ""] }: Target,
  { cause, said }: { readonly cause: Silent; readonly said: readonly string[] },
): CliError {
  const options = { exit: EXIT.failed, cause };
  return new CliError(
    `Cannot list the tools of "${command}": ${cause.message}`,
    said.length === 0 ? options : { ...options, hint: `On stderr it said: ${said.join(" · ")}` },
  );
}

async function listAll(server: ServerTalk): Promise<Listing> {
  const hello = await server.ask("initialize", {
    protocolVersion: REVISION,
    capabilities: { roots: {}, sampling: {}, elicitation: {} }, // some tools are only for such clients
    clientInfo: { name: "mcp-aegis check", version: "1" },
  });
  await server.tell("notifications/initialized");
  const offers = (name: string) => objectMember(objectMember(hello, "capabilities"), name);
  const none: readonly JsonObject[] = [];
  return {
    tools: offers("tools") ? await server.list("tools/list", "tools") : none,
    prompts: offers("prompts") ? await server.list("prompts/list", "prompts") : none,
    resources: offers("resources") ? await server.list("resources/list", "resources") : none,
    resourceTemplates: offers("resources")
      ? await server.list("resources/templates/list", "resourceTemplates")
      : none,
  };
}

/** Its stdin ends, then SIGTERM, then SIGKILL; no process of its group is left. */
async function end(child: Child): Promise<void> {
  await child.stdin.close();
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    await atMost(child.exited, { ms: GRACE_MS, timers: systemTimers });
    if (child.groupLives()) child.signal(signal);
  }
  await child.stdout.cancel();
  await child.exited;
}
