import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject, RawNumber } from "../../../src/base/json.ts";
import { mapTexts } from "../../../src/inspect/results/walk.ts";

const visited = (result: JsonObject) => {
  const texts: string[] = [];
  mapTexts(result, (text, place) => {
    texts.push(`${place} ${text}`);
    return text;
  });
  return texts;
};

const { rawJSON } = JSON as unknown as { rawJSON(text: string): RawNumber };

Deno.test("mapTexts() visits texts, links, embedded resources and icons of a call's result", () => {
  assert.deepEqual(
    visited({
      content: [
        { type: "text", text: "A", annotations: { audience: ["B"], priority: 1 } },
        { type: "image", data: "aWNvbg==", mimeType: "image/png" },
        {
          type: "resource_link",
          uri: "file:///C",
          name: "D",
          description: "E",
          mimeType: "text/plain",
        },
        { type: "resource", resource: { uri: "file:///F", text: "G", blob: "aWNvbg==" } },
      ],
      isError: false,
    }),
    ["value A", "value B", "uri file:///C", "value D", "value E", "uri file:///F", "value G"],
  );
});

Deno.test("mapTexts() visits every name and string of structured content, whatever it is called", () => {
  assert.deepEqual(
    visited({
      structuredContent: { type: "A", data: ["B", { blob: "C", type: "image" }], n: 1, x: null },
    }),
    [
      "key type",
      "value A",
      "key data",
      "value B",
      "key blob",
      "value C",
      "key type",
      "value image",
      "key n",
      "key x",
    ],
  );
});

Deno.test("mapTexts() visits lists, prompts and resources", () => {
  assert.deepEqual(
    visited({
      tools: [{
        name: "A",
        description: "B",
        inputSchema: { properties: { c: { description: "D" } } },
      }],
      nextCursor: "x",
    }),
    ["value A", "value B", "key properties", "key c", "key description", "value D"],
  );
  assert.deepEqual(
    visited({ messages: [{ role: "user", content: { type: "text", text: "A" } }] }),
    ["value A"],
  );
  assert.deepEqual(visited({ contents: [{ uri: "a:b", mimeType: "m", text: "C" }] }), [
    "uri a:b",
    "value C",
  ]);
});

Deno.test("mapTexts() gives the same object when nothing changed, else a copy that shares the rest", () => {
  const big = rawJSON("12345678901234567890");
  const result: JsonObject = {
    content: [{ type: "text", text: "a" }, { type: "text", text: "b" }],
    structuredContent: { big },
  };
  assert.equal(mapTexts(result, (text) => text), result);
  const before = JSON.stringify(result);
  const copy = mapTexts(result, (text) => text === "b" ? "c" : text);
  assert.equal(JSON.stringify(result), before);
  assert.equal(JSON.stringify(copy), before.replace('"b"', '"c"'));
  assert.equal(copy["structuredContent"], result["structuredContent"]);
});

Deno.test("mapTexts() loses no value when two names become one, and sets no prototype", () => {
  const result: JsonObject = JSON.parse(
    '{"structuredContent":{"a\\u0000":1,"a":2,"__proto__":{"b":"x"}}}',
  );
  const copy = mapTexts(result, (text) => text.replace("\0", "").replace("x", "y"));
  assert.equal(
    JSON.stringify(copy),
    '{"structuredContent":{"a":1,"a (2)":2,"__proto__":{"b":"y"}}}',
  );
});

Deno.test("mapTexts() changes strings alone, each of free data once", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const result = { structuredContent: value } as JsonObject;
    const copy = mapTexts(result, (text, place) => place === "key" ? text : `${text}!`);
    const expected = JSON.parse(
      JSON.stringify(result),
      (_, one) => typeof one === "string" ? `${one}!` : one,
    );
    assert.deepEqual(JSON.parse(JSON.stringify(copy)), expected);
  }));
});
