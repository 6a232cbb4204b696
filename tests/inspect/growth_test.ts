import assert from "node:assert/strict";
import type { ArgumentKind } from "../../src/access/inspection.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { Detectors } from "../../src/inspect/detectors.ts";

const POLICY = `version: "1"
principals: { a: { tools: [{ pattern: "*", actions: [execute] }] } }
inspect:
  paths: { roots: [/srv/work], local: false, deny: ["**/.env", "**/*.pem"] }
  commands: { default: { allow: [ls, git, grep], write_roots: [/srv/work], sensitive: ["~/.ssh"] } }
`;

const SMALL = 7_000; // UTF-16 units
/** What is read at once ends at 64 KiB for commands and SQL. */
const FACTOR = 9;
/** Linear time gives FACTOR, quadratic time its square; the rest is for a busy machine. */
const MOST = FACTOR * 4;
/** Less than this says more of the compiler and the collector than of the text. */
const LEAST_MS = 8;

/** A kind, and texts that grow by one part: begin, part, end. */
const GROWING:
  readonly (readonly [ArgumentKind, readonly (readonly [string, string, string])[]])[] = [
    [{ kind: "path", access: "read" }, [
      ["", "a/", ""],
      ["", "../", ""],
      ["", "%25", ""],
      ["", "%2e%2e/", ""],
      ["", "．．／", ""],
      ["", "$A", ""],
      ["", "\\", ""],
    ]],
    [{ kind: "command", profile: "default" }, [
      ["git log ", "a", ""],
      ["ls ", "a ", ""],
      ["ls", "|ls", ""],
      ["", "ls;", ""],
      ["ls '", "$(a) ", "'"],
      ["ls ", "$(ls) ", ""],
      ["ls ", "<<a ", ""],
      ["ls ", "{a,b}", ""],
      ['git commit -m "', '\\"', '"'],
      ["ls ", "$a", ""],
      ["", "a=1 ", "ls"],
    ]],
    [{ kind: "shellarg" }, [["", "a ", ""], ["", "'", ""], ["", "\\", ""], ["", "$", ""]]],
    ...(["postgres", "mysql", "sqlite"] as const).map((dialect) =>
      [{ kind: "sql", dialect, profile: "read" }, [
        ["SELECT '", "a", "'"],
        ["SELECT '", "''", "'"],
        ["SELECT 1 /*", "*", "*/"],
        ["SELECT ", "a", ""],
      ]] as const
    ),
    [{ kind: "sqlvalue" }, [["", "'", ""], ["", "1 or ", ""], ["", "(", ""], ["", "a-", ""], [
      "",
      "/*",
      "",
    ]]],
    [{ kind: "url" }, [
      ["https://example.com/", "%25", ""],
      ["https://", "a.", "com/"],
      ["https://example.com/?", "a=%20&", ""],
      ["https://", "1.", "1/"],
      ["https://", "a@", "b/"],
    ]],
    [{ kind: "text" }, [["", "a ", ""], ["", "\u200d", ""], ["", "👩‍👩‍👧", ""], ["", "ghp_", ""], [
      "",
      "![a](",
      "",
    ]]],
    [{ kind: "code" }, [["", "a = 1;\n", ""], ["", "\u200c", ""], ["", "AKIA", ""]]],
  ];

Deno.test("Detectors take time in proportion to the text, up to what is read at once", async () => {
  const { inspection } = await parsePolicy(POLICY);
  const detectors = new Detectors({ ...inspection, maxScan: 1024 * 1024 });
  const steep: string[] = [];
  for (const [kind, shapes] of GROWING) {
    const detector = await detectors.of(kind);
    assert.ok(detector.on !== "words");
    const examine = (text: string) =>
      detector.on === "text" ? detector.examine(text) : detector.examine(text, {});
    for (const [begin, part, end] of shapes) {
      const text = (size: number) => begin + part.repeat(Math.ceil(size / part.length)) + end;
      const large = leastMs(() => examine(text(SMALL * FACTOR)));
      if (large < LEAST_MS * MOST) continue;
      const small = leastMs(() => examine(text(SMALL)));
      if (large > MOST * Math.max(small, LEAST_MS)) {
        steep.push(`${Object.values(kind).join(" ")} ${begin}${part}…: ${small}, then ${large} ms`);
      }
    }
  }
  assert.deepEqual(steep, []);
});

function leastMs(run: () => unknown): number {
  let least = Infinity;
  for (let turn = 0; turn < 4 && least > 1; turn++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
