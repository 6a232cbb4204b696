import assert from "node:assert/strict";
import fc from "fast-check";
import { LosslessNumber, parse as parseLossless } from "lossless-json";
import { endsNameInBackslash, type JsonValue } from "../../src/base/json.ts";
import type { Sender } from "../../src/jsonrpc/message.ts";
import { serialise } from "../../src/jsonrpc/serialise.ts";
import { brokenText, jsonText } from "./documents.ts";
import { call, read, result } from "./reading.ts";
import { canonical, referenceRead, type Tree } from "./reference.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });
const RUNS = { numRuns: 500 };
/** Codes that speak of the message and not of its JSON. */
const ABOUT_MESSAGES: readonly string[] = ["not_a_message", "bad_id", "confusable_key", "batch"];

/** Reads a frame both ways and holds the outcomes against each other; gives what is forwarded. */
function agree(frame: string, sender: Sender): string | undefined {
  const item = read(frame, { sender });
  const reference = referenceRead(frame);
  if (!item.ok) {
    const { code } = item.fault;
    if (reference === undefined) return undefined; // any fault will do
    if (ABOUT_MESSAGES.includes(code)) return undefined;
    assert.ok((reference.troubles as ReadonlySet<string>).has(code), `${code}: ${frame}`);
    return undefined;
  }
  assert.ok(reference !== undefined, `read what is no JSON: ${frame}`);
  const troubles = [...reference.troubles].filter((trouble) =>
    sender === "client" || trouble !== "lone_surrogate"
  );
  assert.deepEqual(troubles, [], frame);
  assert.equal(item.repaired, reference.troubles.has("lone_surrogate"), frame);
  const forwarded = decoder.decode(serialise(item.message).bytes);
  const again = referenceRead(forwarded);
  assert.ok(again !== undefined && again.troubles.size === 0, forwarded);
  if (!item.repaired && item.verbatim) {
    assert.equal(canonical(again.tree), canonical(reference.tree), frame);
  }
  return forwarded;
}

Deno.test("readFrame() and serialise() forward exactly what a reader written from the RFC reads", () => {
  fc.assert(fc.property(jsonText, (text) => void agree(call(text), "client")), RUNS);
  fc.assert(fc.property(jsonText, (text) => void agree(result(text), "upstream")), RUNS);
});

Deno.test("readFrame() reads no text that is not JSON, and no other text than the reader written from the RFC", () => {
  fc.assert(fc.property(brokenText, (text) => void agree(call(text), "client")), RUNS);
  fc.assert(fc.property(brokenText, (text) => void agree(text, "client")), RUNS);
});

Deno.test("readFrame() never throws, whatever the bytes are", () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  const jsonish = fc.string({
    unit: fc.constantFrom(...'{}[],:"\\u0123456789eE+-.tfn \u00e9\ud83d'),
  });
  fc.assert(fc.property(bytes, (bytes) => void read(bytes)), RUNS);
  fc.assert(fc.property(jsonish, (text) => void read(text, { sender: "upstream" })), RUNS);
});

Deno.test("serialise() gives back what was read: any value, keys and strings of any kind", () => {
  // What JavaScript itself can make: here also half surrogate pairs, from a handler of ours.
  const value = fc.jsonValue({ maxDepth: 5, stringUnit: "binary" }).filter((value) =>
    !JSON.stringify(value).includes('"__proto__":') &&
    !endsNameInBackslash(JSON.stringify(value))
  );
  fc.assert(
    fc.property(
      value,
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary" }).filter((name) => !name.endsWith("\\")),
      (value, id, method) => {
        const params = { arguments: value as JsonValue, [method]: 1 };
        const { bytes, argumentsBytes } = serialise({ kind: "request", id, method, params });
        const read = JSON.parse(decoder.decode(bytes));
        const plain = JSON.parse(JSON.stringify(params)); // -0 has no text of its own
        assert.deepEqual(read, { jsonrpc: "2.0", id, method, params: plain });
        assert.deepEqual(JSON.parse(decoder.decode(argumentsBytes)), plain.arguments);
      },
    ),
    { numRuns: 150 },
  );
});

/** A document as lossless-json reads it. */
function losslessTree(text: string): Tree {
  const tree = (value: unknown): Tree => {
    if (value instanceof LosslessNumber) return { number: value.value };
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (Array.isArray(value)) return value.map(tree);
    return { members: Object.entries(value as object).map(([key, item]) => [key, tree(item)]) };
  };
  return tree(parseLossless(text));
}

/** What is forwarded of arbitrary frames of both senders. */
function forwardedFrames(count: number): readonly string[] {
  const frames = fc.sample(
    fc.tuple(jsonText, fc.constantFrom<Sender>("client", "upstream")),
    count,
  );
  return frames.flatMap(([text, sender]) =>
    agree(sender === "client" ? call(text) : result(text), sender) ?? []
  );
}

Deno.test("JSON.parse, lossless-json and the RFC's reader see the same in what is forwarded", () => {
  const frames = forwardedFrames(600);
  assert.ok(frames.length > 200);
  for (const frame of frames) {
    const reference = referenceRead(frame);
    assert.ok(reference !== undefined);
    assert.equal(canonical(losslessTree(frame)), canonical(reference.tree));
    assert.equal(canonicalDoubles(JSON.parse(frame)), canonicalDoubles(reference.tree));
  }
});

/** As `canonical`, with numbers as the doubles they become. */
function canonicalDoubles(value: unknown): string {
  const tree = (value: unknown): Tree => {
    if (typeof value === "number") return { number: String(value) };
    if (value === null || typeof value !== "object") return value as Tree;
    if (Array.isArray(value)) return value.map(tree);
    if ("number" in value) return { number: String(Number(value.number)) };
    const members = "members" in value && Array.isArray(value.members)
      ? value.members
      : Object.entries(value);
    return { members: members.map(([key, item]) => [key, tree(item)] as const) };
  };
  return canonical(tree(value));
}

const PYTHON = `
import json, sys
def canonical(v):
    if v is None: return "null"
    if v is True: return "true"
    if v is False: return "false"
    if isinstance(v, Number): return "#" + v
    if isinstance(v, str): return json.dumps(v, ensure_ascii=True)
    if isinstance(v, list): return "[" + ",".join(map(canonical, v)) + "]"
    return "{" + ",".join(sorted(json.dumps(k) + ":" + canonical(x) for k, x in v.items())) + "}"
class Number(str): pass
def pairs(items):
    assert len(dict(items)) == len(items), "a key stands twice"
    return dict(items)
for line in sys.stdin.buffer.read().split(b"\\n")[:-1]:
    assert len(line.decode().splitlines()) == 1, "more than one line"
    v = json.loads(line, parse_int=Number, parse_float=Number, object_pairs_hook=pairs)
    print(canonical(v))
`;

function hasPython(): boolean {
  try {
    return new Deno.Command("python3", { args: ["-c", "import json"] }).outputSync().success;
  } catch {
    return false; // not installed: then the test is skipped
  }
}

Deno.test({
  name: "Python's json sees the same in what is forwarded, line by line",
  ignore: !hasPython(),
  fn: async () => {
    const frames = forwardedFrames(400);
    const child = new Deno.Command("python3", {
      args: ["-c", PYTHON],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(frames.map((frame) => `${frame}\n`).join("")));
    await writer.close();
    const output = await child.output();
    assert.ok(output.success);
    const lines = decoder.decode(output.stdout).trimEnd().split("\n");
    assert.equal(lines.length, frames.length);
    frames.forEach((frame, index) => {
      const reference = referenceRead(frame);
      assert.ok(reference !== undefined);
      assert.equal(lines[index], canonical(reference.tree));
    });
  },
});
