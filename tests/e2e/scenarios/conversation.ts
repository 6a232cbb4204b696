/**
 * One conversation for every client, transport and era: everything a server offers is used once.
 * @module
 */

import { eventually } from "../harness.ts";
import type { Speaker } from "../speakers.ts";
import { type Call, outcome, stable, type Transcript } from "./calls.ts";

/** What a conversation is about: what one server offers. */
export interface Topics {
  /** Calls of tools; those that are not listed are left out. */
  readonly calls: readonly Call[];
  /** A call that reports progress. */
  readonly progress: Call;
  /** A call that reports progress and takes too long; it is cancelled. */
  readonly endless: Call;
  readonly prompts: readonly {
    readonly name: string;
    readonly arguments?: Record<string, string>;
  }[];
  /** URIs that are read; some may not exist. */
  readonly reads: readonly string[];
  readonly completions: readonly Completion[];
  /** A call during which the server logs. */
  readonly log?: Call;
  /** A call that changes a resource. */
  readonly change?: { readonly uri: string; readonly call: Call };
  /** Whether the server asks when it likes: then how often and in which order says nothing. */
  readonly asksAtWill?: boolean;
}

type Completion = Parameters<Speaker["complete"]>[0];

/** Holds the conversation and writes down what came of each step. */
export async function converse(speaker: Speaker, topics: Topics): Promise<Transcript> {
  const tools = await speaker.listTools();
  const transcript = {
    about: speaker.about,
    tools,
    calls: await calls(speaker, topics.calls.filter(([name]) => listed(tools).includes(name))),
    progress: await progress(speaker, topics.progress),
    cancelled: await cancelled(speaker, topics.endless),
    log: topics.log && await logged(speaker, topics.log),
    change: topics.change && await changed(speaker, topics.change),
    prompts: await speaker.listPrompts(),
    got: await inTurn(topics.prompts, (prompt) => speaker.getPrompt(prompt)),
    resources: await speaker.listResources(),
    templates: await speaker.listResourceTemplates(),
    read: await inTurn(topics.reads, (uri) => speaker.readResource({ uri })),
    completed: await inTurn(topics.completions, (params) => speaker.complete(params)),
    unknownTool: await outcome(speaker.call("no_such_tool", {})),
    asked: topics.asksAtWill ? [...new Set(speaker.asked)].sort() : [...speaker.asked],
  };
  return stable(transcript, "/no/folder");
}

/** Names of the tools in a listing. */
export function listed(tools: unknown): string[] {
  const list = typeof tools === "object" && tools !== null && "tools" in tools
    ? tools.tools
    : tools;
  return Array.isArray(list) ? list.map(({ name }) => String(name)) : [];
}

function calls(speaker: Speaker, list: readonly Call[]): Promise<unknown[]> {
  return inTurn(list, async ([name, args]) => ({ name, ...await speaker.call(name, args) }));
}

async function inTurn<T>(list: readonly T[], work: (item: T) => Promise<unknown>) {
  const results: unknown[] = [];
  for (const item of list) results.push(await outcome(work(item)));
  return results;
}

async function progress(speaker: Speaker, [name, args]: Call): Promise<unknown> {
  const steps: unknown[] = [];
  const result = await speaker.call(name, args, { onprogress: (step) => steps.push(step) });
  // Clients forget who waits for progress with the result, so that the last step is a race.
  return { result, steps: steps.slice(0, 3) };
}

async function cancelled(speaker: Speaker, [name, args]: Call): Promise<unknown> {
  const controller = new AbortController();
  return await outcome(speaker.call(name, args, {
    signal: controller.signal,
    onprogress: () => controller.abort("enough"),
  }));
}

async function logged(speaker: Speaker, [name, args]: Call): Promise<unknown> {
  await speaker.wantLogs();
  const before = speaker.notifications.length;
  const meta = { "io.modelcontextprotocol/logLevel": "debug" };
  const result = await speaker.call(name, args, speaker.modern ? { meta } : {});
  return { result, message: await heard(speaker, "notifications/message", before) };
}

async function changed(
  speaker: Speaker,
  { uri, call: [name, args] }: NonNullable<Topics["change"]>,
): Promise<unknown> {
  const end = await speaker.watch(uri);
  const before = speaker.notifications.length;
  const result = await speaker.call(name, args);
  const update = await heard(speaker, "notifications/resources/updated", before);
  await end();
  return { result, update };
}

/** The first notification of a method after the first `before` of all. */
function heard({ notifications }: Speaker, method: string, before: number): Promise<unknown> {
  return eventually(
    method,
    () => notifications.slice(before).find((notification) => notification.method === method),
  );
}
