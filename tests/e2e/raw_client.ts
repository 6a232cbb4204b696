/**
 * A client that sends any bytes and sees every line: for what no decent client would do.
 * @module
 */

import assert from "node:assert/strict";
import { type Launch, within } from "./harness.ts";

/** A message as JSON. */
export interface RawMessage {
  readonly jsonrpc: string;
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data?: Record<string, unknown>;
  };
}

/** Params of a legacy handshake. */
export const HANDSHAKE = {
  protocolVersion: "2025-06-18",
  capabilities: {},
  clientInfo: { name: "raw", version: "1.0.0" },
};

/** A running server (or shim before one) with its pipes. */
export class RawClient implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #done: Promise<unknown>;
  readonly #waiting: (() => void)[] = [];
  #inputOpen = true;
  #ended = false;
  #nextId = 1;
  /** Every message that came, in order. */
  readonly messages: RawMessage[] = [];
  /** What it wrote on stderr. */
  stderr = "";
  /** Its exit code, once it ends. */
  readonly exit: Promise<number>;

  /** With `read: false` its stdout is left unread until the end. */
  constructor({ command, args, env = {}, cwd }: Launch, { read = true } = {}) {
    this.#child = new Deno.Command(command, {
      args: [...args],
      env: { ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.exit = this.#child.status.then(({ code }) => code);
    const out = read ? this.#readMessages() : this.exit.then(() => this.#child.stdout.cancel());
    this.#done = Promise.all([out, this.#readStderr(), this.exit]);
    this.#done.catch(() => "thrown when the scope ends");
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Sends text or bytes as they are, or a message as one line. */
  async send(what: string | Uint8Array<ArrayBuffer> | object): Promise<void> {
    if (what instanceof Uint8Array) return await this.#writer.write(what);
    const text = typeof what === "string" ? what : `${JSON.stringify(what)}\n`;
    await this.#writer.write(new TextEncoder().encode(text));
  }

  /** Sends a request and gives its answer. */
  async request(method: string, params: object = {}, ms = 15_000): Promise<RawMessage> {
    const id = this.#nextId++;
    await this.send({ jsonrpc: "2.0", id, method, params });
    return await this.answer(id, ms);
  }

  /** Calls a tool and gives the answer. */
  call(name: string, args: object = {}, ms?: number): Promise<RawMessage> {
    return this.request("tools/call", { name, arguments: args }, ms);
  }

  /** Does the legacy handshake. */
  async initialize(capabilities: object = {}): Promise<RawMessage> {
    const answer = await this.request("initialize", { ...HANDSHAKE, capabilities });
    await this.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    return answer;
  }

  /** The answer with this id. */
  answer(id: string | number | null, ms = 15_000): Promise<RawMessage> {
    return this.until(
      `an answer to ${JSON.stringify(id)}`,
      (message) => message.id === id && message.method === undefined,
      ms,
    );
  }

  /** The first message, old or new, that fits. */
  async until(
    what: string,
    fits: (message: RawMessage) => boolean,
    ms = 15_000,
  ): Promise<RawMessage> {
    const look = async () => {
      for (let seen = 0;;) {
        for (; seen < this.messages.length; seen++) {
          const message = this.messages[seen];
          if (message !== undefined && fits(message)) return message;
        }
        if (this.#ended) throw new Error(`stdout ended without ${what}; stderr: ${this.stderr}`);
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    };
    return await within(ms, `Waiting for ${what}`, look());
  }

  /** Closes its stdin, as a client that leaves does. */
  async closeInput(): Promise<void> {
    if (!this.#inputOpen) return;
    this.#inputOpen = false;
    try {
      await this.#writer.close();
    } catch {
      // It ended before us: its stdin is closed already.
    }
  }

  /** Sends a signal. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Closes stdin and waits for the end; kills what does not end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closing = this.closeInput();
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), 8_000);
    await this.#done;
    clearTimeout(killer);
    await closing;
  }

  async #readMessages(): Promise<void> {
    let rest: string[] = [];
    const lines = this.#child.stdout.pipeThrough(new TextDecoderStream("utf-8", { fatal: true }));
    try {
      for await (const text of lines) {
        const parts = text.split("\n");
        rest.push(parts.shift() ?? "");
        for (const part of parts) {
          this.#take(rest.join(""));
          rest = [part];
        }
        this.#wake();
      }
      assert.equal(rest.join(""), "", "stdout ends with a whole line");
    } finally {
      this.#ended = true;
      this.#wake();
    }
  }

  #take(line: string): void {
    const message: RawMessage = JSON.parse(line);
    assert.equal(message.jsonrpc, "2.0", `stdout carries only messages: ${line.slice(0, 200)}`);
    this.messages.push(message);
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #readStderr(): Promise<void> {
    const text = this.#child.stderr.pipeThrough(new TextDecoderStream());
    for await (const part of text) {
      if (this.stderr.length < 1_000_000) this.stderr += part;
    }
  }
}
