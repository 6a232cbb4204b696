/**
 * What the transport's tests stand on: owned time, a client's ends of the pipes, and a small real
 * channel that forwards everything it can parse.
 * @module
 */

import type { Clock } from "../../src/base/clock.ts";
import type { Channel, Disposition, Envelope, IncomingFrame } from "../../src/gateway/channel.ts";
import { clear, type Cleared } from "../../src/gateway/clear.ts";
import type { ByteFile } from "../../src/transport/stdio/reader.ts";
import type { Signals } from "../../src/transport/stdio/signals.ts";
import type { Timers } from "../../src/transport/stdio/timers.ts";
import type { ByteSink } from "../../src/transport/stdio/writer.ts";

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Clears a JSON-RPC message. */
export function cleared(message: unknown): Cleared {
  return clear({ kind: "verbatim", bytes: bytesOf(JSON.stringify(message)) });
}

/** Clears bytes as they are. */
export function clearedBytes(bytes: Uint8Array): Cleared {
  return clear({ kind: "verbatim", bytes });
}

/** Time that stands still until it is told to go on. */
export class FakeTime implements Clock, Timers {
  #nowMs = 0;
  readonly #waiting = new Set<{ readonly atMs: number; readonly run: () => void }>();

  wallMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, run };
    this.#waiting.add(timer);
    return () => this.#waiting.delete(timer);
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Goes on by `ms`, running what falls due in its order. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#waiting].filter(({ atMs }) => atMs <= endMs);
      const [next] = due.sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#waiting.delete(next);
      this.#nowMs = next.atMs;
      next.run();
    }
    this.#nowMs = endMs;
  }

  /** Goes on by `ms` in small steps, letting promises and children get a word in. */
  async pass(ms: number, stepMs = 10): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.advance(stepMs);
      await settle();
    }
  }
}

/** Lets everything that is ready happen. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Waits for something that real processes bring about; fails after ten seconds. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`it never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A client's end of our stdin. */
export class ClientInput implements ByteFile {
  #chunks: Uint8Array[] = [];
  #ended = false;
  #wake = () => {};
  /** Bytes that were read from it. */
  taken = 0;
  closed = false;

  send(...messages: readonly unknown[]): void {
    this.sendRaw(bytesOf(messages.map((message) => JSON.stringify(message) + "\n").join("")));
  }

  sendRaw(bytes: Uint8Array): void {
    if (bytes.length === 0) return; // read() would take it for the end
    this.#chunks.push(bytes);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  close(): void {
    this.closed = true;
    this.end();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#chunks.length === 0) {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const [chunk = new Uint8Array(0), ...others] = this.#chunks;
    const part = chunk.subarray(0, buffer.length);
    buffer.set(part);
    this.taken += part.length;
    this.#chunks = part.length < chunk.length ? [chunk.subarray(part.length), ...others] : others;
    return part.length;
  }
}

/** A client's end of our stdout. */
export class ClientOutput implements ByteSink {
  readonly #decoder = new TextDecoder();
  text = "";
  /** What a client does with bytes: takes them, takes its time, never takes them, or is gone. */
  mood: "reads" | "dawdles" | "sleeps" | "gone" = "reads";

  async write(bytes: Uint8Array): Promise<number> {
    switch (this.mood) {
      case "dawdles":
        await new Promise((resolve) => setTimeout(resolve, 10));
        this.text += this.#decoder.decode(bytes, { stream: true });
        return bytes.length;
      case "reads":
        this.text += this.#decoder.decode(bytes, { stream: true });
        return bytes.length;
      case "sleeps":
        return await new Promise(() => {});
      case "gone":
        throw new Deno.errors.BrokenPipe("Broken pipe");
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The complete lines so far, parsed. */
  get messages(): readonly Record<string, unknown>[] {
    return this.text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  }
}

/** Signals that a test sends. */
export class FakeSignals implements Signals {
  readonly #handlers = new Set<(signal: Deno.Signal) => void>();

  listen(handler: (signal: Deno.Signal) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  send(signal: Deno.Signal): void {
    for (const handler of this.#handlers) handler(signal);
  }

  get listening(): boolean {
    return this.#handlers.size > 0;
  }
}

/**
 * A channel that forwards what parses as an object, answers requests for the method `deny` itself,
 * drops everything else, and knows which requests wait.
 */
export class OpenDoor implements Channel {
  readonly waiting = new Set<unknown>();
  readonly oversize: IncomingFrame[] = [];
  dropped = 0;
  closed = 0;
  goneDetail: string | undefined;

  fromClient(frames: readonly IncomingFrame[]): readonly Disposition[] {
    return frames.flatMap((frame) => this.#frame(frame, "client"));
  }

  fromUpstream(frames: readonly IncomingFrame[]): readonly Disposition[] {
    return frames.flatMap((frame) => this.#frame(frame, "upstream"));
  }

  upstreamGone(detail: string): readonly Disposition[] {
    this.goneDetail = detail;
    const answers = [...this.waiting].map((id) => refusal(id, -31502, detail));
    this.waiting.clear();
    return answers;
  }

  close(): void {
    this.closed++;
  }

  #frame(frame: IncomingFrame, sender: "client" | "upstream"): readonly Disposition[] {
    if (!(frame instanceof Uint8Array)) {
      this.oversize.push(frame);
      return [refusal(frame.id ?? null, -31413, frame.limit)];
    }
    const message = parse(frame);
    if (message === undefined) {
      this.dropped++;
      return [{ kind: "drop" }];
    }
    const { id, method } = message;
    if (method === "deny") return [refusal(id, -31403, "no")];
    if (sender === "client" && id !== undefined) this.waiting.add(id);
    if (sender === "upstream") this.waiting.delete(id);
    return [{ kind: "forward", cleared: clearedBytes(frame), envelope: ENVELOPE }];
  }
}

function refusal(id: unknown, code: number, message: string): Disposition {
  return {
    kind: "answer",
    cleared: cleared({ jsonrpc: "2.0", id, error: { code, message } }),
    envelope: ENVELOPE,
    http: { status: 200 },
  };
}

function parse(frame: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(textOf(frame));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // not JSON: the channel drops it
  }
}

/** A process's peak resident set in bytes (Linux). */
export function peakMemory(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) * 1024;
}

/** True while a process runs; a dead one that nobody waited for does not. */
export function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return false; // gone
  }
}

const ENVELOPE: Envelope = { kind: "result", method: undefined, about: undefined, revision: null };
