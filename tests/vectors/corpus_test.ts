import { channelStage } from "./channel_stage.ts";
import type { Consequences } from "./vector.ts";

/** The public frame corpus, when it is beside the project: one frame after the other, a word about the last. */
interface CorpusCase {
  readonly id: string;
  readonly note: string;
  readonly expect: "forward" | "reject" | "drop";
  readonly frames: readonly { dir: "c2s" | "s2c"; raw?: string; hex?: string }[];
}

const POLICY = `version: "1"
principals:
  tester:
    tools:
      - { pattern: read_file, actions: [execute] }
      - { pattern: list_directory, actions: [execute] }
`;

for (const each of await corpus()) {
  Deno.test(`corpus ${each.id}: ${each.expect}: ${each.note}`, async () => {
    await using stage = await channelStage(POLICY);
    let last: Consequences = { toClient: [], toUpstream: [] };
    for (const { dir, raw, hex } of each.frames) {
      const bytes = hex === undefined
        ? new TextEncoder().encode(raw)
        : Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
      last = await stage.send(dir === "c2s" ? "client" : "upstream", bytes);
    }
    const found = outcome(each, last);
    if (found !== undefined) throw new Error(found);
  });
}

function outcome({ expect, frames }: CorpusCase, last: Consequences): string | undefined {
  const fromClient = frames.at(-1)?.dir === "c2s";
  const [across, back] = fromClient
    ? [last.toUpstream, last.toClient]
    : [last.toClient, last.toUpstream];
  const texts = [...across, ...back].map((frame) => new TextDecoder().decode(frame));
  const ours = texts.every((text) => text.includes('"traceId"'));
  switch (expect) {
    case "forward":
      return across.length === 1 && back.length === 0 ? undefined : `not forwarded: ${texts}`;
    case "reject":
      if (across.length > 0) return `forwarded: ${texts}`;
      return back.length <= 1 && ours ? undefined : `not refused: ${texts}`;
    case "drop":
      // An error of the proxy's own, which ends the call concerned, is as right.
      return back.length === 0 && ours ? undefined : `not dropped: ${texts}`;
  }
}

async function corpus(): Promise<readonly CorpusCase[]> {
  const file = new URL("../../../shared/corpus/frames.jsonl", import.meta.url);
  try {
    const lines = (await Deno.readTextFile(file)).trim().split("\n");
    return lines.map((line) => JSON.parse(line) as CorpusCase);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
