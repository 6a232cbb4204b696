import assert from "node:assert/strict";
import { makeFixtures } from "./fixtures.ts";
import { parseTranscript, printTranscript, replay } from "./transcript.ts";

const FOLDER = new URL("./transcripts/", import.meta.url);
const update = Deno.env.get("UPDATE_TRANSCRIPTS") === "1";

for (const { name } of [...Deno.readDirSync(FOLDER)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  Deno.test(`mcp-aegis answers as in transcripts/${name}`, async () => {
    const file = new URL(name, FOLDER);
    const written = await Deno.readTextFile(file);
    await using fixtures = await makeFixtures();
    const wanted = parseTranscript(written);
    const answered = await replay(wanted, fixtures.dir);
    if (update) return await Deno.writeTextFile(file, printTranscript(answered));
    assert.ok(wanted.length > 0, "an empty transcript tests nothing");
    assert.equal(printTranscript(answered), printTranscript(wanted));
  });
}
