import assert from "node:assert/strict";
import fc from "fast-check";
import { examineArgv } from "../../../src/inspect/arguments/argv.ts";
import { PROFILE, SHELL_PROFILE } from "./command_profile.ts";

Deno.test("examineArgv() refuses what the program would do", () => {
  const refused: readonly (readonly string[])[] = [
    ["curl", "x.example"],
    ["/bin/ls"],
    ["../run.sh"],
    ["env", "curl", "x.example"],
    ["find", ".", "-exec", "curl", "{}", ";"],
    ["rm", "-rf", "/"],
    ["rm", "-rf", "."],
    ["cp", "a", "/etc/x"],
    ["cat", "/etc/passwd"],
    ["cat", "../../etc/passwd"],
    ["python3", "-c", "print(1)"],
    ["git", "-c", "core.sshCommand=evil", "fetch"],
    ["sed", "s/a/b/e", "f"],
    ["watch", "curl x.example"],
    ["npm", "config", "set", "registry", "http://x.example"],
    ["ls", "a\0b"],
    ["ls", "a\x1b"],
    ["ls", "a".repeat(70_000)],
    Array.from({ length: 5000 }, () => "ls"),
  ];
  assert.deepEqual(refused.filter((words) => examineArgv(words, PROFILE) === undefined), []);
});

Deno.test("examineArgv() takes words as they are: no shell looks at them", () => {
  const passing: readonly (readonly string[])[] = [
    [],
    ["ls", "-la"],
    ["echo", "$(curl x.example)", "`reboot`", ";", "rm", "-rf", "/"],
    ["grep", "-rn", "a | b > /etc/x", "src"],
    ["git", "commit", "-m", "a\n\nb && c"],
    ["touch", "a b; c"],
    ["cat", "*.pem.txt"],
    ["find", ".", "-name", "*.ts", "-exec", "wc", "-l", "{}", "+"],
    ["./run.sh", "x"],
  ];
  assert.deepEqual(passing.filter((words) => examineArgv(words, PROFILE) !== undefined), []);
  assert.equal(
    examineArgv(["sh", "-c", "ls; curl x.example"], SHELL_PROFILE)?.rule,
    "command-program",
  );
});

Deno.test("examineArgv() never throws, whatever it is given", () => {
  const word = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom(
      "env",
      "find",
      "-exec",
      "xargs",
      "git",
      "-c",
      "sh",
      "rm",
      "{}",
      ";",
      "sed",
      "tar",
    ),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const objection = examineArgv(words, SHELL_PROFILE);
      return objection === undefined || objection.detail.length <= 200;
    }),
    { numRuns: 2000 },
  );
});
