import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/base/json.ts";
import { silentLogger } from "../../../src/base/log.ts";
import { type Refusal, Refusals } from "../../../src/transport/http/refusals.ts";
import { FakeClock } from "../../gateway/harness.ts";

const REFUSAL: Refusal = {
  status: 401,
  detail: "No",
  method: "POST",
  path: "/mcp",
  client: "192.0.2.1",
};

function refusals() {
  const clock = new FakeClock();
  const details: JsonObject[] = [];
  const event = (_name: string, detail: JsonObject) => {
    details.push(detail);
    return Promise.resolve();
  };
  return { clock, details, refusals: new Refusals({ clock, event, log: silentLogger }) };
}

Deno.test("Refusals writes the first at once, and equal ones once a second with their count", async () => {
  const { clock, details, refusals: noted } = refusals();
  await noted.note(REFUSAL);
  assert.deepEqual(details, [{ ...REFUSAL }]);
  for (let at = 0; at < 1000; at++) {
    await noted.note({ ...REFUSAL, client: `192.0.2.${at % 3}` });
    await noted.tick();
  }
  assert.equal(details.length, 1);
  clock.monotonic += 1000;
  await noted.tick();
  assert.deepEqual(details[1], { ...REFUSAL, client: "192.0.2.0", count: 1000, clients: 3 });
  clock.monotonic += 1000;
  await noted.tick();
  assert.equal(details.length, 2);
  await noted.note(REFUSAL);
  assert.equal(details.length, 3, "after a quiet second the next is the first again");
});

Deno.test("Refusals tells no more sorts apart than it may, and loses none", async () => {
  const { details, refusals: noted } = refusals();
  for (let at = 0; at < 5000; at++) await noted.note({ ...REFUSAL, path: `/${at}` });
  assert.ok(details.length < 100, `${details.length}`);
  await noted.rest();
  const total = details.reduce((sum, { count }) => sum + Number(count ?? 1), 0);
  assert.equal(total, 5000);
  assert.ok(details.length < 200);
});

Deno.test("Refusals cuts what a client wrote", async () => {
  const { details, refusals: noted } = refusals();
  await noted.note({ ...REFUSAL, path: `/${"a".repeat(9000)}`, method: "M".repeat(99) });
  assert.equal(String(details[0]?.["path"]).length, 200);
  assert.equal(String(details[0]?.["method"]).length, 16);
});

Deno.test("Refusals says of a further one who it was and what was asked", async () => {
  const { clock, details, refusals: noted } = refusals();
  await noted.note(REFUSAL);
  const other = { ...REFUSAL, client: "198.51.100.7" };
  await noted.note(other);
  clock.monotonic += 1000;
  await noted.tick();
  assert.deepEqual(details[1], other);
  // sorts beyond those that are told apart
  for (let at = 0; at < 100; at++) await noted.note({ ...REFUSAL, path: `/${at}` });
  const last = { ...other, path: "/last" };
  clock.monotonic += 1000;
  await noted.tick();
  await noted.note(last);
  clock.monotonic += 1000;
  await noted.tick();
  assert.deepEqual(details.at(-1), last);
});
