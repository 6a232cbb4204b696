import { channelStage } from "./channel_stage.ts";
import { play, readVectors } from "./play.ts";
import { stdioStage } from "./stdio_stage.ts";
import { DEFAULT_POLICY } from "./vector.ts";

for (const vector of await readVectors()) {
  const policy = vector.policy ?? DEFAULT_POLICY;
  Deno.test(`channel: ${vector.name}`, async () => {
    await using stage = await channelStage(policy);
    await play(vector, stage);
  });
  Deno.test(`stdio: ${vector.name}`, async () => {
    await using stage = await stdioStage(policy);
    await play(vector, stage);
  });
}
