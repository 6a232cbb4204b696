/**
 * Programs that listen on a loopback port, for as long as a scope lasts.
 * @module
 */

/** A program that listens; it is stopped when its scope ends. */
export interface Listening extends AsyncDisposable {
  /** Its process. */
  readonly pid: number;
  /** What it has written on stderr. */
  stderr(): string;
  /** Asks it to end (SIGTERM), gives its exit code. */
  stop(): Promise<number>;
}

/** How a program is started. */
export interface Program {
  /** The command line, program first. */
  readonly argv: readonly string[];
  /** The port it is told to listen on. */
  readonly port: number;
  /** More of its environment. */
  readonly env?: Record<string, string>;
}

const START_MS = 20_000;
const STOP_MS = 10_000;

/**
 * Starts a program and waits until it listens.
 *
 * @throws {Error} when it ends before, or does not listen in 20 s; with what it said.
 */
export async function startListening({ argv, port, env = {} }: Program): Promise<Listening> {
  const [program = "", ...args] = argv;
  const child = new Deno.Command(program, {
    args,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let said = "";
  const heard = child.stderr.pipeThrough(new TextDecoderStream())
    .pipeTo(new WritableStream({ write: (text) => void (said += text) }));
  let stopped: Promise<number> | undefined;
  const stop = () => stopped ??= Promise.all([ended(child), heard]).then(([code]) => code);
  try {
    await listens(port, child);
  } catch (cause) {
    await stop();
    throw new Error(`Cannot start ${argv.join(" ")}: ${said}`, { cause });
  }
  return {
    pid: child.pid,
    stderr: () => said,
    stop,
    [Symbol.asyncDispose]: async () => void await stop(),
  };
}

/** A loopback port that nobody listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until somebody listens on the port, for as long as the child runs. */
async function listens(port: number, child: Deno.ChildProcess): Promise<void> {
  let code: number | undefined;
  child.status.then((status) => code = status.code);
  for (const start = performance.now(); performance.now() - start < START_MS;) {
    if (code !== undefined) throw new Error(`It ended with ${code}`);
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`It did not listen in ${START_MS} ms`);
}

/** Ends a child, by force when asking does not help. */
async function ended(child: Deno.ChildProcess): Promise<number> {
  const signal = (name: Deno.Signal) => {
    try {
      child.kill(name);
    } catch {
      // It has ended by itself.
    }
  };
  signal("SIGTERM");
  const timer = setTimeout(() => signal("SIGKILL"), STOP_MS);
  try {
    return (await child.status).code;
  } finally {
    clearTimeout(timer);
  }
}
