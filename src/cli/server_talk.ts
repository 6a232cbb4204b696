/**
 * A small MCP client: asks a server one question at a time, within a bound of time and memory.
 * @module
 */

import { systemClock } from "../base/clock.ts";
import { isObject, type JsonObject, member, objectMember, stringMember } from "../base/json.ts";
import type { Limits } from "../base/limits.ts";
import type { Child } from "../transport/stdio/child.ts";
import { LineSplitter } from "../transport/stdio/lines.ts";
import { systemTimers } from "../transport/stdio/timers.ts";

/** Bounds of a {@linkcode ServerTalk}. */
export interface TalkOptions {
  readonly limits: Limits;
  /** How long the server may take in all; `npx` may have to download it first. */
  readonly timeoutMs: number;
}

const MAX_PAGES = 100;
const MAX_ITEMS = 10_000;

/** The server gives no answer that can be used. */
export class Silent extends Error {}

/** One conversation with a server. */
export class ServerTalk {
  readonly #child: Child;
  readonly #lines: LineSplitter;
  readonly #deadlineMs: number;
  readonly #waiting: JsonObject[] = [];
  #lastId = 0;

  constructor(child: Child, { limits, timeoutMs }: TalkOptions) {
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

  /**
   * Asks, and gives the result.
   *
   * @throws {Silent} when there is none.
   */
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

  /** Sends a notification. */
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
