/**
 * The upstream of a case over Streamable HTTP: it notes what reaches it, and says what the case says.
 * @module
 */

/** A stream that it writes on. */
interface Open {
  /** Ids of the requests that it answers; none for the one that no request has opened. */
  readonly ids: readonly unknown[];
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
}

/** A recording upstream on a free port. */
export class HttpUpstream implements AsyncDisposable {
  /** The bodies that reached it. */
  readonly seen: Uint8Array[] = [];
  readonly url: URL;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #open: Open[] = [];
  #markers = 0;

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
    this.url = new URL(`http://127.0.0.1:${this.#server.addr.port}/mcp`);
  }

  /** Whether a stream is open on which a message of its own could go. */
  get canSpeak(): boolean {
    return this.#open.length > 0;
  }

  /**
   * Writes a frame, and a comment after it that its reader can wait for. It goes on the stream of the
   * request whose id it has, else on the newest; an answer is the last of its stream.
   */
  send(frame: Uint8Array): { readonly marker: string } {
    const ids = idsOf(frame, isAnswer);
    const stream = this.#open.find((each) => each.ids.some((id) => ids.includes(id))) ??
      this.#open.at(-1);
    if (stream === undefined) throw new Error("There is no stream to write on");
    const marker = `marker-${this.#markers++}`;
    stream.controller.enqueue(event(frame));
    stream.controller.enqueue(new TextEncoder().encode(`: ${marker}\n\n`));
    if (stream.ids.some((id) => ids.includes(id))) this.#end(stream);
    return { marker };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of [...this.#open]) this.#end(stream);
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    if (request.method === "GET") return this.#stream([]);
    if (request.method === "DELETE") return new Response(null);
    const body = await request.bytes();
    this.seen.push(body);
    const ids = idsOf(body, isRequest);
    return ids.length === 0 ? new Response(null, { status: 202 }) : this.#stream(ids);
  }

  #stream(ids: readonly unknown[]): Response {
    let opened: Open | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        opened = { ids, controller };
        this.#open.push(opened);
      },
      cancel: () => {
        if (opened !== undefined) this.#open.splice(this.#open.indexOf(opened), 1);
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  #end(stream: Open): void {
    this.#open.splice(this.#open.indexOf(stream), 1);
    stream.controller.close();
  }
}

/** The frame as the data of one event; a frame is one line. */
function event(frame: Uint8Array): Uint8Array {
  const [head, tail] = [new TextEncoder().encode("data: "), new Uint8Array([10, 10])];
  return new Uint8Array([...head, ...frame, ...tail]);
}

/** A message of a frame, as far as these files look at it. */
export interface Looked {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: { readonly name?: unknown; readonly uri?: unknown; readonly _meta?: object };
}

/** The messages of a frame; none when it is no JSON. */
export function messagesOf(frame: Uint8Array): readonly Looked[] {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(frame));
    return [value].flat().filter((each) => typeof each === "object" && each !== null);
  } catch {
    return []; // many cases are about what is no JSON
  }
}

/** Whether a message wants an answer. */
export function isRequest({ id, method }: Looked): boolean {
  return id !== undefined && typeof method === "string";
}

function isAnswer({ id, method }: Looked): boolean {
  return id !== undefined && method === undefined;
}

function idsOf(frame: Uint8Array, which: (message: Looked) => boolean): readonly unknown[] {
  return messagesOf(frame).filter(which).map(({ id }) => id);
}
