/**
 * Plays cases on a stage and says what went wrong.
 * @module
 */

import { difference, frameOf, type Stage, type Vector } from "./vector.ts";

/** Reads all cases beside this file, in the order of their names. */
export async function readVectors(): Promise<readonly Vector[]> {
  const directory = new URL("./cases/", import.meta.url);
  const names: string[] = [];
  for await (const entry of Deno.readDir(directory)) {
    if (entry.name.endsWith(".json")) names.push(entry.name);
  }
  names.sort();
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(new URL(name, directory))));
  return texts.map((text) => JSON.parse(text) as Vector);
}

/** Plays one case; throws with everything that differs. */
export async function play(vector: Vector, stage: Stage): Promise<void> {
  const problems: string[] = [];
  for (const [at, step] of vector.steps.entries()) {
    const { from, bytes } = frameOf(step);
    const arrived = await stage.send(from, bytes);
    for (const side of ["toClient", "toUpstream"] as const) {
      const expected = step[side] ?? [];
      const frames = arrived[side];
      if (frames.length !== expected.length) {
        const texts = frames.map((frame) => new TextDecoder().decode(frame).slice(0, 300));
        problems.push(
          `step ${at} ${side}: expected ${expected.length} frames, got ${frames.length}: ${
            texts.join(" | ")
          }`,
        );
        continue;
      }
      for (const [n, frame] of frames.entries()) {
        const found = difference(expected[n] ?? null, frame);
        if (found !== undefined) problems.push(`step ${at} ${side}[${n}]${found}`);
      }
    }
  }
  if (problems.length > 0) throw new Error(`${vector.name}\n  ${problems.join("\n  ")}`);
}
