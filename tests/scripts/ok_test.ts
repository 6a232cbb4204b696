import { equal, match } from "node:assert/strict";

const NAMES = ["fmt", "lint", "types", "rooms", "docs", "test", "coverage:report"];

interface GateRun {
  readonly code: number;
  readonly lines: readonly string[];
}

/** Runs the gate in a project whose tasks only print and exit. */
async function gate(
  { broken = [], args = [], report }: {
    readonly broken?: readonly string[];
    readonly args?: readonly string[];
    readonly report?: string;
  },
): Promise<GateRun> {
  const root = await Deno.makeTempDir({ prefix: "gate-" });
  try {
    const tasks = Object.fromEntries(
      NAMES.map((name) => [
        name,
        broken.includes(name) ? `echo trouble in ${name} && exit 1` : "echo fine",
      ]),
    );
    await Deno.writeTextFile(`${root}/deno.json`, JSON.stringify({ tasks }));
    if (report !== undefined) {
      await Deno.mkdir(`${root}/coverage`);
      await Deno.writeTextFile(`${root}/coverage/junit.xml`, report);
    }
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL("../../scripts/ok.ts", import.meta.url).pathname, ...args],
      cwd: root,
    }).output();
    return { code, lines: new TextDecoder().decode(stdout).trimEnd().split("\n") };
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("ok passes when every step passes, and says each with its time", async () => {
  const { code, lines } = await gate({});
  equal(code, 0);
  const words = lines.map((line) => line.replace(/[\d.]+ s$/, "T"));
  equal(
    words.join("|"),
    "fmt       ok T|lint      ok T|types     ok T|rooms     ok T|docs      ok T|test      ok T|coverage  ok T|ok in T",
  );
});

Deno.test("ok shows what a failed step said, goes on, and fails", async () => {
  const { code, lines } = await gate({ broken: ["lint", "rooms"] });
  equal(code, 1);
  const text = lines.join("\n");
  match(text, /^lint {6}FAILED .*\ntrouble in lint$/m);
  match(text, /^rooms {5}FAILED .*\ntrouble in rooms$/m);
  match(text, /^coverage {2}ok /m);
  match(lines.at(-1) ?? "", /^not ok in .*: lint, rooms$/);
});

Deno.test("ok leaves out what a failed step makes meaningless", async () => {
  const { code, lines } = await gate({ broken: ["types"] });
  equal(code, 1);
  match(lines.join("\n"), /^test {6}skipped: types did not pass\ncoverage {2}skipped: test did/m);
  match(lines.at(-1) ?? "", /: types, docs, test, coverage$/);
});

for (const name of NAMES) {
  Deno.test(`ok fails when ${name} alone fails`, async () => {
    equal((await gate({ broken: [name] })).code, 1);
  });
}

const PASSED = '<testcase name="a" time="0">\n</testcase>';
const FAILED = '<testcase name="b" time="0">\n<failure message="no"></failure>\n</testcase>';

for (
  const { name, report, code } of [
    { name: "takes a good report", report: PASSED, code: 0 },
    { name: "fails on a failed test in it", report: PASSED + FAILED, code: 1 },
    { name: "fails on a report of no tests", report: "", code: 1 },
    { name: "fails without a report", report: undefined, code: 1 },
  ]
) {
  Deno.test(`ok --tested ${name}`, async () => {
    const run = await gate({
      args: ["--tested"],
      broken: ["test"],
      ...(report === undefined ? {} : { report }),
    });
    equal(run.code, code, run.lines.join("\n"));
  });
}
