/**
 * Starts a server, asks what it offers, and ends it: how `check` learns its tools.
 *
 * A small client of its own: nothing that the server says is forwarded to anybody.
 * @module
 */

import { systemClock } from "../base/clock.ts";
import { isObject, type JsonObject, member, objectMember, stringMember } from "../base/json.ts";
import type { Limits } from "../base/limits.ts";
import { type Child, spawnChild } from "../transport/stdio/child.ts";
import { forwardChildLog } from "../transport/stdio/child_log.ts";
import { childEnvironment } from "../transport/stdio/environment.ts";
import { LineSplitter } from "../transport/stdio/lines.ts";
import { atMost, systemTimers } from "../transport/stdio/timers.ts";
import { CliError, EXIT } from "./exit.ts";
import type { Target } from "./target.ts";

/** What a server says it offers, as it came. */
export interface Listing {
  readonly tools: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly resources: readonly JsonObject[];
  readonly resourceTemplates: readonly JsonObject[];
}

/** Options of {@linkcode listServer}. */
export interface ListOptions {
  readonly limits: Limits;
  /** How long the server may take in all; `npx` may have to download it first. */
  readonly timeoutMs: number;
}

const REVISION = "2025-11-25";
const MAX_PAGES = 100;
const MAX_ITEMS = 10_000;
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
export async function listServer(target: Target, options: ListOptions): Promise<Listing> {
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
  try {
    return await listAll(new Conversation(child, options));
  } catch (error) {
    if (!(error instanceof Silent)) throw error;
    const message = `Cannot list the tools of "${target.argv[0]}": ${error.message}`;
    const options = { exit: EXIT.failed, cause: error };
    throw new CliError(
      message,
      said.length === 0 ? options : { ...options, hint: `On stderr it said: ${said.join(" · ")}` },
    );
  } finally {
    await end(child);
    await child.stderr.cancel();
    await log;
  }
}

/** The server gave no answer that can be used. */
class Silent extends Error {}

async function listAll(server: Conversation): Promise<Listing> {
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

/** Asks one question at a time. */
class Conversation {
  readonly #child: Child;
  readonly #lines: LineSplitter;
  readonly #deadlineMs: number;
  readonly #waiting: JsonObject[] = [];
  #lastId = 0;

  constructor(child: Child, { limits, timeoutMs }: ListOptions) {
    this.#child = child;
    this.#lines = new LineSplitter(limits);
    this.#deadlineMs = systemClock.monotonicMs() + timeoutMs;
  }

  /** Asks for every page of a list; a server without that list has an empty one. */
  async list(method: string, name: string): Promise<readonly JsonObject[]> {
    const items: JsonObject[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES && items.length < MAX_ITEMS; page++) {
      const result = await this.ask(method, cursor === undefined ? {} : { cursor });
      const found = member(result, name);
      if (Array.isArray(found)) items.push(...found.filter(isObject));
      cursor = stringMember(result, "nextCursor");
      if (cursor === undefined) return items;
    }
    throw new Silent(`its ${method} has no end (${MAX_PAGES} pages, ${MAX_ITEMS} items)`);
  }

  async ask(method: string, params: JsonObject): Promise<JsonObject> {
    const id = ++this.#lastId;
    await this.#send({ jsonrpc: "2.0", id, method, params });
    for (;;) {
      const message = await this.#next();
      if (stringMember(message, "method") !== undefined) {
        await this.#decline(message);
      } else if (member(message, "id") === id) {
        const result = objectMember(message, "result");
        if (result !== undefined) return result;
        const why = stringMember(objectMember(message, "error"), "message") ?? "no result";
        if (method !== "initialize" && isMissing(message)) return {};
        throw new Silent(`its answer to ${method} is an error: ${why}`);
      }
    }
  }

  async tell(method: string): Promise<void> {
    await this.#send({ jsonrpc: "2.0", method });
  }

  /** A question of the server's: a ping is answered, everything else is not for us. */
  async #decline(message: JsonObject): Promise<void> {
    const id = member(message, "id");
    if (id === undefined) return;
    const answer: JsonObject = stringMember(message, "method") === "ping"
      ? { result: {} }
      : { error: { code: -32601, message: "Method not found" } };
    await this.#send({ jsonrpc: "2.0", id, ...answer });
  }

  async #send(message: JsonObject): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(message) + "\n");
    await this.#inTime(Promise.resolve(this.#child.stdin.write(bytes)).catch(() => undefined));
  }

  /** The next line that is a JSON object; anything else on stdout is noise. */
  async #next(): Promise<JsonObject> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) return message;
      const bytes = await this.#inTime(this.#child.stdout.read(this.#lines.room()));
      if (bytes.length === 0) {
        await atMost(this.#child.exited, { ms: GRACE_MS, timers: systemTimers });
        throw new Silent("it ended before it answered");
      }
      for (const frame of this.#lines.took(bytes)) {
        const message = frame instanceof Uint8Array ? parseObject(frame) : undefined;
        if (message !== undefined) this.#waiting.push(message);
      }
    }
  }

  async #inTime<T>(work: Promise<T>): Promise<T> {
    const ms = Math.max(0, this.#deadlineMs - systemClock.monotonicMs());
    const late = Promise.withResolvers<never>();
    const cancel = systemTimers.after(
      ms,
      () => late.reject(new Silent("it did not answer in time")),
    );
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      cancel();
    }
  }
}

/** JSON-RPC 2.0 §5.1: the server announced more than it has. */
function isMissing(message: JsonObject): boolean {
  return member(objectMember(message, "error"), "code") === -32601;
}

function parseObject(line: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(line));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // noise
  }
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
