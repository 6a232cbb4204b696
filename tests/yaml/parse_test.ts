import assert from "node:assert/strict";
import fc from "fast-check";
import type { YamlNode } from "../../src/yaml/node.ts";
import { Problems } from "../../src/yaml/problems.ts";
import { parseYaml } from "../../src/yaml/parse.ts";

/** The value, or what is wrong. */
function read(text: string): unknown {
  const problems = new Problems("f", text);
  const node = parseYaml(text, problems);
  const found = problems.list();
  return found.length > 0
    ? found.map(({ line, column, code }) => `${line}:${column} ${code}`)
    : plain(node);
}

function plain(node: YamlNode | undefined): unknown {
  switch (node?.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(plain);
    case "map":
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
    default:
      return undefined;
  }
}

Deno.test("parseYaml() reads scalars by the core schema of YAML 1.2", () => {
  assert.deepEqual(
    read(
      "[yes, no, on, true, False, null, ~, 1, -2, 1.5, 0x10, 012, 1e3, '1', \"true\", n, +x, 2026-01-01]",
    ),
    [
      ...["yes", "no", "on", true, false, null, null, 1, -2, 1.5, 16, 12, 1000],
      ...["1", "true", "n", "+x", "2026-01-01"],
    ],
  );
  assert.deepEqual(read("a:\nb: ''\n"), { a: null, b: "" });
  assert.deepEqual(read("a: |\n  x\n  y\nb: >-\n  x\n  y\n"), { a: "x\ny\n", b: "x y" });
});

Deno.test("parseYaml() lets a closing bracket stand below the line it belongs to", () => {
  assert.deepEqual(read("a: [\n  1\n]\nb: 2"), { a: [1], b: 2 });
  assert.deepEqual(read("a:\n  b: {\n    x: 1, # one ]\n    # two }\n  }\n  c: 1\n"), {
    a: { b: { x: 1 }, c: 1 },
  });
  assert.deepEqual(
    read("a:\n  - [\n    1,\n  ]\n  - {\n    k: \"v\n    w ]\", l: 'it''s ]'\n  }\n"),
    {
      a: [[1], { k: "v w ]", l: "it's ]" }],
    },
  );
  assert.deepEqual(read("a:\r\n  b: [\r\n  1,\r\n2\r\n  ]\r\n"), { a: { b: [1, 2] } });
  assert.deepEqual(read("a: [\n x: y\n]\n# ]\nz: |\n  ]\n  [\n"), { a: [{ x: "y" }], z: "]\n[\n" });
  assert.deepEqual(read("a: [\n  b\n]\nc: *d\n"), ["4:4 yaml-alias"], "positions stay true");
});

Deno.test("parseYaml() refuses rather than guess where brackets stand inside texts", () => {
  for (
    const text of [
      "x: |\n  a: [\n  ]\ny: [\n]\n",
      'x: "\n  a: [\n  ]"\ny: [\n]\n',
      "x: a\n  - [\n  ]\ny: [\n]\n",
    ]
  ) {
    assert.deepEqual(read(text), ["5:1 yaml-unclosed"], text);
  }
  assert.deepEqual(read('a:\n  b: "x\n  y"\n'), ["3:3 yaml-unclosed"]);
});

Deno.test("parseYaml() reads brackets the same however their lines are broken", () => {
  const gap = fc.constantFrom("", " ", "\n", "\n  ", "\n    ", ' # c ], { "\n', "\r\n");
  const word = fc.constantFrom<Written[]>(
    ["a", "a"],
    ["b c", "b c"],
    ['"q]"', "q]"],
    ["'it''s'", "it's"],
    ['"\\""', '"'],
    ["1", 1],
    ["it's", "it's"],
  );
  const { value } = fc.letrec<{ value: Written }>((tie) => {
    const items = fc.array(fc.tuple(gap, tie("value"), gap), { maxLength: 4 });
    return {
      value: fc.oneof(
        { depthSize: "small", maxDepth: 4 },
        word,
        items.map((all): Written => [
          `[${all.map(([before, [text], after]) => before + text + after).join(",")}]`,
          all.map(([, [, item]]) => item),
        ]),
        items.map((all): Written => [
          `{${
            all.map(([before, [text], after], i) => `${before}k${i}: ${text}${after}`).join(",")
          }}`,
          Object.fromEntries(all.map(([, [, item]], i) => [`k${i}`, item])),
        ]),
      ),
    };
  });
  fc.assert(
    fc.property(value, ([text, expected]) => {
      const document = `top:\n  inner: ${text}\n  after: x\n`;
      assert.deepEqual(read(document), { top: { inner: expected, after: "x" } }, document);
    }),
    { numRuns: 500 },
  );
});

/** YAML and the value it stands for. */
type Written = readonly [text: string, value: unknown];

Deno.test("parseYaml() never throws, whatever it is given", () => {
  const piece = fc.constantFrom(
    ..."[]{},:#&*!|>'\"%@`-? \n\t",
    "a",
    "1",
    ": ",
    "- ",
    "? ",
    "\n  ",
    "\n    ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "!!str ",
    "&x ",
    "*x ",
    "<<",
    "\\",
    "\u0000",
    "\ufeff",
    "\ud800",
    "é",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      read(pieces.join(""));
    }),
    { numRuns: 3000 },
  );
});
