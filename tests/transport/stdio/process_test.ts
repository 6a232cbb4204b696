import { deepEqual, equal, ok } from "node:assert/strict";
import { atMost, systemTimers } from "../../../src/transport/stdio/timers.ts";
import { bytesOf, eventually, peakMemory, runs } from "../support.ts";

const MB = 1_000_000;
const MAIN = new URL("../fixtures/shim_main.ts", import.meta.url).pathname;

interface ShimOptions {
  readonly maxLineBytes?: number;
  readonly stderrIsRead?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A shim as a process of its own, and the client's ends of its pipes. */
class Shim {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  readonly #stdout: ReadableStreamDefaultReader<Uint8Array>;
  #listening: Promise<void> | undefined;
  stdout = "";
  stderr = "";

  constructor(script: string, options: ShimOptions = {}) {
    const { maxLineBytes = MB, stderrIsRead = true, env = {} } = options;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", MAIN, String(maxLineBytes), "sh", "-c", script],
      ...{ env, stdin: "piped", stdout: "piped", stderr: "piped" },
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#stdout = this.#process.stdout.getReader();
    this.#reading = stderrIsRead
      ? collect(this.#process.stderr.getReader(), (text) => this.stderr += text)
      : this.#process.status.then(() => this.#process.stderr.cancel());
  }

  get pid(): number {
    return this.#process.pid;
  }

  get child(): number {
    return Number(/child (\d+)/.exec(this.stderr)?.[1]);
  }

  /** Begins to read the shim's stdout. */
  listen(): this {
    this.#listening = collect(this.#stdout, (text) => this.stdout += text);
    return this;
  }
  async up(): Promise<this> {
    await eventually("the shim is up", () => this.child > 0);
    return this;
  }

  async send(bytes: Uint8Array): Promise<void> {
    await this.#writer.write(bytes);
  }

  /** Writes until the shim takes no more for a while; gives how much it took, at most `max`. */
  async flood(chunk: Uint8Array, max: number): Promise<number> {
    for (let sent = 0;; sent += chunk.length) {
      let taken = false;
      const written = this.#writer.write(chunk).then(() => taken = true);
      await atMost(written, { ms: 300, timers: systemTimers });
      if (!taken || sent >= max) return sent;
    }
  }

  signal(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  closeStdin(): Promise<void> {
    return this.#writer.close();
  }

  /** Waits for the end and tidies up. */
  async ended(): Promise<number> {
    await atMost(this.#process.status, { ms: 10_000, timers: systemTimers });
    const late = runs(this.pid);
    if (late) this.#process.kill("SIGKILL");
    const { code } = await this.#process.status;
    equal(late, false, "it does not end");
    await this.#writer.abort().catch(() => {});
    if (this.#listening === undefined) await this.#stdout.cancel();
    else await this.#listening;
    await this.#reading;
    return code;
  }
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  take: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    take(decoder.decode(value, { stream: true }));
  }
}

Deno.test("A shim process passes messages and ends with the code of its child", async () => {
  const shim = await new Shim("cat; exit 3").listen().up();
  await shim.send(bytesOf('{"id":1,"method":"m"}\n'));
  await eventually("it came back", () => shim.stdout === '{"id":1,"method":"m"}\n');
  await shim.closeStdin();
  equal(await shim.ended(), 3);
});

Deno.test("A shim process ends with its child although the client's pipe stays open", async () => {
  const shim = await new Shim("exit 7", { env: { LINGER: "1" } }).listen().up();
  equal(await shim.ended(), 7);
});

Deno.test("A shim process ends with its child on SIGINT, SIGTERM and SIGHUP", async () => {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  await Promise.all(signals.map(async (signal) => {
    const shim = await new Shim("trap 'exit 5' TERM; echo '{}'; while :; do sleep 0.01; done")
      .listen().up();
    await eventually("the child is up", () => shim.stdout === "{}\n");
    shim.signal(signal);
    equal(await shim.ended(), 5, signal);
    equal(runs(shim.child), false);
  }));
});

Deno.test("A shim process that is killed leaves a child that hears the end of its stdin", async () => {
  const shim = await new Shim("cat >/dev/null; exit").up();
  shim.signal("SIGKILL");
  equal(await shim.ended(), 137);
  await eventually("the child is gone", () => !runs(shim.child));
});

Deno.test("A shim process stays small while its child never reads", async () => {
  const shim = await new Shim("exec sleep 300").up();
  const line = bytesOf(`{"method":"m","x":"${"x".repeat(60_000)}"}\n`);
  const taken = await shim.flood(line, 100 * MB);
  ok(taken < 2 * MB, `${taken} bytes`);
  ok(peakMemory(shim.pid) < 120 * MB, `${peakMemory(shim.pid)} bytes`);
  shim.signal("SIGTERM");
  equal(await shim.ended(), 143);
});

Deno.test("A shim process stays small while its child floods a client that never reads", async () => {
  const shim = await new Shim(`exec yes '{"noise":"${"n".repeat(1000)}"}'`).up();
  await new Promise((resolve) => setTimeout(resolve, 700));
  ok(peakMemory(shim.pid) < 120 * MB, `${peakMemory(shim.pid)} bytes`);
  shim.signal("SIGTERM");
  equal(await shim.ended(), 143);
});

Deno.test("A shim process answers a line of 200 MB with its id and stays small", async () => {
  const rest = new Uint8Array(MB).fill(120);
  for (const where of ["first", "last"]) {
    const shim = await new Shim("cat", { maxLineBytes: 2 * MB }).listen().up();
    const envelope = `"jsonrpc":"2.0","id":"${where}","method":"tools/call"`;
    await shim.send(bytesOf(where === "first" ? `{${envelope},"x":"` : `{"x":"`));
    for (let i = 0; i < 200; i++) {
      await shim.send(rest);
      if (where === "first" && i === 20) {
        await eventually("it is answered before its end", () => shim.stdout.endsWith("\n"));
      }
    }
    await shim.send(bytesOf((where === "first" ? `"}` : `",${envelope}}`) + '\n{"next":1}\n'));
    await eventually("the next one passes", () => shim.stdout.endsWith('{"next":1}\n'));
    const [answer = ""] = shim.stdout.split("\n");
    const { id, error } = JSON.parse(answer);
    deepEqual([id, error.code], [where, -31413]);
    ok(peakMemory(shim.pid) < 150 * MB, `${peakMemory(shim.pid)} bytes`);
    await shim.closeStdin();
    equal(await shim.ended(), 0);
  }
});

Deno.test("A shim process passes 10 MiB there and back within 250 MiB", async () => {
  const shim = await new Shim("cat", { maxLineBytes: 100 * MB }).listen().up();
  const line = bytesOf(`{"id":1,"method":"m","text":"${"0123456789abcdef".repeat(640 * 1024)}"}\n`);
  for (let i = 1; i <= 3; i++) {
    await shim.send(line);
    await eventually("it came back", () => shim.stdout.length === i * line.length);
  }
  ok(peakMemory(shim.pid) <= 250 * 1024 * 1024, `${peakMemory(shim.pid)} bytes`);
  await shim.closeStdin();
  equal(await shim.ended(), 0);
});

Deno.test("A shim process is not stopped by a stderr that nobody reads", async () => {
  const script = "yes noise | head -c 3000000 >&2; cat";
  const shim = new Shim(script, { stderrIsRead: false }).listen();
  await shim.send(bytesOf('{"id":1,"method":"m"}\n'));
  await eventually("it came back", () => shim.stdout === '{"id":1,"method":"m"}\n');
  await shim.closeStdin();
  equal(await shim.ended(), 0);
});
