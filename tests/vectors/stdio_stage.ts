/**
 * A stage over the real shim: bytes on its stdin and stdout, and a real child whose pipes are ours.
 * @module
 */

import assert from "node:assert/strict";
import { silentLogger } from "../../src/base/log.ts";
import { spawnChild } from "../../src/transport/stdio/child.ts";
import { runShim } from "../../src/transport/stdio/pump.ts";
import { openVectorGateway } from "./gateway.ts";
import { LineQueue } from "./line_queue.ts";
import type { Consequences, Stage } from "./vector.ts";

/** Opens a stage for one case; the child is a shell that joins two named pipes to its stdio. */
export async function stdioStage(policy: string): Promise<Stage> {
  const directory = await Deno.makeTempDir({ prefix: "aegis-vector-" });
  const [inward, outward] = [`${directory}/in`, `${directory}/out`];
  const made = await new Deno.Command("mkfifo", { args: [inward, outward] }).output();
  assert.ok(made.success, "mkfifo");
  const gateway = await openVectorGateway(policy);
  const fromUs = new LineQueue();
  const toUs = new LineQueue();
  const child = spawnChild({
    argv: ["sh", "-c", 'cat "$1" & cat > "$2"; wait', "sh", inward, outward],
    env: { PATH: Deno.env.get("PATH") ?? "" },
  });
  const running = runShim({
    channel: gateway.openChannel({
      credentials: { kind: "local" },
      upstream: null,
      transport: "stdio",
    }),
    child,
    name: "vector",
    limits: gateway.limits,
    log: silentLogger,
    note: () => {},
    stdin: fromUs,
    stdout: { write: (bytes) => Promise.resolve(toUs.push(bytes)), close: () => Promise.resolve() },
    signals: { listen: () => () => {} },
  });
  const [writing, reading] = await Promise.all([
    Deno.open(inward, { write: true }),
    Deno.open(outward, { read: true }),
  ]);
  const atUpstream = new LineQueue();
  const draining = drain(reading, atUpstream);
  let syncs = 0;
  return {
    async send(from, frame): Promise<Consequences> {
      const id = `sync-${syncs++}`;
      const line = new Uint8Array([...frame, 10]);
      const ping = bytes(`{"jsonrpc":"2.0","id":"${id}","method":"ping"}\n`);
      const pong = bytes(`{"jsonrpc":"2.0","id":"${id}","result":{}}\n`);
      const [ours, theirs] = from === "client" ? [toUs, atUpstream] : [atUpstream, toUs];
      const write = (data: Uint8Array) =>
        from === "client" ? Promise.resolve(fromUs.push(data)) : writeAll(writing, data);
      const answer = (data: Uint8Array) =>
        from === "client" ? writeAll(writing, data) : Promise.resolve(fromUs.push(data));
      await write(line);
      await write(ping);
      const across = await theirs.until(id);
      await answer(pong);
      const back = await ours.until(id);
      return from === "client"
        ? { toClient: back, toUpstream: across }
        : { toClient: across, toUpstream: back };
    },
    async [Symbol.asyncDispose]() {
      fromUs.end();
      writing.close();
      await running;
      await draining;
      reading.close();
      await gateway[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function writeAll(file: Deno.FsFile, data: Uint8Array): Promise<void> {
  for (let at = 0; at < data.length;) at += await file.write(data.subarray(at));
}

async function drain(file: Deno.FsFile, into: LineQueue): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  for (let n = await file.read(buffer); n !== null; n = await file.read(buffer)) {
    into.push(buffer.slice(0, n));
  }
}
