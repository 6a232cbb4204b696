import assert from "node:assert/strict";
import fc from "fast-check";
import { CliError, EXIT } from "../../src/cli/exit.ts";
import { parseArguments, wantsHelp } from "../../src/cli/parse.ts";

const FLAGS = {
  file: { kind: "text", value: "FILE", group: "G", brief: "a file" },
  loud: { kind: "switch", group: "G", brief: "noise" },
  level: { kind: "choice", value: "LEVEL", choices: ["LOW", "HIGHEST"], group: "G", brief: "x" },
  times: { kind: "number", value: "N", min: 1, max: 9, group: "G", brief: "x" },
  roles: { kind: "list", value: "A,B", group: "G", brief: "x" },
  env: { kind: "many", value: "NAME", group: "G", brief: "x" },
} as const;

const GRAMMAR = { flags: FLAGS, words: "WORD", rest: true } as const;
const NOTHING = {
  file: undefined,
  loud: false,
  level: undefined,
  times: undefined,
  roles: [],
  env: [],
};

function fails(args: string[], grammar: Parameters<typeof parseArguments>[1] = GRAMMAR): CliError {
  try {
    parseArguments(args, grammar);
  } catch (error) {
    assert.ok(error instanceof CliError, String(error));
    assert.equal(error.exit, EXIT.usage);
    return error;
  }
  assert.fail(`${JSON.stringify(args)} was accepted`);
}

Deno.test("parseArguments() gives every flag a value of its kind", () => {
  assert.deepEqual(parseArguments([], GRAMMAR), { flags: NOTHING, words: [], rest: undefined });
});

Deno.test("parseArguments() takes --flag value and --flag=value alike", () => {
  const apart = ["--file", "a=b", "--loud", "--level", "low", "--times", "3", "--env", "X=1=2"];
  const joined = ["--file=a=b", "--loud", "--level=LOW", "--times=3", "--env=X=1=2"];
  const wanted = { ...NOTHING, file: "a=b", loud: true, level: "LOW", times: 3, env: ["X=1=2"] };
  assert.deepEqual(parseArguments(apart, GRAMMAR).flags, wanted);
  assert.deepEqual(parseArguments(joined, GRAMMAR).flags, wanted);
});

Deno.test("parseArguments() adds up lists and repeated flags", () => {
  const { flags } = parseArguments(
    ["--roles", "a, b", "--env", "A", "--roles=c,,", "--env", "B,C"],
    GRAMMAR,
  );
  assert.deepEqual(flags.roles, ["a", "b", "c"]);
  assert.deepEqual(flags.env, ["A", "B,C"]);
});

Deno.test("parseArguments() leaves everything after -- as it is", () => {
  const { flags, words, rest } = parseArguments(
    ["one", "--loud", "-", "--", "npx", "--file", "x", "--", "--help"],
    GRAMMAR,
  );
  assert.equal(flags.loud, true);
  assert.deepEqual(words, ["one", "-"]);
  assert.deepEqual(rest, ["npx", "--file", "x", "--", "--help"]);
  assert.deepEqual(parseArguments(["--"], GRAMMAR).rest, []);
});

Deno.test("parseArguments() keeps any words after -- whatever they are", () => {
  fc.assert(fc.property(fc.array(fc.string()), (argv) => {
    assert.deepEqual(parseArguments(["--loud", "--", ...argv], GRAMMAR).rest, argv);
  }));
});

Deno.test("parseArguments() never gives a value that was not written", () => {
  const word = fc.oneof(
    fc.constantFrom("--file", "--loud", "--level", "--times", "--roles=a", "--env", "--", "-x"),
    fc.string(),
  );
  fc.assert(fc.property(fc.array(word), (args) => {
    try {
      const { flags, words, rest } = parseArguments(args, GRAMMAR);
      for (const text of [flags.file ?? args[0] ?? "", ...words, ...rest ?? []]) {
        if (args.length > 0) assert.ok(args.some((arg) => arg.includes(text)), text);
      }
    } catch (error) {
      assert.ok(error instanceof CliError, String(error));
    }
  }));
});

Deno.test("parseArguments() names the flag that was meant", () => {
  assert.equal(fails(["--fiel", "x"]).message, 'Unknown flag "--fiel"');
  assert.equal(fails(["--fiel", "x"]).hint, "Did you mean --file?");
  assert.equal(fails(["--Loud"]).hint, "Did you mean --loud?");
  assert.equal(fails(["--zzzzzz=1"]).message, 'Unknown flag "--zzzzzz"');
  assert.equal(fails(["-x"]).message, 'Unknown flag "-x"');
});

Deno.test("parseArguments() knows own flags only, not inherited names", () => {
  for (const name of ["constructor", "__proto__", "toString", ""]) {
    assert.match(fails([`--${name}=x`]).message, /Unknown flag/);
  }
});

Deno.test("parseArguments() does not take a flag for a value", () => {
  assert.match(fails(["--file"]).message, /--file without a value/);
  assert.match(fails(["--file", "--"]).message, /--file without a value/);
  const { message, hint } = fails(["--file", "--loud"]);
  assert.match(message, /--file without a value/);
  assert.match(hint ?? "", /--file=--loud/);
  assert.equal(parseArguments(["--file=--loud"], GRAMMAR).flags.file, "--loud");
});

Deno.test("parseArguments() refuses a second value and a value for a switch", () => {
  assert.equal(fails(["--file", "a", "--file=b"]).message, "Cannot use --file twice");
  assert.equal(fails(["--loud", "--loud"]).message, "Cannot use --loud twice");
  assert.equal(fails(["--loud=yes"]).message, "Cannot use --loud=yes: it takes no value");
});

Deno.test("parseArguments() says what a choice and a number may be", () => {
  assert.equal(
    fails(["--level", "lwo"]).message,
    'Cannot set --level as it must be one of LOW, HIGHEST: current value is "lwo"',
  );
  assert.equal(fails(["--level", "lwo"]).hint, "Did you mean --level LOW?");
  assert.equal(fails(["--level", "high"]).hint, "Did you mean --level HIGHEST?");
  for (const value of ["0", "10", "1.5", "", "x", "1e0"]) {
    assert.equal(
      fails([`--times=${value}`]).message,
      `Cannot set --times as it must be a whole number from 1 to 9: current value is "${value}"`,
    );
  }
});

Deno.test("parseArguments() refuses words and -- where there is no place for them", () => {
  assert.equal(fails(["npx"], { flags: FLAGS }).message, 'Unexpected word "npx"');
  assert.match(fails(["npx"], { flags: FLAGS, rest: true }).hint ?? "", /-- npx/);
  assert.match(fails(["--", "x"], { flags: FLAGS }).message, /"--"/);
});

Deno.test("wantsHelp() looks only before --", () => {
  assert.equal(wantsHelp(["a", "--help"]), true);
  assert.equal(wantsHelp(["-h"]), true);
  assert.equal(wantsHelp(["--", "npx", "--help"]), false);
  assert.equal(wantsHelp(["help"]), false);
});
