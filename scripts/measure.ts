/**
 * How much of a labelled set is judged rightly:
 * `deno task measure [DIR] [--mode declared|inferred|none] [--json] [--misses]`.
 *
 * Every record goes through a real channel. Without DIR the cases of the project itself are
 * measured (`tests/corpus`), and those of `../shared/corpus` when they are there.
 * @module
 */

import { parseArgs } from "node:util";
import { type Corpus, readCorpus } from "./measure/corpus.ts";
import { wrongFrames } from "./measure/frames.ts";
import { type Played, playRecords } from "./measure/play.ts";
import type { MeasureMode } from "./measure/policy.ts";
import { type Score, scoresByKind, totalScore, wilson } from "./measure/score.ts";

/** Everything that was measured in one directory. */
export interface Measurement {
  readonly mode: MeasureMode;
  readonly played: readonly Played[];
  readonly frames: number;
  /** What is wrong, by the id of the frame test. */
  readonly wrongFrames: ReadonlyMap<string, string>;
}

/** Measures one corpus. */
export async function measure(
  corpus: Corpus,
  mode: MeasureMode,
  progress?: (done: number) => void,
): Promise<Measurement> {
  const played = await playRecords(corpus, mode, progress);
  return { mode, played, frames: corpus.frames.length, wrongFrames: await wrongFrames(corpus) };
}

/** The measurement as one object for programs. */
export function asJson({ mode, played, frames, wrongFrames }: Measurement): string {
  return JSON.stringify({
    mode,
    kinds: Object.fromEntries(scoresByKind(played)),
    total: totalScore(played),
    frames: { total: frames, right: frames - wrongFrames.size, wrong: [...wrongFrames.keys()] },
  });
}

/** The measurement as a table for people. */
export function asTable({ mode, played, frames, wrongFrames }: Measurement): string {
  const rows = [...scoresByKind(played), ["total of calls", totalScore(played)] as const];
  return [
    `| ${mode} | attacks found | | 95 % interval | benign refused | | 95 % interval |`,
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map(([kind, score]) => rowOf(kind, score)),
    "",
    `Frames: ${frames - wrongFrames.size} of ${frames} right`,
  ].join("\n");
}

function rowOf(kind: string, { attacks, found, benign, refused }: Score): string {
  const part = (hits: number, of: number) => {
    const [low, high] = wilson(hits, of);
    return of === 0
      ? "– | | "
      : `${hits}/${of} | ${percent(hits / of)} | ${percent(low)} – ${percent(high)}`;
  };
  return `| ${kind} | ${part(found, attacks)} | ${part(refused, benign)} |`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The records that were judged wrongly, one a line. */
export function misses({ played, wrongFrames }: Measurement): readonly string[] {
  const wrong = played.filter(({ record, caught }) => caught !== (record.label === "attack"));
  return [
    ...wrong.map(({ record, why }) => {
      const what = record.label === "attack" ? "missed" : "refused";
      const text = JSON.stringify(record.args).slice(0, 300);
      return `${record.id} ${record.kind} ${what} ${record.tool} ${text}${why && ` | ${why}`}`;
    }),
    ...[...wrongFrames].map(([id, fault]) => `${id} ${fault}`),
  ];
}

const MODES: readonly string[] = ["declared", "inferred", "none"] satisfies MeasureMode[];

function isMode(text: string): text is MeasureMode {
  return MODES.includes(text);
}

async function foldersOf(named: readonly string[]): Promise<readonly string[]> {
  if (named.length > 0) return named;
  const own = new URL("../tests/corpus", import.meta.url).pathname;
  const shared = new URL("../../shared/corpus", import.meta.url).pathname;
  const isThere = await Deno.stat(shared).then(() => true, () => false);
  return isThere ? [own, shared] : [own];
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...Deno.args],
    allowPositionals: true,
    options: {
      mode: { type: "string", default: "declared" },
      json: { type: "boolean", default: false },
      misses: { type: "boolean", default: false },
    },
  });
  const { mode } = values;
  if (!isMode(mode)) {
    console.error(`Cannot measure in mode "${mode}": it is one of ${MODES.join(", ")}`);
    return 2;
  }
  for (const folder of await foldersOf(positionals)) {
    let corpus: Corpus;
    try {
      corpus = await readCorpus(folder);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      console.error(`Cannot measure "${folder}": ${why}`);
      return 3;
    }
    const isTerminal = Deno.stderr.isTerminal();
    const say = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
    const progress = (done: number) => {
      if (isTerminal) say(`\r${done} of ${corpus.records.length}`);
    };
    const measured = await measure(corpus, mode, progress);
    if (isTerminal) say("\r\x1b[K");
    if (values.json) console.log(asJson(measured));
    else console.log(`${folder}\n\n${asTable(measured)}\n`);
    if (values.misses) { for (const line of misses(measured)) console.log(line); }
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main());
