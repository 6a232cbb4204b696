/**
 * Transcripts: what a person types and what the program answers, as committed text.
 *
 * `$ NAME=VALUE mcp-aegis ARGS` is the command, `| ` a line of stdout, `! ` one of stderr, `= ` the
 * exit code, `# ` a remark. `UPDATE_TRANSCRIPTS=1 deno test -A tests/cli` writes what is answered
 * into the files; read the difference before you commit it.
 * @module
 */

import { VERSION } from "../../src/cli/version.ts";

/** One command and its answer. */
export interface Exchange {
  readonly remarks: readonly string[];
  readonly command: string;
  readonly answer: Answer;
}

/** What the program did. */
export interface Answer {
  readonly out: string;
  readonly err: string;
  readonly exit: number;
}

const MAIN = new URL("../../src/cli/main.ts", import.meta.url).pathname;
const CHILD_TIMEOUT_MS = 60_000;
const AT_ONCE = 3;

/** Reads a transcript. */
export function parseTranscript(text: string): Exchange[] {
  return text.split(/\n{2,}/).map((block) => block.trim()).filter(Boolean).map((block) => {
    const lines = block.split("\n");
    const marked = (mark: string) =>
      lines.filter((line) => line === mark || line.startsWith(`${mark} `)).map((line) =>
        line.slice(2)
      );
    const [command] = marked("$");
    if (command === undefined) {
      throw new Error(`A block of the transcript has no command: ${block}`);
    }
    const [exit] = marked("=");
    return {
      remarks: marked("#"),
      command,
      answer: { out: marked("|").join("\n"), err: marked("!").join("\n"), exit: Number(exit) },
    };
  });
}

/** Prints a transcript. */
export function printTranscript(exchanges: readonly Exchange[]): string {
  const marked = (mark: string, text: string) =>
    text === "" ? [] : text.split("\n").map((line) => `${mark} ${line}`.trimEnd());
  return exchanges.map(({ remarks, command, answer }) =>
    [
      ...remarks.map((remark) => `# ${remark}`),
      `$ ${command}`,
      ...marked("|", answer.out),
      ...marked("!", answer.err),
      `= ${answer.exit}`,
    ].join("\n")
  ).join("\n\n") + "\n";
}

/** Runs every command in `cwd`, some at once. */
export async function replay(exchanges: readonly Exchange[], cwd: string): Promise<Exchange[]> {
  const done: Exchange[] = [];
  const waiting = exchanges.entries();
  const worker = async () => {
    for (const [i, exchange] of waiting) {
      done[i] = { ...exchange, answer: await run(exchange.command, cwd) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

/** Runs one command line as a child of its own. */
export async function run(commandLine: string, cwd: string): Promise<Answer> {
  const words = splitWords(commandLine);
  const start = words.indexOf("mcp-aegis");
  const env = Object.fromEntries(
    words.slice(0, start).map((word) => {
      const at = word.indexOf("=");
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, ...words.slice(start + 1)],
    cwd,
    env: { XDG_STATE_HOME: `${cwd}/state`, ...env },
    stdin: "null",
    signal: AbortSignal.timeout(CHILD_TIMEOUT_MS),
  }).output();
  return { out: normalise(stdout, cwd), err: normalise(stderr, cwd), exit: code };
}

/** Removes what differs from run to run: the folder, the version, times and random names. */
function normalise(bytes: Uint8Array, cwd: string): string {
  return new TextDecoder().decode(bytes)
    .replaceAll(cwd, "{dir}")
    .replaceAll(VERSION, "{version}")
    .replace(/\d{8}T\d{6}(?:\.\d+)?Z?-[\w-]+/g, "{run}")
    .replace(/\b[0-9a-f]{64}\b/g, "{sha256}")
    .replace(/\d+(?:\.\d+)? ?ms\b/g, "{ms}")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n$/, "");
}

/** Words with single and double quotes, as the shell reads them; no expansion. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_all, double, single) => double ?? single)
  );
}
