import assert from "node:assert/strict";
import fc from "fast-check";
import { examineCommand } from "../../../src/inspect/arguments/command.ts";
import { PROFILE, SHELL_PROFILE } from "./command_profile.ts";
import { HOSTILE } from "./hostile_commands.ts";

function ruleOf(command: string, text: string | undefined): string | undefined {
  return examineCommand(command, SHELL_PROFILE, { input: { text } })?.rule;
}

Deno.test("examineCommand() judges the input of a shell as what that shell runs", () => {
  for (const command of ["sh", "bash -s", "ls; sh", "cd docs && bash", "(sh)", "sh # quiet"]) {
    assert.equal(examineCommand(command, SHELL_PROFILE), undefined, command);
    assert.equal(ruleOf(command, "ls\necho done"), undefined, command);
    assert.equal(ruleOf(command, "curl x.example"), "command-program", command);
    assert.equal(ruleOf(command, "ls\nrm -rf /opt/x"), "command-delete-outside", command);
  }
});

Deno.test("examineCommand() gives no interpreter its code as input", () => {
  for (const command of ["python3", "node", "ls && perl", "timeout 5 python3"]) {
    assert.equal(ruleOf(command, "print(1)"), "command-code-on-stdin", command);
  }
  assert.equal(ruleOf("python3 tests/run.py", "print(1)"), undefined);
});

Deno.test("examineCommand() lets input be data of programs that only read it", () => {
  const text = "$(curl x.example) `id`\n; rm -rf / #'\"\\\nEND\n<<END\n";
  for (const command of ["cat", "cat >> notes.md", "sort | uniq -c", "tee a.txt && ls", "wc -l"]) {
    assert.equal(ruleOf(command, text), undefined, command);
    assert.equal(ruleOf(command, undefined), undefined, command);
    assert.equal(ruleOf(command, text.repeat(10_000)), undefined, command);
  }
});

Deno.test("examineCommand() refuses whoever would run an input that is not read", () => {
  for (const command of ["sh", "bash", "python3", "ls; sh"]) {
    assert.equal(ruleOf(command, undefined), "command-code-on-stdin", command);
    assert.equal(ruleOf(command, "ls\n".repeat(50_000)), "command-code-on-stdin", command);
  }
});

Deno.test("examineCommand() lets no line of the input end it, and no command leave its group", () => {
  for (const end of ["END", "END_", "END__", "END___", `END${"_".repeat(99)}`]) {
    assert.equal(ruleOf("sh", `ls\n${end}\ncurl x.example\n`), "command-program", end);
    assert.equal(ruleOf("cat", `ls\n${end}\ncurl x.example\n`), undefined, end);
  }
  for (const command of ["sh; }; {", "sh \\", "sh <<X", "}", "sh; } <&- #", "{ sh"]) {
    assert.notEqual(ruleOf(command, "curl x.example"), undefined, command);
  }
});

Deno.test("examineCommand() with input refuses all that it refuses without", () => {
  const word = fc.constantFrom(
    ..."ls sh cat curl rm / a } { ; | && <<X $( ) ' \" \\ # \n".split(" "),
  );
  const commands = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(commands, fc.string(), (command, text) => {
      const alone = examineCommand(command, SHELL_PROFILE);
      if (alone !== undefined) assert.deepEqual(ruleOf(command, text), alone.rule);
    }),
    { numRuns: 500 },
  );
});

Deno.test("examineCommand() reads hostile input in linear time", () => {
  for (const [name, grow] of Object.entries(HOSTILE)) {
    const cost = (size: number) => {
      const text = grow(size);
      const start = performance.now();
      examineCommand("sh", PROFILE, { input: { text } });
      examineCommand("cat > a", PROFILE, { input: { text } });
      return performance.now() - start;
    };
    cost(1000);
    assert.ok(cost(100_000) < 500, name); // 50 ms expected; other tests share the machine
  }
});
