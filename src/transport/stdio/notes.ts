/**
 * Lines for people on stderr, written behind our back so that a client that never reads them
 * cannot stop us.
 * @module
 */

import { atMost, type Timers } from "./timers.ts";

/** What our stderr is: `Deno.stderr` fits. */
export interface NoteFile {
  /** Takes some of the bytes; gives how many. */
  write(bytes: Uint8Array): Promise<number>;
}

const MAX_WAITING_BYTES = 1024 * 1024;

/** An ordered, bounded queue of lines. What does not fit is counted, and told when there is room. */
export class NoteWriter {
  readonly #file: NoteFile;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #lost = 0;
  #running: Promise<void> | undefined;

  constructor(file: NoteFile) {
    this.#file = file;
  }

  /** Puts text in line, newline included. Never waits, never throws. */
  write(text: string): void {
    const bytes = new TextEncoder().encode(text);
    if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#lost++;
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#running ??= this.#run();
  }

  /** Waits until all is written, but no longer than `ms`. */
  async flush(limit: { readonly ms: number; readonly timers: Timers }): Promise<void> {
    if (this.#running !== undefined) await atMost(this.#running, limit);
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = join(this.#waiting, this.#waitingBytes);
        this.#waiting = [];
        for (let at = 0; at < batch.length;) at += await this.#file.write(batch.subarray(at));
        this.#waitingBytes -= batch.length;
        if (this.#lost > 0) this.#confess();
      }
    } catch {
      this.#waiting = []; // stderr is closed: nobody reads it, and nobody misses it
      this.#waitingBytes = 0;
    } finally {
      this.#running = undefined;
    }
  }

  #confess(): void {
    const note = `mcp-aegis: warning: ${this.#lost} lines are missing here: stderr was not read\n`;
    this.#lost = 0;
    const bytes = new TextEncoder().encode(note);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
