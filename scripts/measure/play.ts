/**
 * Plays labelled records through a real channel, as the shim would carry them.
 * @module
 */

import { createGateway } from "../../src/assemble.ts";
import type { MessageEntry } from "../../src/audit/entry.ts";
import type { AuditSink } from "../../src/audit/sink.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { Channel, Disposition } from "../../src/gateway/channel.ts";
import { localAuthenticator } from "../../src/identity/authenticator.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import type { Corpus, LabelledRecord } from "./corpus.ts";
import { pause } from "./pause.ts";
import { measuredPolicy, type MeasureMode, PRINCIPAL, SERVER } from "./policy.ts";

/** What became of one record. */
export interface Played {
  readonly record: LabelledRecord;
  /** A call: refused. A text of the server: marked, changed or refused. */
  readonly caught: boolean;
  /** What the audit says of it. */
  readonly why: string;
}

const encoder = new TextEncoder();

/** Plays every record; calls `progress` now and then with how many are done. */
export async function playRecords(
  corpus: Corpus,
  mode: MeasureMode,
  progress: (done: number) => void = () => undefined,
): Promise<readonly Played[]> {
  await using calls = await openStage(corpus, mode);
  if (mode !== "none") {
    await calls.list(corpus.tools);
    await pause();
  }
  // A list replaces the one before: texts of servers are played apart.
  await using texts = await openStage(corpus, mode);
  const played: Played[] = [];
  for (const record of corpus.records) {
    played.push(
      record.kind === "result" || record.kind === "tooldesc"
        ? await playText(texts, record)
        : await playCall(calls, record),
    );
    if (played.length % 100 === 0) progress(played.length);
  }
  return played;
}

/** A result, or a description of a tool. */
async function playText(stage: Stage, record: LabelledRecord): Promise<Played> {
  if (record.kind === "result") {
    const { text = "" } = record.args;
    const entry = await stage.answer({ content: [{ type: "text", text }] });
    return { record, caught: isMarked(entry), why: reasonOf(entry) };
  }
  const { description = "" } = record.args;
  const inputSchema = { type: "object" };
  const entry = await stage.list([{ name: record.tool, description, inputSchema }]);
  return { record, caught: isMarked(entry), why: reasonOf(entry) };
}

async function playCall(stage: Stage, record: LabelledRecord): Promise<Played> {
  const entry = await stage.call(record.tool, record.args);
  // A check that breaks refuses everything: that is no measure of anything.
  if (entry.reason === "check_failed") throw new Error(`${record.id}: ${entry.detail}`);
  return { record, caught: entry.effect === "deny", why: reasonOf(entry) };
}

/** A text that came through, but not unremarked. */
function isMarked({ effect, changes = [] }: MessageEntry): boolean {
  return effect === "deny" || changes.some((change) => !change.startsWith("list-filtered"));
}

function reasonOf({ detail, reason, changes, would }: MessageEntry): string {
  return [would === undefined ? "" : "would refuse:", detail ?? reason ?? "", ...(changes ?? [])]
    .join(" ").trim();
}

/** A channel whose audit is looked at after every message. */
class Stage implements AsyncDisposable {
  readonly #channel: Channel;
  readonly #close: () => Promise<void>;
  readonly #entries: MessageEntry[];
  #id = 0;

  constructor(
    { channel, close, entries }: {
      readonly channel: Channel;
      readonly close: () => Promise<void>;
      readonly entries: MessageEntry[];
    },
  ) {
    this.#channel = channel;
    this.#close = close;
    this.#entries = entries;
  }

  /** Calls a tool; what is forwarded gets an answer. */
  async call(name: string, args: JsonObject): Promise<MessageEntry> {
    const entry = await this.#ask("tools/call", { name, arguments: args });
    if (entry.disposition === "forward") await this.#tell({ content: [] });
    return entry;
  }

  /** Gives the entry of an answer to a harmless call. */
  async answer(result: JsonObject): Promise<MessageEntry> {
    await this.#ask("tools/call", { name: "harmless", arguments: {} });
    return await this.#tell(result);
  }

  /** Lists tools as the server would. */
  async list(tools: readonly JsonValue[]): Promise<MessageEntry> {
    await this.#ask("tools/list", {});
    return await this.#tell({ tools });
  }

  #ask(method: string, params: JsonObject): Promise<MessageEntry> {
    const id = ++this.#id;
    return this.#send("fromClient", { jsonrpc: "2.0", id, method, params });
  }

  #tell(result: JsonObject): Promise<MessageEntry> {
    return this.#send("fromUpstream", { jsonrpc: "2.0", id: this.#id, result });
  }

  async #send(side: "fromClient" | "fromUpstream", message: JsonObject): Promise<MessageEntry> {
    this.#entries.length = 0;
    const frame = encoder.encode(JSON.stringify(message));
    const sent: readonly Disposition[] = await this.#channel[side]([frame]);
    const entry = this.#entries.at(-1);
    if (entry === undefined) throw new Error(`No audit entry for ${JSON.stringify(message)}`);
    // The audit and what happens must agree, or the measure is worth nothing.
    const isForwarded = sent.some(({ kind }) => kind === "forward");
    if (isForwarded !== (entry.disposition === "forward")) {
      throw new Error(`The audit says ${entry.disposition}: ${JSON.stringify(message)}`);
    }
    return entry;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

/** Opens a gateway with the policy of the corpus. */
export async function openStage(corpus: Corpus, mode: MeasureMode): Promise<Stage> {
  const entries: MessageEntry[] = [];
  const audit: AuditSink = {
    record: (added) => {
      for (const entry of added) if (entry.type === "message") entries.push(entry);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const policy = await parsePolicy(measuredPolicy(corpus, mode), {
    file: "measure.json",
    upstream: { name: SERVER },
  });
  const gateway = createGateway({
    authenticator: localAuthenticator({ principal: PRINCIPAL }),
    policy,
    audit,
  });
  const channel = await gateway.openChannel({
    credentials: { kind: "local" },
    upstream: SERVER,
    transport: "stdio",
  });
  return new Stage({ channel, entries, close: () => gateway[Symbol.asyncDispose]() });
}
