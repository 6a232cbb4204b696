/**
 * The HTTP proxy and servers behind it as processes of their own, and a conversation that any
 * transport of the official clients can hold.
 * @module
 */

import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/types"
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { server } from "../../scripts/servers.ts";
import { deno, eventually, type Launch, ROOT, within } from "./harness.ts";
import { callAll, outcome, stable, type Transcript } from "./scenarios/calls.ts";

/** A program that listens; it is ended when its scope ends. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  /** Where it listens, without a path. */
  readonly origin: string;
  /** What it wrote on stderr. */
  stderr(): string;
  /** Sends a signal and gives the exit code. */
  end(signal?: Deno.Signal): Promise<number>;
}

/** What the clients' transports implement. */
export type Transport = Parameters<Client["connect"]>[0];

const START_MS = 20_000;
const END_MS = 15_000;

/** Starts `mcp-aegis serve` on a free port, for anybody as `tester`, with no grace at its end. */
export async function startServe(
  args: readonly string[],
  { command = ["serve"], policy = `${ROOT}policies/open.yaml` }: {
    readonly command?: readonly string[];
    readonly policy?: string;
  } = {},
): Promise<Running> {
  const launch = deno(
    "src/cli/main.ts",
    ...command,
    ...["--policy", policy, "--port", "0", "--principal", "tester", "--roles", "tester"],
    ...["--audit", "none", "--pins", "none"],
    ...args,
  );
  const env = { ...launch.env, AEGIS_TARGET_SHUTDOWN_TIMEOUT: "0" };
  return await start({ ...launch, env }, (said) => /listening on (http:\S+),/.exec(said)?.[1]);
}

/** Starts server-everything over HTTP. */
export async function startEverything(mode: "streamableHttp" | "sse"): Promise<Running> {
  const { command, args } = await server("everything");
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const origin = `http://127.0.0.1:${port}`;
  const launch = { command, args: args(mode), env: { PORT: `${port}` } };
  return await start(launch, (said) => /port \d+/.test(said) ? origin : undefined);
}

async function start(
  { command, args, env = {} }: Launch,
  originIn: (said: string) => string | undefined,
): Promise<Running> {
  const child = new Deno.Command(command, {
    args: [...args],
    env: { ...env },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let said = "";
  const heard = child.stderr.pipeThrough(new TextDecoderStream())
    .pipeTo(new WritableStream({ write: (text) => void (said += text) }));
  const ended = Promise.all([child.status, heard]).then(([{ code }]) => code);
  let isEnded = false;
  ended.then(() => isEnded = true);
  const end = async (signal: Deno.Signal = "SIGTERM") => {
    if (!isEnded) child.kill(signal);
    return await within(END_MS, "the end", ended);
  };
  try {
    const origin = await eventually("its start", () => {
      if (isEnded) throw new Error("it has ended");
      return originIn(said);
    }, START_MS);
    return {
      pid: child.pid,
      origin,
      stderr: () => said,
      end,
      [Symbol.asyncDispose]: async () => void await end(),
    };
  } catch (cause) {
    await end("SIGKILL");
    throw new Error(`Cannot start ${command} ${args.join(" ")}: ${said}`, { cause });
  }
}

/** A connected client and what it was asked; it leaves when its scope ends. */
export interface Talker extends AsyncDisposable {
  readonly client: Client;
  readonly asked: string[];
  readonly notified: string[];
}

/** Connects the official client (v1), which answers what it is asked. */
export async function connect(transport: Transport): Promise<Talker> {
  const asked: string[] = [];
  const notified: string[] = [];
  const client = new Client({ name: "e2e", version: "1.0.0" }, {
    capabilities: { sampling: {}, elicitation: { form: {} }, roots: { listChanged: true } },
  });
  client.setRequestHandler(CreateMessageRequestSchema, ({ method, params }) => {
    asked.push(method);
    const text = JSON.stringify(params.messages);
    return { model: "e2e", role: "assistant", content: { type: "text", text } };
  });
  client.setRequestHandler(ElicitRequestSchema, ({ method }) => {
    asked.push(method);
    return { action: "accept", content: { name: "Ada", integer: 7, number: 1.5 } };
  });
  client.setRequestHandler(ListRootsRequestSchema, ({ method }) => {
    asked.push(method);
    return { roots: [{ uri: "file:///e2e", name: "e2e" }] };
  });
  client.fallbackNotificationHandler = ({ method }) => {
    notified.push(method);
    return Promise.resolve();
  };
  await client.connect(transport);
  return { client, asked, notified, [Symbol.asyncDispose]: () => client.close() };
}

/** A conversation with server-everything: quick calls, progress, sampling, elicitation, roots, errors. */
export async function everythingTalk(transport: Transport): Promise<Transcript> {
  await using talker = await connect(transport);
  const { client, asked, notified } = talker;
  await eventually("the question for roots", () => asked.includes("roots/list"));
  // the tool for roots is registered once they are there
  await eventually("the log of it", () => notified.includes("notifications/message"));
  const { tools } = await client.listTools();
  const progress: unknown[] = [];
  const long = await client.callTool(
    { name: "trigger-long-running-operation", arguments: { duration: 0.8, steps: 4 } },
    undefined,
    { onprogress: (step) => progress.push(step) },
  );
  const calls = await callAll(client, [
    ["echo", { message: "héllo 😀 \u2028" }],
    ["get-sum", { a: 2, b: 40 }],
    ["get-structured-content", { location: "Chicago" }],
    ["get-tiny-image", {}],
    ["get-roots-list", {}],
    ["trigger-sampling-request", { prompt: "Say something", maxTokens: 5 }],
    ["trigger-elicitation-request", {}],
  ]);
  return stable({
    server: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    tools,
    long,
    // the client forgets who waits for progress with the result: the last step is a race
    progress: progress.slice(0, 3),
    calls,
    prompt: await client.getPrompt({ name: "args-prompt", arguments: { city: "Bern" } }),
    resource: await client.readResource({ uri: "demo://resource/dynamic/text/7" }),
    unknown: await outcome(client.getPrompt({ name: "no-such-prompt" })),
    asked: [...new Set(asked)].sort(),
  }, "/no/folder");
}
