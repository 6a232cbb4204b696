/**
 * The child process behind us: spawned from an argv, never by a shell, in a process group of its own.
 * @module
 */

import { AegisError } from "../../base/error.ts";
import { printable } from "../../base/log.ts";
import { type ByteReader, streamReader } from "./reader.ts";
import type { ByteSink } from "./writer.ts";

/** What to start. */
export interface ChildOptions {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** All of the child's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Its working folder; ours by default. */
  readonly cwd?: string;
}

/** How a child ended. */
export interface ExitStatus {
  /** 128 + n when a signal ended it. */
  readonly code: number;
  readonly signal: string | undefined;
}

/** What we report of a child that even SIGKILL does not end: 128 + 9. */
export const KILLED: ExitStatus = { code: 137, signal: "SIGKILL" };

/** How a child ended, in words that follow "the server". */
export function ending({ code, signal }: ExitStatus): string {
  return signal === undefined ? `ended with exit code ${code}` : `was ended by ${signal}`;
}

/** What to call a server without a name: its program's file name. */
export function programName([command = "server"]: readonly string[]): string {
  return command.split(/[\\/]/).at(-1) || "server";
}

/** A running child. */
export interface Child {
  readonly pid: number;
  readonly stdin: ByteSink;
  readonly stdout: ByteReader;
  readonly stderr: ByteReader;
  /** Fulfilled when the child itself has ended; others of its group may live on. */
  readonly exited: Promise<ExitStatus>;
  /** Sends a signal to every process of the child's group. */
  signal(signal: "SIGTERM" | "SIGKILL"): void;
  /** Tells whether a process of the child's group is left (a dead one that nobody waited for counts). */
  groupLives(): boolean;
}

/** A target that cannot be started. */
export class SpawnError extends AegisError {
  /** What to do. */
  readonly hint: string;

  constructor(
    code: "command-missing" | "command-not-executable" | "bad-cwd" | "cannot-start",
    message: string,
    { hint, cause }: { readonly hint: string; readonly cause: unknown },
  ) {
    super(code, message, { cause });
    this.name = "SpawnError";
    this.hint = hint;
  }
}

/**
 * Starts a child.
 *
 * @throws {SpawnError} `command-missing`, `command-not-executable`, `bad-cwd`, or `cannot-start`.
 */
export function spawnChild({ argv, env, cwd }: ChildOptions): Child {
  const [command = "", ...args] = argv;
  const windows = Deno.build.os === "windows";
  let process: Deno.ChildProcess;
  try {
    process = new Deno.Command(command, {
      args,
      env: { ...env },
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      detached: !windows, // a process group of its own; on Windows it would lose its console
      ...(cwd === undefined ? {} : { cwd }),
    }).spawn();
  } catch (cause) {
    throw explain(cause, { command, cwd });
  }
  return {
    pid: process.pid,
    stdin: streamSink(process.stdin),
    stdout: streamReader(process.stdout),
    stderr: streamReader(process.stderr),
    exited: process.status.then(({ code, signal }) => ({ code, signal: signal ?? undefined })),
    signal: (signal) => signalGroup(process, signal),
    groupLives: () => !windows && signalGroup(process, "SIGCONT"),
  };
}

/** Sends to the group; false when it has no process left. SIGCONT wakes a stopped one, which has to hear SIGTERM. */
function signalGroup(process: Deno.ChildProcess, signal: Deno.Signal): boolean {
  try {
    if (Deno.build.os !== "windows") {
      Deno.kill(-process.pid, signal);
      return true;
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // Without the full run permission, or when a member changed its user, the child itself is left.
  }
  try {
    process.kill(signal);
    return true;
  } catch {
    return false; // it has ended
  }
}

function streamSink(stream: WritableStream<Uint8Array>): ByteSink {
  const writer = stream.getWriter();
  writer.closed.catch(() => {}); // `write` tells it
  return {
    write: (bytes) => writer.write(bytes),
    close: () => writer.close().catch(() => {}), // the child has closed its end
  };
}

function explain(
  cause: unknown,
  { command, cwd }: { readonly command: string; readonly cwd: string | undefined },
): SpawnError {
  const name = printable(command);
  if (cwd !== undefined && !isFolder(cwd)) {
    return new SpawnError(
      "bad-cwd",
      `Cannot start "${name}": the working folder "${printable(cwd)}" is no folder`,
      { hint: "create the folder or give another", cause },
    );
  }
  if (cause instanceof Deno.errors.NotFound) {
    const hint = command === ""
      ? "give the server's command after --target or --"
      : exists(command)
      ? "the file is there; the interpreter that its first line names is not"
      : /\s/.test(command)
      ? "a command after -- is taken word by word: leave out the quotes around the whole"
      : /[\\/]/.test(command)
      ? "check the path"
      : "check the spelling, and that PATH names the folder of the program";
    return new SpawnError(
      "command-missing",
      `Cannot start "${name}": the command was not found`,
      { hint, cause },
    );
  }
  if (cause instanceof Deno.errors.NotCapable) {
    return new SpawnError(
      "cannot-start",
      `Cannot start "${name}": this process may not run it`,
      { hint: "allow it with --allow-run", cause },
    );
  }
  if (cause instanceof Deno.errors.PermissionDenied) {
    return new SpawnError(
      "command-not-executable",
      `Cannot start "${name}": it is not executable`,
      { hint: `chmod +x it, or name its interpreter first`, cause },
    );
  }
  const why = cause instanceof Error ? printable(cause.message) : "the system refused";
  return new SpawnError("cannot-start", `Cannot start "${name}": ${why}`, {
    hint: "run the command by itself to see whether it starts",
    cause,
  });
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // missing, or not ours to see: the child could not enter it either
  }
}

function exists(path: string): boolean {
  try {
    return /[\\/]/.test(path) && Deno.statSync(path).isFile;
  } catch {
    return false; // missing, or not ours to see
  }
}
