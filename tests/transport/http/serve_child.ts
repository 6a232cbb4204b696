/**
 * `mcp-aegis serve` as a process of its own.
 * @module
 */

const MAIN = new URL("../../../src/cli/main.ts", import.meta.url).pathname;

const POLICY = `
version: "1"
principals:
  tester: { roles: [], tools: [{ pattern: "good", actions: [read, execute] }] }
`;

/** A process that serves. */
export class ServeChild implements AsyncDisposable {
  /** All that it said on stderr. */
  said = "";
  readonly #process: Deno.ChildProcess;
  readonly #dir: string;
  readonly #reading: Promise<void>;
  #onSaid: (() => void) | undefined;

  private constructor(process: Deno.ChildProcess, dir: string) {
    this.#process = process;
    this.#dir = dir;
    this.#reading = this.#read();
  }

  /** Starts it in front of an upstream, on free ports. */
  static async start(
    upstream: string,
    { flags = [], env = {} }: {
      readonly flags?: readonly string[];
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<ServeChild> {
    const dir = await Deno.makeTempDir();
    await Deno.writeTextFile(`${dir}/policy.yaml`, POLICY);
    const process = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-check", MAIN, "serve", "--upstream", upstream, "--port", "0"],
        ...["--policy", `${dir}/policy.yaml`, "--principal", "tester", "--pins", "none"],
        ...["--audit", `${dir}/audit.jsonl`, "--admin-port", "0", ...flags],
      ],
      env: { ...env, NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    return new ServeChild(process, dir);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Its own exit code. */
  get status(): Promise<Deno.CommandStatus> {
    return this.#process.status;
  }

  /** Waits until it has said something, or has ended. */
  async until(pattern: RegExp): Promise<RegExpExecArray | null> {
    for (;;) {
      const found = pattern.exec(this.said);
      if (found !== null) return found;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onSaid = resolve;
      const ended = await Promise.race([promise.then(() => false), this.#reading.then(() => true)]);
      if (ended) return pattern.exec(this.said);
    }
  }

  /** The ports it listens on, once it does. */
  async ports(): Promise<{ readonly port: number; readonly admin: number }> {
    const found = await this.until(
      /listening on https?:\/\/[^:]+:(\d+),[^\n]*monitoring on http:\/\/127\.0\.0\.1:(\d+)/,
    );
    if (found === null) throw new Error(`It does not listen: ${this.said}`);
    return { port: Number(found[1]), admin: Number(found[2]) };
  }

  signal(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** What it wrote down. */
  async audit(): Promise<string> {
    return await Deno.readTextFile(`${this.#dir}/audit.jsonl`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.#process.status;
    await this.#reading;
    await Deno.remove(this.#dir, { recursive: true });
  }

  async #read(): Promise<void> {
    for await (const text of this.#process.stderr.pipeThrough(new TextDecoderStream())) {
      this.said += text;
      this.#onSaid?.();
    }
    this.#onSaid?.();
  }
}
