import { deepEqual, equal, match } from "node:assert/strict";
import { checkRooms } from "../../scripts/check_rooms.ts";
import { packageName, roomOf } from "../../scripts/rooms/graph_rules.ts";
import { CLEARED, ENTRIES, ROOMS } from "../../scripts/rooms/table.ts";
import type { Rule, Violation } from "../../scripts/rooms/violation.ts";

/** A small tree in which every rule is kept. */
const SOUND: Readonly<Record<string, string>> = {
  "deno.json": JSON.stringify({
    imports: { "js-yaml": "npm:js-yaml@5.5.0", "jose": "npm:jose@6.2.17" },
  }),
  "mod.ts": `export { createGateway } from "./src/assemble.ts";
if (import.meta.main) await import("./src/cli/main.ts");
`,
  "src/assemble.ts": `import { readPolicy } from "./policy/read.ts";
import { send } from "./gateway/channel.ts";
import type { Sink } from "./audit/sink.ts";
export function createGateway(sink: Sink): unknown {
  return [sink, readPolicy(), send(), import("./identity/jwt.ts")];
}
`,
  "src/audit/sink.ts": "export interface Sink {}\n",
  "src/base/result.ts": "export function ok(): void {}\n",
  "src/cli/main.ts": `export async function main(): Promise<void> {
  await import("./wrap.ts");
}
`,
  "src/cli/wrap.ts": `import { pump } from "../transport/pump.ts";
export function wrap(): unknown {
  return pump;
}
`,
  "src/gateway/channel.ts": `import type { Sink } from "../audit/sink.ts";
import { clear, type Cleared } from "./clear.ts";
// A comment may say console. or export default or "as Cleared".
/**
 * export * from "nowhere"; import(anything)
 */
export function send(_sink?: Sink): Cleared {
  return clear();
}
`,
  "src/gateway/clear.ts": `class ClearedBytes {}
export type Cleared = ClearedBytes;
export function clear(): Cleared {
  return new ClearedBytes();
}
export function isCleared(value: unknown): boolean {
  return value instanceof ClearedBytes;
}
`,
  "src/identity/jwt.ts": 'import "jose";\nimport "node:crypto";\n',
  "policies/presets/fs.json": "{}",
  "src/policy/read.ts": `import { load } from "js-yaml";
import preset from "../../policies/presets/fs.json" with { type: "json" };
import { ok } from "../base/result.ts";
export function readPolicy(): unknown {
  return [load, ok, preset];
}
`,
  "src/transport/pump.ts": `import type { Cleared } from "../gateway/clear.ts";
import { isCleared } from "../gateway/clear.ts";
export function pump(out: Cleared): boolean {
  return isCleared(out);
}
`,
};

async function violationsOf(
  changes: Readonly<Record<string, string>>,
): Promise<readonly Violation[]> {
  const root = await Deno.makeTempDir({ prefix: "rooms-test-" });
  try {
    for (const [path, text] of Object.entries({ ...SOUND, ...changes })) {
      await Deno.mkdir(`${root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    return await checkRooms(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Appends to a file of the sound tree. */
function grown(path: string, text: string): Readonly<Record<string, string>> {
  return { [path]: (SOUND[path] ?? "") + text };
}

/** A reachable addition: the new file is imported for its effect by a file that may. */
function added(path: string, text: string, importer: string, specifier: string) {
  return { [path]: text, ...grown(importer, `import "${specifier}";\n`) };
}

const PLANTED: readonly {
  readonly name: string;
  readonly changes: Readonly<Record<string, string>>;
  readonly rule: Rule;
  readonly at: string | readonly string[];
  readonly says?: RegExp;
}[] = [
  {
    name: "a check that imports another check",
    changes: added(
      "src/inspect/check.ts",
      "export {};\n",
      "src/policy/read.ts",
      "../inspect/check.ts",
    ),
    rule: "forbidden edge",
    at: "src/policy/read.ts:7",
    says:
      /policy must not import src\/inspect\/check\.ts; it may import base, yaml, access, grammar/,
  },
  {
    name: "a forbidden import by a dynamic import",
    changes: grown(
      "src/gateway/channel.ts",
      'export const late = () => import("../policy/read.ts");\n',
    ),
    rule: "forbidden edge",
    at: "src/gateway/channel.ts:10",
  },
  {
    name: "a value from a file that may give types alone",
    changes: grown("src/gateway/channel.ts", 'import "../audit/sink.ts";\n'),
    rule: "forbidden edge",
    at: "src/gateway/channel.ts:10",
  },
  {
    name: "another file of a room that opens one file alone",
    changes: added(
      "src/jsonrpc/read.ts",
      "export {};\n",
      "src/transport/pump.ts",
      "../jsonrpc/read.ts",
    ),
    rule: "forbidden edge",
    at: "src/transport/pump.ts:6",
  },
  {
    name: "a forbidden import of a type",
    changes: grown("src/base/result.ts", 'export type S = import("../audit/sink.ts").Sink;\n'),
    rule: "forbidden edge",
    at: "src/base/result.ts:2",
    says: /\(a type\); it may import nothing$/,
  },
  {
    name: "a forbidden edge in a file that nothing reaches",
    changes: { "src/base/lost.ts": 'import "../policy/read.ts";\n' },
    rule: "forbidden edge",
    at: "src/base/lost.ts:1",
  },
  {
    name: "an import of the tests",
    changes: added("tests/fake.ts", "export {};\n", "src/policy/read.ts", "../../tests/fake.ts"),
    rule: "forbidden edge",
    at: "src/policy/read.ts:7",
  },
  {
    name: "the data of another room",
    changes: grown(
      "src/cli/wrap.ts",
      'export const data = () => import("../../policies/presets/fs.json", { with: { type: "json" } });\n',
    ),
    rule: "forbidden edge",
    at: "src/cli/wrap.ts:5",
  },
  {
    name: "a room that is not in the table",
    changes: added("src/attic/box.ts", "export {};\n", "src/attic/box.ts", "./box.ts"),
    rule: "unknown room",
    at: "src/attic/box.ts:1",
  },
  {
    name: "a name that every object has, as a room",
    changes: { "src/constructor/box.ts": "export {};\n" },
    rule: "unknown room",
    at: "src/constructor/box.ts:1",
  },
  {
    name: "two files that import one another",
    changes: {
      "src/base/other.ts": 'import "./result.ts";\n',
      ...grown("src/base/result.ts", 'import "./other.ts";\n'),
    },
    rule: "cycle",
    at: "src/base/other.ts:1",
    says: /^src\/base\/other\.ts -> src\/base\/result\.ts -> src\/base\/other\.ts$/,
  },
  {
    name: "a circle that one import of a type closes",
    changes: {
      "src/base/other.ts": 'import "./result.ts";\nexport type T = 1;\n',
      ...grown("src/base/result.ts", 'export type { T } from "./other.ts";\n'),
    },
    rule: "cycle",
    at: "src/base/other.ts:1",
  },
  {
    name: "a file that imports itself",
    changes: grown("src/base/result.ts", 'import "./result.ts";\n'),
    rule: "cycle",
    at: "src/base/result.ts:1",
  },
  {
    name: "a file that nothing reaches",
    changes: { "src/base/lost.ts": "export {};\n" },
    rule: "unreachable",
    at: "src/base/lost.ts:1",
  },
  {
    name: "a package that enters twice",
    changes: added("src/policy/late.ts", 'import "js-yaml";\n', "src/policy/read.ts", "./late.ts"),
    rule: "third party",
    at: "src/policy/read.ts:1",
    says: /^js-yaml enters through src\/policy\/late\.ts already$/,
  },
  {
    name: "a package that enters by its address a second time",
    changes: added(
      "src/policy/late.ts",
      'export type { T } from "npm:js-yaml@5.5.0/sub";\n',
      "src/policy/read.ts",
      "./late.ts",
    ),
    rule: "third party",
    at: "src/policy/read.ts:1",
  },
  {
    name: "a maker of Cleared in another room",
    changes: grown(
      "src/transport/pump.ts",
      'import { clear } from "../gateway/clear.ts";\nclear();\n',
    ),
    rule: "cleared",
    at: "src/transport/pump.ts:2",
  },
  {
    name: "every maker of Cleared under one name",
    changes: grown("src/transport/pump.ts", 'export * as makers from "../gateway/clear.ts";\n'),
    rule: "cleared",
    at: "src/transport/pump.ts:2",
  },
  {
    name: "a maker of Cleared by a dynamic import",
    changes: grown("src/cli/wrap.ts", 'export const late = () => import("../gateway/clear.ts");\n'),
    rule: "cleared",
    at: "src/cli/wrap.ts:5",
  },
  {
    name: "a maker of Cleared passed on by its own room",
    changes: grown("src/gateway/channel.ts", 'export { clear } from "./clear.ts";\n'),
    rule: "cleared",
    at: "src/gateway/channel.ts:10",
  },
  {
    name: "a cast to Cleared",
    changes: grown("src/transport/pump.ts", "pump({} as unknown as Cleared);\n"),
    rule: "cleared",
    at: "src/transport/pump.ts:6",
  },
  {
    name: "an exported class behind Cleared",
    changes: grown("src/gateway/clear.ts", "export class Open extends ClearedBytes {}\n"),
    rule: "cleared",
    at: "src/gateway/clear.ts:9",
  },
  {
    name: "node: at the start of the shim",
    changes: grown("src/base/result.ts", 'import "node:path";\n'),
    rule: "start",
    at: "src/base/result.ts:2",
  },
  {
    name: "a lazy package at the start of the shim",
    changes: grown("src/assemble.ts", 'import "./identity/jwt.ts";\n'),
    rule: "start",
    at: ["src/identity/jwt.ts:1", "src/identity/jwt.ts:2"],
  },
  {
    name: "a Node global",
    changes: grown("src/policy/read.ts", "export const cwd = () => process.cwd();\n"),
    rule: "start",
    at: "src/policy/read.ts:7",
  },
  {
    name: "a Node global behind globalThis",
    changes: grown(
      "src/policy/read.ts",
      "export const pid = (process: { pid: number }) => process.pid;\nglobalThis.process.exit();\n",
    ),
    rule: "start",
    at: "src/policy/read.ts:8",
  },
  {
    name: "export *",
    changes: grown("mod.ts", 'export * from "./src/assemble.ts";\n'),
    rule: "export *",
    at: "mod.ts:3",
  },
  {
    name: "export * as a name",
    changes: grown("mod.ts", 'export * as all from "./src/assemble.ts";\n'),
    rule: "export *",
    at: "mod.ts:3",
  },
  {
    name: "a default export",
    changes: grown("src/base/result.ts", "export default function no(): void {}\n"),
    rule: "default export",
    at: "src/base/result.ts:2",
  },
  {
    name: "a default export by name",
    changes: grown("src/base/result.ts", "export { ok as default };\n"),
    rule: "default export",
    at: "src/base/result.ts:2",
  },
  {
    name: "a dynamic import that the graph cannot see",
    changes: grown("src/base/result.ts", "export const any = (at: string) => import(at);\n"),
    rule: "hidden import",
    at: "src/base/result.ts:2",
  },
  {
    name: "a dynamic import of a template",
    changes: grown("src/base/result.ts", "export const any = (at: string) => import(`./${at}`);\n"),
    rule: "hidden import",
    at: "src/base/result.ts:2",
  },
  {
    name: "a line on stdout",
    changes: grown("src/policy/read.ts", 'console.log("hello");\n'),
    rule: "console",
    at: "src/policy/read.ts:7",
  },
  {
    name: "a file of 401 lines",
    changes: grown("src/base/result.ts", "//\n".repeat(400)),
    rule: "lines",
    at: "src/base/result.ts:401",
  },
  {
    name: "eleven exported values",
    changes: grown(
      "src/base/result.ts",
      "export const a = 1;\nexport class B {}\nexport async function c() {}\nexport interface D {}\n" +
        "const e = 1;\nexport {\n  e as e1,\n  e as e2,\n  e as e3,\n  e as e4,\n  e as e5,\n" +
        "  e as e6,\n  e as e7,\n  type D as D1,\n};\n",
    ),
    rule: "exports",
    at: "src/base/result.ts:1",
    says: /^11 exported values, 10 at most$/,
  },
  {
    name: "a file of odds and ends",
    changes: added(
      "src/base/string_utils.ts",
      "export {};\n",
      "src/policy/read.ts",
      "../base/string_utils.ts",
    ),
    rule: "name",
    at: "src/base/string_utils.ts:1",
  },
  {
    name: "a folder of odds and ends",
    changes: added(
      "src/base/common/a.ts",
      "export {};\n",
      "src/policy/read.ts",
      "../base/common/a.ts",
    ),
    rule: "name",
    at: "src/base/common/a.ts:1",
  },
  {
    name: "a name that is not snake_case",
    changes: added(
      "src/base/camelCase.ts",
      "export {};\n",
      "src/policy/read.ts",
      "../base/camelCase.ts",
    ),
    rule: "name",
    at: "src/base/camelCase.ts:1",
  },
];

Deno.test("checkRooms() finds nothing in a tree that keeps every rule", async () => {
  deepEqual(await violationsOf({}), []);
});

for (const { name, changes, rule, at, says } of PLANTED) {
  Deno.test(`checkRooms() finds ${name}`, async () => {
    const found = await violationsOf(changes);
    const hits = found.filter((one) => one.rule === rule);
    deepEqual(hits.map(({ path, line }) => `${path}:${line}`), [at].flat(), JSON.stringify(found));
    if (says !== undefined) match(hits[0]?.message ?? "", says);
  });
}

Deno.test("checkRooms() plants cover every rule", () => {
  const rules: Readonly<Record<Rule, true>> = {
    "forbidden edge": true,
    "unknown room": true,
    "cycle": true,
    "unreachable": true,
    "third party": true,
    "start": true,
    "cleared": true,
    "export *": true,
    "default export": true,
    "hidden import": true,
    "console": true,
    "lines": true,
    "exports": true,
    "name": true,
  };
  deepEqual(new Set(PLANTED.map(({ rule }) => rule)), new Set(Object.keys(rules)));
});

Deno.test("ROOMS names only rooms and files that can exist, and its own graph has no circle", () => {
  const sees = (room: string): readonly string[] =>
    (ROOMS[room] ?? []).map((entry) => roomOf(`src/${entry.replace(/^type /, "")}`));
  for (const room of Object.keys(ROOMS)) {
    for (const there of sees(room)) equal(Object.hasOwn(ROOMS, there), true, `${room}: ${there}`);
    const seen = new Set<string>();
    const queue = [...sees(room)];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...sees(next));
    }
    equal(seen.has(room), false, `${room} sees itself through others`);
  }
});

Deno.test("the tables name files of this project", async () => {
  const root = new URL("../../", import.meta.url);
  const files = [...ENTRIES.all, ...ENTRIES.start, CLEARED.file];
  for (const file of files) equal((await Deno.stat(new URL(file, root))).isFile, true, file);
});

Deno.test("packageName() reads names with and without a scope, version and path", () => {
  const names = [
    ["npm:js-yaml@5.5.0", "js-yaml"],
    ["npm:/js-yaml@5.5.0/sub.js", "js-yaml"],
    ["npm:@noble/hashes@2.0.1/sha2.js", "@noble/hashes"],
    ["jsr:@std/path@1", "@std/path"],
    ["https://example.com/x.ts", "https://example.com"],
    ["node:path", undefined],
    ["src/base/result.ts", undefined],
  ] as const;
  for (const [specifier, name] of names) equal(packageName(specifier), name);
});
