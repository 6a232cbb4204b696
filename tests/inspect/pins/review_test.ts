import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/base/json.ts";
import { reviewPins, takePins } from "../../../src/inspect/pins/review.ts";
import { digest, withLockPath } from "./pinning.ts";

const kinds = ({ changes }: Awaited<ReturnType<typeof reviewPins>>) =>
  changes.map(({ kind, name }) => `${kind} ${name}`);

Deno.test("reviewPins() shows what takePins() takes, and writes nothing", () =>
  withLockPath(async (path) => {
    const options = { path, server: "fs", digest };
    const before: JsonObject[] = [{ name: "a" }, { name: "b" }, { name: "twice" }];
    const after: JsonObject[] = [
      { name: "b", description: "B" },
      { name: "B" },
      { name: "twice", description: "1" },
      { name: "twice", description: "2" },
    ];
    assert.equal((await reviewPins(before, options)).isPinned, false);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
    await takePins(before, options);
    const review = await reviewPins(after, options);
    assert.deepEqual(kinds(review), ["changed b", "new B", "gone a"]);
    assert.deepEqual([...review.doubtful.keys(), ...review.refused.keys()], ["B", "twice"]);
    assert.deepEqual(await takePins(after, options), review);
    const left = await reviewPins(after, options);
    assert.deepEqual([kinds(left), left.doubtful.size, [...left.refused.keys()]], [
      [],
      0,
      ["twice"],
    ]);
  }));

Deno.test("takePins() leaves other servers of the same file as they are", () =>
  withLockPath(async (path) => {
    await takePins([{ name: "a" }], { path, server: "one", digest });
    await takePins([], { path, server: "two", digest });
    const one = await reviewPins([{ name: "a" }], { path, server: "one", digest });
    assert.deepEqual([one.isPinned, one.changes], [true, []]);
    assert.equal((await reviewPins([], { path, server: "two", digest })).isPinned, true);
  }));
