/**
 * What a client sends on one connection, read no further than somebody wants it.
 * @module
 */

import type { Carrier } from "./carrier.ts";

/** Of most requests all is in the first of it. */
const FIRST_BYTES = 4 * 1024;
/** Of a long body so much is read at once. */
const CHUNK_BYTES = 64 * 1024;
const CR = 0x0d;
const LF = 0x0a;

/** A reader with one read under way at most. */
export class Intake {
  readonly #source: Pick<Carrier, "read">;
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_BYTES);
  #from = 0;
  #to = 0;
  #reading: Promise<boolean> | undefined;
  /** The last read brought all there was room for: a larger one pays. */
  #isFast = false;
  /** A read past the buffer, whose bytes somebody else waits for. */
  #passing: Promise<number | null> | undefined;

  constructor(source: Pick<Carrier, "read">) {
    this.#source = source;
  }

  /** Bytes that are here already. */
  get waiting(): number {
    return this.#to - this.#from;
  }

  /** Reads on. False at the end; rejects when the connection breaks. */
  more(): Promise<boolean> {
    this.#reading ??= this.#read().finally(() => this.#reading = undefined);
    return this.#reading;
  }

  /**
   * Takes what stands before a mark and the mark itself.
   *
   * @returns undefined at the end of the connection, `"long"` when there is no mark within `max` bytes.
   */
  async before(
    mark: "line" | "empty line",
    max: number,
    onBegin: () => void = () => {},
  ): Promise<Uint8Array | "long" | undefined> {
    const markBytes = mark === "line" ? 2 : 4;
    let searched = 0;
    for (;;) {
      if (this.waiting > 0) onBegin();
      const found = this.#find(mark, searched);
      if (found !== undefined && found <= max) {
        return this.#take(found, markBytes);
      }
      if (found !== undefined || this.waiting >= max + markBytes) return "long";
      searched = Math.max(0, this.waiting - 3);
      if (!await this.more()) return undefined;
    }
  }

  /** Takes up to `max` bytes; undefined at the end of the connection. */
  async some(max: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.waiting > 0) {
      const taken = this.#buffer.slice(this.#from, Math.min(this.#to, this.#from + max));
      this.#from += taken.length;
      return taken;
    }
    const isSmall = max < FIRST_BYTES || !this.#isFast;
    if (this.#reading !== undefined || this.#passing !== undefined || isSmall) {
      return await this.more() ? await this.some(max) : undefined;
    }
    const chunk = new Uint8Array(Math.min(max, CHUNK_BYTES));
    this.#passing = this.#source.read(chunk);
    const bytes = await this.#passing.finally(() => this.#passing = undefined);
    if (bytes === null) return undefined;
    this.#isFast = bytes >= FIRST_BYTES;
    // a few bytes must not keep the whole chunk alive
    return bytes < chunk.length / 2 ? chunk.slice(0, bytes) : chunk.subarray(0, bytes);
  }

  /** Throws away what is here and what comes next. False at the end. */
  drop(): Promise<boolean> {
    this.#from = this.#to;
    return this.more();
  }

  /** Takes exactly so many bytes if they are all here. */
  whole(bytes: number): Uint8Array<ArrayBuffer> | undefined {
    if (this.waiting < bytes) return undefined;
    const taken = this.#buffer.slice(this.#from, this.#from + bytes);
    this.#from += bytes;
    return taken;
  }

  /** Takes bytes that are here, as many as somebody wants who looks at them. */
  takeSome(wanted: (here: Uint8Array) => number): void {
    this.#from += wanted(this.#buffer.subarray(this.#from, this.#to));
  }

  async #read(): Promise<boolean> {
    await this.#passing;
    this.#makeRoom();
    const bytes = await this.#source.read(this.#buffer.subarray(this.#to));
    if (bytes === null) return false;
    this.#to += bytes;
    this.#isFast = this.#to === this.#buffer.length;
    return true;
  }

  #makeRoom(): void {
    const { waiting } = this;
    if (waiting === 0) {
      this.#from = this.#to = 0;
      // thousands of idle connections must not each keep room for a long head
      if (this.#buffer.length > FIRST_BYTES) this.#buffer = new Uint8Array(FIRST_BYTES);
    }
    if (this.#to < this.#buffer.length) return;
    const size = waiting * 2 > this.#buffer.length ? this.#buffer.length * 2 : this.#buffer.length;
    const roomy = new Uint8Array(size);
    roomy.set(this.#buffer.subarray(this.#from, this.#to));
    this.#buffer = roomy;
    this.#from = 0;
    this.#to = waiting;
  }

  #find(mark: "line" | "empty line", searched: number): number | undefined {
    const buffer = this.#buffer;
    const last = this.#to - (mark === "line" ? 2 : 4);
    for (let at = this.#from + searched; at <= last; at++) {
      at = buffer.indexOf(CR, at);
      if (at < 0 || at > last) return undefined;
      if (buffer[at + 1] !== LF) continue;
      if (mark === "line" || (buffer[at + 2] === CR && buffer[at + 3] === LF)) {
        return at - this.#from;
      }
    }
    return undefined;
  }

  #take(bytes: number, markBytes: number): Uint8Array {
    const taken = this.#buffer.slice(this.#from, this.#from + bytes);
    this.#from += bytes + markBytes;
    return taken;
  }
}
