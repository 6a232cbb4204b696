/**
 * A server that reads a request and breaks off, as a process that is killed in the middle of a call.
 * @module
 */

/** Listens until its scope ends. */
export class BreakingServer implements AsyncDisposable {
  /** The heads of the requests it has read. */
  readonly heads: string[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #ended: Promise<void>;

  constructor() {
    this.#ended = this.#serve();
  }

  /** Where it listens. */
  get host(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#ended;
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) {
      let said = "";
      const decoder = new TextDecoder();
      const buffer = new Uint8Array(64 * 1024);
      // the requests of its test have `{}` as their body
      while (!said.endsWith("\r\n\r\n{}")) {
        const read = await connection.read(buffer);
        if (read === null) break;
        said += decoder.decode(buffer.subarray(0, read));
      }
      if (said !== "") this.heads.push(said);
      connection.close();
    }
  }
}
