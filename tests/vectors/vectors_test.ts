import assert from "node:assert/strict";
import { channelStage } from "./channel_stage.ts";
import { httpStage } from "./http_stage.ts";
import { play, readVectors } from "./play.ts";
import { stdioStage } from "./stdio_stage.ts";
import { DEFAULT_POLICY } from "./vector.ts";

/** What cannot be so over HTTP, with the reason, by name. */
const NOT_OVER_HTTP: Readonly<Record<string, string>> = {
  "an allowed call goes through, and its answer comes back as the bytes it was":
    "the upstream is shared: requests get ids of the proxy's own, and their answers are written anew",
};

const vectors = await readVectors();

Deno.test("what is not played over HTTP is a case", () => {
  const names = new Set(vectors.map(({ name }) => name));
  assert.deepEqual(Object.keys(NOT_OVER_HTTP).filter((name) => !names.has(name)), []);
});

for (const vector of vectors) {
  const policy = vector.policy ?? DEFAULT_POLICY;
  Deno.test(`channel: ${vector.name}`, async () => {
    await using stage = await channelStage(policy);
    await play(vector, stage);
  });
  Deno.test(`stdio: ${vector.name}`, async () => {
    await using stage = await stdioStage(policy);
    await play(vector, stage);
  });
  const unlike = NOT_OVER_HTTP[vector.name];
  Deno.test({
    name: `http: ${vector.name}${unlike === undefined ? "" : ` (not played: ${unlike})`}`,
    ignore: unlike !== undefined,
    fn: async () => {
      await using stage = await httpStage(policy, vector);
      await play(vector, stage);
    },
  });
}
