import assert from "node:assert/strict";
import { createGateway } from "../../src/assemble.ts";
import { noneSink } from "../../src/audit/none_sink.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { Channel } from "../../src/gateway/channel.ts";
import { localAuthenticator } from "../../src/identity/authenticator.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { callOf, INSPECTING, list, openInspecting, send, SERVER } from "./inspecting.ts";

const CAP = 64 * 1024; // of a command and of SQL, in UTF-16 units
const MB = 1024 * 1024;

let nextId = 0;

/** `sent`, or the reason of the refusal. */
async function fateOf(channel: Channel, tool: string, args: JsonValue): Promise<string> {
  const led = await send(channel, "fromClient", callOf(++nextId, tool, args));
  if (led.forwarded.length > 0) return "sent";
  return /"reason":"(\w+)"/.exec(led.answered[0] ?? "")?.[1] ?? `no reason: ${led.answered}`;
}

/** A text of `length` units that begins and ends as given. */
function filled(begin: string, { end = "", length }: { end?: string; length: number }): string {
  return begin + "a".repeat(length - begin.length - end.length) + end;
}

/** `either`: it depends on how much stack there is. */
type Fate = "sent" | "unsafe_argument" | "either";

/** Tool, what it is, the text, and what becomes of it. */
const AT_THE_CAP: readonly (readonly [string, string, string, Fate])[] = [
  ["sql", "a literal up to the cap", filled("SELECT '", { end: "'", length: CAP }), "sent"],
  ["sql", "a literal beyond", filled("SELECT '", { end: "'", length: CAP + 1 }), "unsafe_argument"],
  ["sql", "100k parentheses", `SELECT ${"(".repeat(1e5)}`, "unsafe_argument"],
  ["sql", "30k parentheses", `SELECT ${"(".repeat(3e4)}1${")".repeat(3e4)}`, "unsafe_argument"],
  ["sql", "20k UNIONs", `SELECT 1${" UNION SELECT 1".repeat(2e4)}`, "unsafe_argument"],
  ["sql", "4k UNIONs", `SELECT 1${" UNION SELECT 1".repeat(4e3)}`, "unsafe_argument"],
  ["sql", "16k operators", `SELECT 1${"+1".repeat(16e3)}`, "unsafe_argument"],
  ["sql", "10k CASEs", `SELECT ${"CASE WHEN ".repeat(6e3)}`, "unsafe_argument"],
  [
    "sql",
    "a deep recursion within the bounds",
    `SELECT ${"NOT ".repeat(7_900)}1`,
    "either",
  ],
  ["sql", "a deep cast within the bounds", `SELECT a${"::b".repeat(2_600)}`, "either"],
  ["command", "a word up to the cap", filled("git log ", { length: CAP }), "sent"],
  ["command", "a word beyond", filled("git log ", { length: CAP + 1 }), "unsafe_argument"],
  ["command", "a word of 1 MB", filled("git log ", { length: MB }), "unsafe_argument"],
  ["command", "20k substitutions", `ls ${"$(".repeat(2e4)}`, "unsafe_argument"],
  ["command", "100k parentheses", "(".repeat(1e5), "unsafe_argument"],
  ["command", "an odd back-tick of many", `ls ${"`".repeat(30_001)}`, "unsafe_argument"],
  ["command", "braces of braces", `ls ${"{a,b}".repeat(1e4)}`, "unsafe_argument"],
  ["command", "10k here-documents", `ls ${"<<a ".repeat(1e4)}`, "unsafe_argument"],
  ["command", "20k commands", `ls${"|ls".repeat(2e4)}`, "unsafe_argument"],
  ["path", "100k steps up", "../".repeat(1e5), "unsafe_argument"],
  ["path", "1 MB of percents", "%25".repeat(MB / 3), "unsafe_argument"],
  ["path", "a name of 1 MB", filled("a/", { length: MB }), "unsafe_argument"],
  ["url", "1 MB of percents", `https://example.com/${"%25".repeat(MB / 3)}`, "sent"],
  ["url", "100k labels", `https://${"a.".repeat(1e5)}com/`, "unsafe_argument"],
  ["shellarg", "a word of 1 MB", filled("", { length: MB }), "sent"],
  ["shellarg", "100k substitutions", "$(".repeat(1e5), "unsafe_argument"],
  ["text", "10 MB of letters", filled("", { length: 10 * MB }), "sent"],
  [
    "text",
    "a control after 10 MB",
    filled("", { end: "\u0007", length: 10 * MB }),
    "unsafe_argument",
  ],
  ["text", "1 MB of joiners", "\u200d".repeat(MB), "unsafe_argument"],
  [
    "code",
    "an override after 3 MB",
    filled("", { end: "\u202e", length: 3 * MB }),
    "unsafe_argument",
  ],
];

/** What has to pass after any of them. */
const ORDINARY: Readonly<Record<string, string>> = {
  sql: "SELECT 1",
  command: "git status",
  path: "src/a.ts",
  url: "https://example.com/",
  shellarg: "main",
  text: "It's done; see a/b.",
  code: "let a = 1;",
};

Deno.test("inspectCheck() judges what is at a parser's cap or beyond, and the next call as ever", async () => {
  const { gateway, channel } = await openInspecting(INSPECTING);
  await using _ = gateway;
  const found: string[] = [];
  for (const [tool, what, v, fate] of AT_THE_CAP) {
    const became = await fateOf(channel, tool, { v });
    const isRight = fate === "either" ? /^(?:sent|unsafe_argument)$/.test(became) : became === fate;
    if (!isRight) found.push(`${tool}: ${what}: ${became}, not ${fate}`);
    const next = await fateOf(channel, tool, { v: ORDINARY[tool] ?? "" });
    if (next !== "sent") found.push(`${tool}: ${what}: then ${next}`);
  }
  assert.deepEqual(found, []);
});

/** Each does what a broken part of the inspection would do. */
const BROKEN: Readonly<Record<string, () => never>> = {
  error: () => {
    throw new Error("memory access out of bounds");
  },
  "stack overflow": () => {
    const again = (): never => again();
    return again();
  },
};

for (const [name, fail] of Object.entries(BROKEN)) {
  Deno.test(`No pass is implied: missing, thrown, late or misshapen means deny: inspection with ${name}`, async () => {
    const policy = await parsePolicy(JSON.stringify(INSPECTING), { upstream: { name: SERVER } });
    let isBroken = true;
    await using gateway = createGateway({
      authenticator: localAuthenticator({ principal: "tester" }),
      policy: {
        hash: policy.hash,
        decide: (request) => policy.decide(request),
        inspection: policy.inspection,
        argumentKinds: (tool) => isBroken ? fail() : policy.argumentKinds(tool),
      },
      audit: noneSink(),
    });
    const channel = await gateway.openChannel({
      credentials: { kind: "local" },
      upstream: SERVER,
      transport: "stdio",
    });
    assert.deepEqual(await list(channel, [{ name: "path" }]), ["path"]); // nothing is prepared
    assert.equal(await fateOf(channel, "path", { v: "a" }), "check_failed");
    assert.equal(await fateOf(channel, "sql", { v: "SELECT 1" }), "check_failed");
    isBroken = false;
    assert.equal(await fateOf(channel, "path", { v: "a" }), "sent");
    assert.equal(await fateOf(channel, "path", { v: "../../a" }), "unsafe_argument");
    assert.equal(await fateOf(channel, "sql", { v: "SELECT 1" }), "sent");
  });
}

const HELD: JsonObject = { type: "object", properties: { v: { type: "string" } } };

/** The schema, arguments that would fit if anybody knew, and what becomes of them. */
const SCHEMAS: Readonly<Record<string, readonly [JsonValue, JsonObject, string]>> = {
  ordinary: [HELD, { v: "a" }, "sent"],
  text: ["object", {}, "invalid_arguments"],
  list: [[], {}, "invalid_arguments"],
  "no types": [{ type: "objekt" }, {}, "invalid_arguments"],
  "properties that are none": [{ properties: [1] }, {}, "invalid_arguments"],
  remote: [{ $ref: "https://example.com/schema.json" }, {}, "invalid_arguments"],
  "remote below": [
    { properties: { v: { $ref: "file:///etc/passwd" } } },
    { v: "a" },
    "invalid_arguments",
  ],
  "nowhere": [{ $ref: "#/$defs/none" }, {}, "invalid_arguments"],
  "itself": [{ $ref: "#" }, {}, "invalid_arguments"],
  recursive: [{ properties: { next: { $ref: "#" } } }, { next: { next: { next: {} } } }, "sent"],
  "recursive in every branch": [
    { ...HELD, properties: { n: { anyOf: [{ $ref: "#" }, { $ref: "#" }] } }, required: ["x"] },
    nested(60),
    "invalid_arguments",
  ],
  "a backtracking pattern": [
    { properties: { v: { pattern: "^(a+)+$" } } },
    { v: `${"a".repeat(50_000)}!` },
    "invalid_arguments",
  ],
  "a pattern with a back-reference": [
    { properties: { v: { pattern: "^(a+)\\1$" } } },
    { v: "aa" },
    "invalid_arguments",
  ],
  "a pattern that is huge": [
    { properties: { v: { pattern: "((a{1,1000}){1,1000}){1,1000}" } } },
    { v: "a" },
    "invalid_arguments",
  ],
  "2000 properties": [
    { properties: Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`p${at}`, {}])) },
    {},
    "invalid_arguments",
  ],
};

/** Objects in one another that lack what is required. */
function nested(levels: number): JsonObject {
  return levels === 0 ? {} : { n: nested(levels - 1) };
}

Deno.test("inspectCheck() refuses calls of a tool whose schema cannot be used, and of no other", async () => {
  const { gateway, channel } = await openInspecting(INSPECTING);
  await using _ = gateway;
  const tools = Object.entries(SCHEMAS).map(([name, [inputSchema]]) => ({ name, inputSchema }));
  assert.deepEqual(await list(channel, tools), Object.keys(SCHEMAS));
  for (const [name, [, args, fate]] of Object.entries(SCHEMAS)) {
    assert.equal(await fateOf(channel, name, args), fate, name);
    assert.equal(await fateOf(channel, "ordinary", { v: "a" }), "sent", `after ${name}`);
  }
});

Deno.test("inspectCheck() plans anew what a server lists otherwise", async () => {
  const { gateway, channel } = await openInspecting(INSPECTING);
  await using _ = gateway;
  const listed = async (properties: JsonObject, description: string) => {
    const inputSchema = { type: "object", properties, additionalProperties: false };
    await list(channel, [{ name: "read_note", description, inputSchema }]);
  };
  const outside = { target: "../../../etc/passwd" };
  await listed({ target: { type: "string" } }, "Reads a note by its title");
  assert.equal(await fateOf(channel, "read_note", { target: "today" }), "sent");
  assert.equal(await fateOf(channel, "read_note", { target: 1 }), "invalid_arguments");
  await listed({ target: { type: "number" } }, "Reads a note by its title");
  assert.equal(await fateOf(channel, "read_note", { target: "today" }), "invalid_arguments");
  assert.equal(await fateOf(channel, "read_note", { target: 1 }), "sent");
  await listed({ path: { type: "string" } }, "Reads a file");
  assert.equal(await fateOf(channel, "read_note", outside), "invalid_arguments");
  assert.equal(await fateOf(channel, "read_note", { path: "/etc/hosts" }), "unsafe_argument");
  assert.equal(await fateOf(channel, "read_note", { path: "a/b.txt" }), "sent");
  await listed({ target: { type: "string" } }, "Reads a note by its title");
  assert.equal(await fateOf(channel, "read_note", { target: "today" }), "sent");
});
