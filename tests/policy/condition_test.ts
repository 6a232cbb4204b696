import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { compileCondition } from "../../src/policy/condition.ts";
import { CONDITION_FUNCTIONS } from "../../src/policy/condition_functions.ts";
import type { ConditionFunction } from "../../src/policy/condition_types.ts";
import { ask, faultOf, inputOf, sound } from "./condition_asking.ts";

const raw = (JSON as unknown as { rawJSON(text: string): JsonValue }).rawJSON;
const parsed = (text: string): JsonObject => JSON.parse(text);

Deno.test("compileCondition() reads arguments, principal and context", () => {
  for (
    const source of [
      'args.mode in ["a", "b"] && args.options.deep["very"] == 1',
      'principal.name == "ann" && principal.kind == "local" && "dev" in principal.roles',
      'principal.scopes.exists(s, s.startsWith("files:")) && principal.claims.team == "core"',
      "principal.claims.level >= 3 && !has(principal.claims.admin)",
      'context.era == "modern" && context.transport == "stdio" && context.server == "fs"',
      'context.tool == "write_file" && context.action == "write"',
      "!context.annotations.readOnlyHint && !has(context.annotations.destructiveHint)",
      'context.time < timestamp("2026-06-02T00:00:00Z") && context.time.getDayOfWeek() == 1',
      'context.time.getHours("Europe/Berlin") == 12',
      "args.list.all(i, i > 0) && args.list.filter(i, i > 1).size() == 2 && args.list[0] == 1",
      '{"ann": 5, "bob": 9}[principal.name] == 5',
    ]
  ) {
    const args = { mode: "b", options: { deep: { very: 1 } }, list: [1, 2, 3] };
    assert.equal(ask(source, args), "true", source);
  }
});

Deno.test("compileCondition() compares numbers however they came", () => {
  const limit = (value: JsonValue) => ask("args.limit <= 100", { limit: value });
  for (const value of [100, 99.5, 0, -0, raw("99.50"), raw("1e2"), raw("-9223372036854775808")]) {
    assert.equal(limit(value), "true", JSON.stringify(value));
  }
  for (const value of [101, 100.0001, 1e300, raw("9223372036854775807"), raw("1.010e2")]) {
    assert.equal(limit(value), "false", JSON.stringify(value));
  }
  // Neither an int nor a double is equal to these: the upstream may read them otherwise.
  for (const text of ["9223372036854775808", "100.00000000000000001", "123456789012345678901234"]) {
    assert.equal(limit(raw(text)), "error", text);
  }
  assert.equal(ask("args.n == 9007199254740993", { n: raw("9007199254740993") }), "true");
  assert.equal(ask("args.n == 9007199254740992", { n: raw("9007199254740993") }), "false");
  assert.equal(ask("args.n + 1 == 3", { n: 2 }), "true");
});

Deno.test("compileCondition() answers error for whatever fails, and for what is no bool", () => {
  const cases: readonly (readonly [string, JsonObject])[] = [
    ["args.x == 1", {}],
    ["args.a.b.c == 1", { a: { b: 1 } }],
    ["args.a < 1", { a: "0" }],
    ["args.a", { a: 1 }],
    ["args.a", { a: null }],
    ["args.a ? true : false", { a: "true" }],
    ['args.a.startsWith("x")', { a: 5 }],
    ["args.list[3] == 1", { list: [1] }],
    ["args.n / args.m == 1", { n: 1, m: 0 }],
    ["args.a.all(i, i > 0)", { a: "text" }],
    ['args.a.all(i, i.startsWith("x"))', { a: ["x", 1] }],
    ["!(args.x == 1)", {}],
    ["args.n * args.n > 0", { n: raw("9223372036854775807") }],
    ["context.time.getHours(args.zone) == 1", { zone: "Nowhere/Land" }],
    ["int(args.t) == 1", { t: "1e9999" }],
  ];
  for (const [source, args] of cases) assert.equal(ask(source, args), "error", source);
});

Deno.test("compileCondition() lets the other side of && and || decide, whichever fails", () => {
  assert.equal(ask('args.gone == 1 || principal.name == "ann"'), "true");
  assert.equal(ask('principal.name == "ann" || args.gone == 1'), "true");
  assert.equal(ask('args.gone == 1 && principal.name == "bob"'), "false");
  assert.equal(ask('args.gone == 1 && principal.name == "ann"'), "error");
});

Deno.test("Condition.holds() finds own members only: no name of a prototype is found in a map", () => {
  const names = [
    ...Object.getOwnPropertyNames(Object.prototype),
    ...Object.getOwnPropertyNames(Map.prototype),
    ...Object.getOwnPropertyNames(Array.prototype),
    ...Object.getOwnPropertyNames(Function.prototype),
  ].filter((name) => !/^(__proto__|prototype)$/.test(name));
  for (const name of names) {
    const key = JSON.stringify(name);
    const args = { o: {}, list: [1], text: "a" };
    for (const place of ["args", "args.o", "principal.claims", "context.annotations"]) {
      assert.equal(ask(`${key} in ${place}`, args), "false", name);
      assert.equal(ask(`${place}[${key}] == ${place}[${key}]`, args), "error", name);
    }
    for (const place of ["args.list", "args.text"]) {
      assert.equal(ask(`dyn(${place})[${key}] == 1`, args), "error", name);
    }
    if (/^\w+$/.test(name)) assert.equal(ask(`has(args.o.${name})`, args), "false", name);
    if (name !== "constructor") assert.equal(ask(`args.o == {${key}: 1}`, args), "false", name);
  }
  // An own member of such a name is one like any other.
  const own = parsed('{"o": {"constructor": 1, "toString": "x", "size": 7}}');
  assert.equal(ask('args.o.constructor == 1 && args.o["toString"] == "x"', own), "true");
  assert.equal(ask("args.o.size == 7 && args.o.size() == 3", own), "true");
  assert.equal(ask("size(args.o) == 1", parsed('{"o": {"__proto__": {}}}')), "error");
});

Deno.test("Condition.needsArguments tells whether a condition speaks of the arguments", () => {
  assert.equal(sound("args.x == 1").needsArguments, true);
  assert.equal(sound('principal.name == "a" && has(args.x)').needsArguments, true);
  assert.equal(sound('principal.name == "args"').needsArguments, false);
  assert.equal(sound("principal.claims.args == 1").needsArguments, false);
});

Deno.test("Condition.holds() answers unknown only where unknown arguments decide", () => {
  const cases = [
    ["args.x == 1", "unknown"],
    ["has(args.x)", "unknown"],
    ["size(args) == 0", "unknown"],
    ['principal.name == "bob" && args.x == 1', "false"],
    ['args.x == 1 && principal.name == "bob"', "false"],
    ['args.x == 1 || principal.name == "ann"', "true"],
    ['principal.name == "ann" && args.x == 1', "unknown"],
    ["principal.roles.all(r, r == args.role)", "unknown"],
    ['principal.scopes.exists(s, s == "none" && s == args.s)', "false"],
    ["principal.claims.gone == 1", "error"],
    ['principal.name == "ann"', "true"],
  ] as const;
  for (const [source, truth] of cases) {
    assert.equal(sound(source).holds(inputOf(undefined)), truth, source);
  }
});

Deno.test("INVARIANT: `unknown` only when the arguments are unknown; and what it says without them it says with any, unless those make it an error", () => {
  const atom = fc.constantFrom(
    "args.x == 1",
    "has(args.x)",
    "args.x",
    "args.list.all(i, i == 1)",
    'principal.name == "ann"',
    '"ops" in principal.roles',
    "principal.claims.gone == 1",
    "size(args) > 1",
  );
  const { source } = fc.letrec<{ source: string }>((tie) => ({
    source: fc.oneof(
      { maxDepth: 4 },
      atom,
      fc.tuple(tie("source"), fc.constantFrom("&&", "||"), tie("source")).map(([a, op, b]) =>
        `(${a} ${op} ${b})`
      ),
      tie("source").map((a) => `!(${a})`),
      fc.tuple(tie("source"), tie("source"), tie("source")).map(([a, b, c]) =>
        `(${a} ? ${b} : ${c})`
      ),
    ),
  }));
  const args = fc.record(
    { x: fc.constantFrom<JsonValue>(1, 2, true, false, null, "a"), list: fc.array(fc.integer()) },
    { requiredKeys: [] },
  );
  fc.assert(fc.property(source, args, (text, values) => {
    const compiled = compileCondition(text);
    if (!compiled.ok) return;
    const without = compiled.value.holds(inputOf(undefined));
    const withThem = compiled.value.holds(inputOf({ ...values } as JsonObject));
    assert.notEqual(withThem, "unknown");
    if (without === "true" || without === "false") {
      assert.ok(withThem === without || withThem === "error", `${text}: ${without} ${withThem}`);
    }
    const { constant } = compiled.value;
    if (constant !== undefined) assert.equal(without, String(constant));
  }));
});

Deno.test("Condition.constant tells what holds for every request, or for none", () => {
  assert.equal(sound("true").constant, true);
  assert.equal(sound("1 > 2").constant, false);
  assert.equal(sound('args.x == 1 && re("a", "b")').constant, false);
  assert.equal(sound("args.x == 1 || true").constant, true);
  assert.equal(sound("args.x == args.x").constant, undefined);
  assert.equal(sound("has(context.annotations.readOnlyHint)").constant, undefined);
  assert.equal(faultOf("1 / 0 == 1").at, "1 / 0 == 1");
});

Deno.test("compileCondition() points at what is wrong, with a hint", () => {
  const cases: readonly (readonly [string, string, string, RegExp | undefined])[] = [
    ["args.x ==", "", "the end", undefined],
    ["args.x = 1", "=", "character: =", undefined],
    ["args.x == 'é' && arg.y", "arg", 'variable "arg"', /"args"/],
    ["true && whoever == 1", "whoever", "variable", /args, principal, context/],
    ["args.x == 1 && string == 1", "string", "variable", undefined],
    ['principal.nam == "x"', "nam", "no such key: nam", undefined],
    ['args.p.startWith("a")', 'args.p.startWith("a")', "startWith", /"startsWith"/],
    ["args.p.startsWith(3)", "3", "type string", undefined],
    ['args.p.substring("a") == ""', '"a"', "type int", undefined],
    ["startsWith(args.p)", "startsWith(args.p)", "so", /x\.startsWith\(string\)/],
    ['args.p.matches("^a")', 'args.p.matches("^a")', "matches", /re\(text, "pattern"\)/],
    ['matches(args.p, "^a")', 'matches(args.p, "^a")', "matches", /re\(/],
    ["cel.bind(x, 1, x == 1)", "cel.bind(x, 1, x == 1)", "bind", /Write/],
    ["re(args.p, args.q)", "args.q", "literal", undefined],
    ['re(args.p, "a" + "b")', '"a" + "b"', "literal", undefined],
    ["re(args.p, '(?=a)b')", "'(?=a)b'", "re", undefined],
    [`re(args.p, '(a)\\\\1')`, `'(a)\\\\1'`, "re", undefined],
    ['under(args.p, "srv")', '"srv"', "absolute", undefined],
    ['in_cidr(args.a, "10.0.0.0/40")', '"10.0.0.0/40"', "network", undefined],
    ["principal.name", "principal.name", 'type "string"', undefined],
    ["1 + 'a' == 2", "1 + 'a'", "overload", undefined],
    ["args.a.all(x, args.b.all(y, x == y))", "args.b.all(y, x == y)", "loop", undefined],
    ["args.a.all(args, args)", "args", "called", /otherwise/],
    ["args.a.all(x, x == 1) && x == 1", "x", "variable", undefined],
    ["args.x == 9223372036854775808", "9223372036854775808", "<=", undefined],
    ["type(args.x) == type(1)", "type(args.x)", "function", undefined],
    ['args.o == {"a": 1, "constructor": 2}', '"constructor"', "key", undefined],
    ["args.o == {'a': 1, \"a\": 2}", '"a"', "twice", undefined],
    ["args.o == {args.k: 1}", "args.k", "literal", undefined],
    ["", "", "the end", undefined],
  ];
  for (const [source, place, message, hint] of cases) {
    const fault = faultOf(source);
    assert.equal(fault.at, place, source);
    assert.ok(fault.message.includes(message), `${source}: ${fault.message}`);
    if (hint !== undefined) assert.match(fault.hint ?? "", hint, source);
  }
  const late = faultOf("args.a.all(x, x == 1) && x == 1");
  assert.equal(late.offset, 25);
  assert.equal(faultOf("  true\n  && nope").offset, 12);
});

Deno.test("compileCondition() takes functions that somebody else brings", () => {
  const verb: ConditionFunction = {
    kind: "text",
    signature: "verb_of(string, string): string",
    summary: "The first word, by dialect",
    unitsPerChar: 1,
    refuses: ([, dialect]) => dialect === "latin" ? 'no dialect "latin"' : undefined,
    call: ([text = ""]) => {
      if (text === "boom") throw new Error("Cannot read");
      return text.split(" ")[0] ?? "";
    },
  };
  const functions = [...CONDITION_FUNCTIONS, verb];
  const condition = sound('verb_of(args.sql, "sqlite") in ["SELECT", "PRAGMA"]', functions);
  assert.equal(condition.holds(inputOf({ sql: "SELECT 1" })), "true");
  assert.equal(condition.holds(inputOf({ sql: "DROP x" })), "false");
  assert.equal(condition.holds(inputOf({ sql: "boom" })), "error");
  assert.equal(condition.holds(inputOf({ sql: 1 })), "error");
  const refused = compileCondition('verb_of(args.sql, "latin") == ""', functions);
  assert.ok(!refused.ok && refused.error.message.endsWith('no dialect "latin"'));
  assert.equal(faultOf('verb_of(args.sql, "sqlite") == ""').at, 'verb_of(args.sql, "sqlite")');
});

Deno.test("compileCondition() never throws, and what it compiles answers one of four words", () => {
  const word = fc.constantFrom(
    ..."args principal context x . ( ) [ ] { } , : ? ! - + * / % == != < <= && || in 1 2.5 'a' \"b\" r'c' b'd' true null has size all exists map filter re under glob host in_cidr name roles claims time getHours 9223372036854775807 1u // \n \\ __proto__ constructor matches"
      .split(" "),
  );
  const source = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(word, { maxLength: 16 }).map((words) => words.join(" ")),
    fc.array(word, { maxLength: 16 }).map((words) => words.join("")),
    word.map((w) => `args.a.all(x, x.${w}(x))`),
    fc.tuple(word, word).map(([a, b]) => `args.a ${a} args.b.exists(x, x ${b} args.a)`),
  );
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
  fc.assert(
    fc.property(source, json, json, (text, a, b) => {
      const compiled = compileCondition(text);
      if (!compiled.ok) {
        const { offset, length, message } = compiled.error;
        assert.ok(offset >= 0 && length >= 0 && offset + length <= text.length, message);
        return;
      }
      for (const args of [undefined, { a, b }]) {
        const truth = compiled.value.holds(inputOf(args));
        assert.ok(["true", "false", "error", "unknown"].includes(truth));
      }
    }),
    { numRuns: 2_000 },
  );
});
