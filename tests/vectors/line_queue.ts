/**
 * Bytes in, whole lines or reads out: both ends of a pipe that lives in a test.
 * @module
 */

/** An endless buffer with a reader on one side. */
export class LineQueue {
  #bytes = new Uint8Array(0);
  #ended = false;
  #wake: () => void = () => {};

  /** Adds bytes. */
  push(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#bytes.length + bytes.length);
    all.set(this.#bytes);
    all.set(bytes, this.#bytes.length);
    this.#bytes = all;
    this.#wake();
  }

  /** No more bytes will come. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Reads as a file does; null at the end. */
  async read(into: Uint8Array): Promise<number | null> {
    while (this.#bytes.length === 0) {
      if (this.#ended) return null;
      await this.#more();
    }
    const taken = this.#bytes.subarray(0, into.length);
    into.set(taken);
    this.#bytes = this.#bytes.slice(taken.length);
    return taken.length;
  }

  /** All lines before the one whose JSON-RPC id is `id`, which is taken and left out. */
  async until(id: string): Promise<readonly Uint8Array[]> {
    const lines: Uint8Array[] = [];
    const mark = `"id":"${id}"`;
    for (;;) {
      const line = await this.#line();
      if (line.length < 200 && new TextDecoder().decode(line).includes(mark)) return lines;
      lines.push(line);
    }
  }

  async #line(): Promise<Uint8Array> {
    for (;;) {
      const at = this.#bytes.indexOf(10);
      if (at >= 0) {
        const line = this.#bytes.slice(0, at);
        this.#bytes = this.#bytes.slice(at + 1);
        return line;
      }
      if (this.#ended) throw new Error("The pipe ended before the line came");
      await this.#more();
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => this.#wake = resolve);
  }
}
