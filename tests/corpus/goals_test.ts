/**
 * What is promised of labelled calls, measured: the project's own cases, and the shared corpus where
 * it stands beside the project.
 */

import assert from "node:assert/strict";
import type { JsonObject } from "../../src/base/json.ts";
import { asTable, measure, type Measurement } from "../../scripts/measure.ts";
import { type Corpus, readCorpus } from "../../scripts/measure/corpus.ts";
import { playRecords } from "../../scripts/measure/play.ts";
import { type Score, scoresByKind, totalScore, wilson } from "../../scripts/measure/score.ts";

/** The share of attacks to be found at least, and that of benign calls to be refused at most; in percent. */
type Goal = readonly [found: number, refused: number];

/** `sql` and `sql-dml` are one kind with two profiles, `regex` has no goal but the total's. */
const CALLS: Readonly<Record<string, Goal>> = {
  path: [99, 0.5],
  command: [97, 2],
  shellarg: [99, 1],
  sql: [98, 1],
  sqlvalue: [90, 5],
  url: [98, 0.5],
  text: [95, 0.2],
  code: [95, 0.2],
  schema: [100, 0],
  unknown: [70, 0.5],
};
const TEXTS: Readonly<Record<string, Goal>> = { tooldesc: [60, 5], result: [60, 5] };
const TOTAL = { declared: [97, 0.7], inferred: [85, 2] } as const;
/** Below this many records a goal holds when the interval contains it. */
const FEW = 200;

const OWN = new URL(".", import.meta.url).pathname;
const SHARED = new URL("../../../shared/corpus", import.meta.url).pathname;
const hasShared = await Deno.stat(SHARED).then(() => true, () => false);

Deno.test(
  hasShared
    ? "measure() is held against the shared corpus and tests/corpus"
    : "measure() is held against tests/corpus only: there is no ../shared/corpus",
  () => {
    assert.ok(hasShared || Deno.env.get("CI") !== "true", `CI must measure "${SHARED}"`);
  },
);

for (const folder of hasShared ? [OWN, SHARED] : [OWN]) {
  const name = folder === OWN ? "tests/corpus" : "the shared corpus";
  Deno.test(`measure() finds what it shall and refuses no more than it may: ${name}, declared`, async () => {
    const measured = await measure(await readCorpus(folder), "declared");
    console.log(`\n${name}\n\n${asTable(measured)}\n`);
    assert.deepEqual([...measured.wrongFrames], []);
    assert.deepEqual(unreached(measured, { ...CALLS, ...TEXTS }), []);
    assertOrdinary(measured);
  });

  Deno.test(`measure() finds what it shall and refuses no more than it may: ${name}, inferred`, async () => {
    const measured = await measure(await readCorpus(folder), "inferred");
    console.log(`\n${name}\n\n${asTable(measured)}\n`);
    assert.deepEqual(unreached(measured, TEXTS), []);
    assertOrdinary(measured);
  });
}

/** Goals that a measurement misses, in words. */
function unreached(measured: Measurement, goals: Readonly<Record<string, Goal>>): string[] {
  const { mode, played } = measured;
  assert.ok(mode !== "none");
  const scores = new Map(scoresByKind(played));
  const [sql, dml] = [scores.get("sql"), scores.get("sql-dml")];
  if (sql !== undefined && dml !== undefined) scores.set("sql", sum(sql, dml));
  return [
    ...Object.entries(goals).flatMap(([kind, goal]) => {
      const score = scores.get(kind);
      return score === undefined ? [`no ${kind} at all`] : shortcomings(kind, { goal, score });
    }),
    ...shortcomings("total", { goal: TOTAL[mode], score: totalScore(played) }),
  ];
}

function sum(one: Score, other: Score): Score {
  return {
    attacks: one.attacks + other.attacks,
    found: one.found + other.found,
    benign: one.benign + other.benign,
    refused: one.refused + other.refused,
  };
}

function shortcomings(
  what: string,
  { goal: [least, most], score }: { readonly goal: Goal; readonly score: Score },
): readonly string[] {
  const { attacks, found, benign, refused } = score;
  const isFound = 100 * found >= least * attacks ||
    (attacks < FEW && 100 * wilson(found, attacks)[1] >= least);
  const isOpen = 100 * refused <= most * benign ||
    (benign < FEW && 100 * wilson(refused, benign)[0] <= most);
  return [
    ...(isFound ? [] : [`${what}: found ${found} of ${attacks}, not ${least} %`]),
    ...(isOpen ? [] : [`${what}: refused ${refused} of ${benign}, not ${most} %`]),
  ];
}

/** Code edits, documents and messages are never refused for what they speak of. */
function assertOrdinary({ played }: Measurement): void {
  const refused = played.filter(({ record: { kind, label }, caught }) =>
    caught && label === "benign" && (kind === "text" || kind === "code")
  );
  assert.deepEqual(refused.map(({ record, why }) => `${record.id} ${why}`), []);
}

Deno.test("shortcomings() holds a few records against the interval and many against the share", () => {
  const score = (found: number, refused: number, of: number) => ({
    goal: [90, 5] as const,
    score: { attacks: of, found, benign: of, refused },
  });
  assert.deepEqual(shortcomings("x", score(17, 2, 20)), []);
  assert.equal(shortcomings("x", score(10, 8, 20)).length, 2);
  assert.deepEqual(shortcomings("x", score(900, 50, 1000)), []);
  assert.equal(shortcomings("x", score(899, 51, 1000)).length, 2);
});

Deno.test("playRecords() lets this project's own sources and documents be written, every one", async () => {
  const own = await readCorpus(OWN);
  const records = await wholeTexts();
  assert.ok(records.length > 200, `${records.length} files`);
  for (const mode of ["declared", "inferred"] as const) {
    const played = await playRecords({ ...own, records }, mode);
    const refused = played.filter(({ caught }) => caught);
    assert.deepEqual(refused.map(({ record, why }) => `${record.id} ${why}`), []);
  }
});

/** Whole files, nothing selected: sources as `code`, documents as `text`. */
async function wholeTexts(): Promise<Corpus["records"]> {
  const root = new URL("../../", import.meta.url).pathname;
  const records: Corpus["records"][number][] = [];
  for (const file of await filesBelow(root, ["", "src", "scripts", "policies"])) {
    if (!/\.(?:ts|md|yaml)$/.test(file)) continue;
    const text = await Deno.readTextFile(`${root}${file}`);
    const isCode = !file.endsWith(".md");
    const [tool, args, arg]: [string, JsonObject, string] = isCode
      ? ["save_file", { path: file, body: text }, "/body"]
      : ["post", { text }, "/text"];
    records.push({ id: file, tool, args, arg, kind: isCode ? "code" : "text", label: "benign" });
  }
  return records;
}

/** Files of folders and of all folders below; `""` is the root without those below. */
async function filesBelow(root: string, folders: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const folder of folders) {
    for await (const { name, isFile, isDirectory } of Deno.readDir(`${root}${folder}`)) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (isFile) files.push(path);
      else if (isDirectory && folder !== "") files.push(...await filesBelow(root, [path]));
    }
  }
  return files;
}
