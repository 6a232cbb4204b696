import { equal, match } from "node:assert/strict";

const SCRIPT = new URL("../../scripts/coverage.ts", import.meta.url).pathname;

interface CoverageRun {
  readonly code: number;
  readonly output: string;
}

/** Runs the tests of a small project, then a copy of the report script that stands in it. */
async function coverageOf(files: Readonly<Record<string, string>>): Promise<CoverageRun> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "coverage-" }));
  try {
    const rooms = new URL("./rooms/source_tree.ts", `file://${SCRIPT}`);
    const all: Readonly<Record<string, string>> = {
      "deno.json": '{ "coverage": { "thresholds": { "lines": 90, "branches": 85 } } }',
      "scripts/coverage.ts": await Deno.readTextFile(SCRIPT),
      "scripts/rooms/source_tree.ts": await Deno.readTextFile(rooms),
      "scripts/rooms/table.ts": await Deno.readTextFile(new URL("./table.ts", rooms)),
      ...files,
    };
    for (const [path, text] of Object.entries(all)) {
      await Deno.mkdir(`${root}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    const flags = ["--coverage=coverage/raw", "--coverage-raw-data-only"];
    await deno(root, ["test", "-A", "--no-check", ...flags]);
    // What a process leaves that was killed while it wrote.
    await Deno.writeTextFile(`${root}/coverage/raw/half.json`, '{"url":"file');
    return await deno(root, ["run", "-A", "--no-check", "scripts/coverage.ts"]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function deno(cwd: string, args: string[]): Promise<CoverageRun> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, output: text.decode(stdout) + text.decode(stderr) };
}

const TAKE = `export function take(n: number): string {
  if (n > 1) {
    return "many";
  }
  return "one";
}
`;

const CHILD_TEST = `Deno.test("in a child", async () => {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "src/main.ts"],
  }).output();
  if (code !== 0) throw new Error("child failed");
});
`;

Deno.test("coverage counts what a child process ran", async () => {
  const { code, output } = await coverageOf({
    "src/take.ts": TAKE,
    "src/main.ts": 'import { take } from "./take.ts";\ntake(1);\ntake(2);\n',
    "src/port.ts": "export interface Port {\n  readonly n: number;\n}\n",
    "tests/child_test.ts": CHILD_TEST,
  });
  equal(code, 0, output);
});

Deno.test("coverage fails under a threshold", async () => {
  const { code, output } = await coverageOf({
    "src/take.ts": TAKE,
    "src/main.ts": 'import { take } from "./take.ts";\ntake(2);\n',
    "tests/child_test.ts": CHILD_TEST,
  });
  equal(code, 1, output);
  match(output, /coverage .* below the threshold/);
});

Deno.test("coverage fails on a file that no test loads", async () => {
  const { code, output } = await coverageOf({
    "src/main.ts": "export const MAIN = 1;\n",
    "src/lost.ts": TAKE,
    "tests/child_test.ts": CHILD_TEST,
  });
  equal(code, 1, output);
  match(output, /^src\/lost\.ts: no test loads this file$/m);
});
