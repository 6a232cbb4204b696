/**
 * The file that holds what each server's tools were when they were pinned.
 *
 * ```json
 * { "version": 1, "servers": { "fs": { "read_file": { "hash": "sha256:…", "definition": {} } } } }
 * ```
 * @module
 */

import { AegisError } from "../../base/error.ts";
import { isObject, type JsonValue, member } from "../../base/json.ts";
import { err, ok, type Result } from "../../base/result.ts";
import type { ServerPins, ToolPin } from "./fingerprint.ts";

/** The pins of every server, by its name. */
export type LockedServers = ReadonlyMap<string, ServerPins>;

const VERSION = 1;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_DEFINITIONS = 4 * 1024 * 1024; // UTF-16 units of JSON, all tools of one server

/**
 * Reads a lock file; one that does not exist holds nothing. The error says what is wrong with it,
 * for the operator: nothing is pinned anew over a file that cannot be read.
 */
export async function readLockFile(path: string): Promise<Result<LockedServers, string>> {
  let text: string;
  try {
    using file = await Deno.open(path);
    const { size, isFile } = await file.stat();
    if (!isFile) return err("is no file");
    if (size > MAX_BYTES) return err(`is larger than ${MAX_BYTES} bytes`);
    text = await readText(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return ok(new Map());
    return err(`cannot be read: ${messageOf(error)}`);
  }
  try {
    return serversOf(JSON.parse(text));
  } catch (error) {
    return err(`is no JSON: ${messageOf(error)}`);
  }
}

/**
 * Changes a lock file: reads it, and puts what `change` makes of it in its place, as a whole, mode
 * 0600. Other processes that change it meanwhile wait (through `<path>.lock`). Nothing is written
 * when `change` gives the same object back.
 *
 * @throws {AegisError} `bad-lock-file` when the file cannot be read or holds something else.
 */
export async function updateLockFile(
  path: string,
  change: (servers: LockedServers) => LockedServers,
): Promise<LockedServers> {
  using guard = await openGuard(path);
  await guard.lock(true);
  const read = await readLockFile(path);
  if (!read.ok) throw badLockFile(path, read.error);
  const changed = change(read.value);
  if (changed !== read.value) await replace(path, bytesOf(changed, path));
  return changed;
}

/** The error for a lock file that cannot be used; `why` completes "as it …". */
export function badLockFile(path: string, why: string): AegisError {
  return new AegisError(
    "bad-lock-file",
    `Cannot use the lock file ${JSON.stringify(path)} as it ${why}`,
  );
}

async function openGuard(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(`${path}.lock`, { create: true, write: true, mode: 0o600 });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw badLockFile(path, "stands in a folder that does not exist");
    }
    throw badLockFile(path, `cannot be written: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function readText(file: Deno.FsFile): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const chunk = new Uint8Array(64 * 1024);
  let text = "";
  let total = 0;
  for (let n = await file.read(chunk); n !== null; n = await file.read(chunk)) {
    total += n;
    if (total > MAX_BYTES) throw new RangeError(`it grew beyond ${MAX_BYTES} bytes`);
    text += decoder.decode(chunk.subarray(0, n), { stream: true });
  }
  return text + decoder.decode();
}

function serversOf(value: JsonValue): Result<LockedServers, string> {
  if (!isObject(value) || member(value, "version") !== VERSION) {
    return err(`is not of version ${VERSION}`);
  }
  const held = member(value, "servers");
  if (!isObject(held)) return err("has no servers");
  const servers = new Map<string, ServerPins>();
  for (const [name, tools] of Object.entries(held)) {
    if (!isObject(tools)) return err(`has no tools for the server "${name}"`);
    const pins = new Map<string, ToolPin>();
    for (const [tool, entry] of Object.entries(tools)) {
      const pin = pinOf(entry);
      if (pin === undefined) return err(`has no pin for the tool "${tool}" of "${name}"`);
      pins.set(tool, pin);
    }
    servers.set(name, pins);
  }
  return ok(servers);
}

function pinOf(value: JsonValue): ToolPin | undefined {
  const hash = isObject(value) ? member(value, "hash") : undefined;
  if (!isObject(value) || typeof hash !== "string" || hash === "") return undefined;
  const definition = member(value, "definition");
  if (definition !== undefined && !isObject(definition)) return undefined;
  return { hash, definition };
}

/** One line for each tool, so that a changed tool is a changed line. */
function bytesOf(servers: LockedServers, path: string): Uint8Array {
  const held = [...servers].map(([name, pins]) => {
    const kept = withinBounds(pins);
    const tools = [...kept].map(([tool, pin]) =>
      `  ${JSON.stringify(tool)}: ${JSON.stringify(pin)}`
    );
    return ` ${JSON.stringify(name)}: {\n${tools.join(",\n")}\n }`;
  });
  const text = `{"version": ${VERSION}, "servers": {\n${held.join(",\n")}\n}}\n`;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MAX_BYTES) return bytes;
  throw badLockFile(path, `would be larger than ${MAX_BYTES} bytes`);
}

/** The pins of a server; the definitions that are too many to keep are left out, their hashes stay. */
function withinBounds(pins: ServerPins): ServerPins {
  let size = 0;
  const kept = new Map<string, ToolPin>();
  for (const [name, { hash, definition }] of pins) {
    size += definition === undefined ? 0 : JSON.stringify(definition).length;
    kept.set(name, { hash, definition: size > MAX_DEFINITIONS ? undefined : definition });
  }
  return kept;
}

/** A reader sees the old file or the new one, never a part; a crash leaves at most a file beside it. */
async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    {
      using file = await Deno.open(beside, { createNew: true, write: true, mode: 0o600 });
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.syncData();
    }
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => {
      // It was never made, or is already in its place; the first error tells what happened.
    });
    throw error;
  }
}
