/**
 * Transcripts: what a person types and what the program answers, as committed text.
 *
 * `$ NAME=VALUE mcp-aegis ARGS` is the command, `> ` a line of stdin, `| ` one of stdout, `! ` one of
 * stderr, `= ` the exit code, `# ` a remark. Stdin ends when every request in it was answered. `UPDATE_TRANSCRIPTS=1 deno test -A tests/cli` writes what is answered
 * into the files; read the difference before you commit it.
 * @module
 */

import { VERSION } from "../../src/cli/version.ts";

/** One command and its answer. */
export interface Exchange {
  readonly remarks: readonly string[];
  readonly command: string;
  readonly input: readonly string[];
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

/** What the program itself needs, and one variable that no server gets. */
const BASE_ENVIRONMENT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["PATH", "HOME", "TMPDIR", "DENO_DIR", "DENO_COVERAGE_DIR"].flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  ),
  PRIVATE_TOKEN: "secret",
};

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
      input: marked(">"),
      answer: { out: marked("|").join("\n"), err: marked("!").join("\n"), exit: Number(exit) },
    };
  });
}

/** Prints a transcript. */
export function printTranscript(exchanges: readonly Exchange[]): string {
  const marked = (mark: string, text: string) =>
    text === "" ? [] : text.split("\n").map((line) => `${mark} ${line}`.trimEnd());
  return exchanges.map(({ remarks, command, input, answer }) =>
    [
      ...remarks.map((remark) => `# ${remark}`),
      `$ ${command}`,
      ...input.map((line) => `> ${line}`),
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
      done[i] = { ...exchange, answer: await run(exchange, cwd) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

/** Runs one command line as a child of its own. */
async function run({ command, input }: Exchange, cwd: string): Promise<Answer> {
  const words = splitWords(command);
  const start = words.indexOf("mcp-aegis");
  const env = Object.fromEntries(
    words.slice(0, start).map((word) => {
      const at = word.indexOf("=");
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, ...words.slice(start + 1)],
    cwd,
    clearEnv: true,
    env: { ...BASE_ENVIRONMENT, XDG_STATE_HOME: `${cwd}/state`, ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(CHILD_TIMEOUT_MS),
  }).spawn();
  const stdin = child.stdin.getWriter();
  const expected = input.filter((line) => line.includes('"id"')).length;
  const close = () => stdin.close().catch(() => {}); // it may have ended before
  if (expected === 0) await close();
  else await stdin.write(new TextEncoder().encode(input.join("\n") + "\n")).catch(() => {});
  const [out, err, { code }] = await Promise.all([
    readAll(child.stdout, (text) => text.split("\n").length > expected && close()),
    readAll(child.stderr),
    child.status,
  ]);
  await close();
  return { out: normalise(out, cwd), err: normalise(err, cwd), exit: code };
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  onText: (all: string) => unknown = () => {},
): Promise<string> {
  let all = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    all += text;
    onText(all);
  }
  return all;
}

/** Removes what differs from run to run: the folder, the version, times and random names. */
function normalise(text: string, cwd: string): string {
  return text
    .replaceAll(cwd, "{dir}")
    .replaceAll(VERSION, "{version}")
    .replace(/(environment not passed to the server): .*/g, "$1: {names}")
    .replace(/"steps":\{[^{}]*\}/g, '"steps":{us}')
    .replace(/\d{8}T\d{6}(?:\.\d+)?Z?-[\w-]+/g, "{run}")
    .replace(/\b[0-9a-f]{64}\b/g, "{sha256}")
    .replace(/\b[0-9a-f]{32}\b/g, "{trace}")
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "{uuid}")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]{8,12}Z/g, "{time}")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n$/, "");
}

/** Words with single and double quotes, as the shell reads them; no expansion. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_all, double, single) => double ?? single)
  );
}
