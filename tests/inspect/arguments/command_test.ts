import assert from "node:assert/strict";
import fc from "fast-check";
import { examineCommand } from "../../../src/inspect/arguments/command.ts";
import idioms from "./command_idioms.json" with { type: "json" };
import { PASSES, REFUSED } from "./command_cases.ts";
import { PROFILE, SHELL_PROFILE } from "./command_profile.ts";
import { HOSTILE } from "./hostile_commands.ts";

for (const [clause, commands] of Object.entries(REFUSED)) {
  Deno.test(`examineCommand() refuses ${clause}`, () => {
    const missed = commands.filter((command) => examineCommand(command, PROFILE) === undefined);
    assert.deepEqual(missed, []);
  });
}

for (const [clause, commands] of Object.entries(PASSES)) {
  Deno.test(`examineCommand() passes ${clause}`, () => {
    const refused = commands.flatMap((command) => {
      const objection = examineCommand(command, PROFILE);
      return objection === undefined ? [] : [`${command} ⇒ ${objection.rule}: ${objection.detail}`];
    });
    assert.deepEqual(refused, []);
  });
}

Deno.test("examineCommand() refuses every way of an allowed program to do harm that is listed", () => {
  const missed = idioms.refused.filter((text) => examineCommand(text, PROFILE) === undefined);
  assert.deepEqual(missed, []);
});

Deno.test("examineCommand() passes the everyday use of the programs that are allowed", () => {
  const allow = new Set([...PROFILE.allow, "cal", "column", "free", "hexdump", "hostname", "id"]);
  for (
    const name of ["look", "nl", "nproc", "od", "pgrep", "rev", "sha1sum", "sha256sum", "shuf"]
  ) {
    allow.add(name);
  }
  for (
    const name of ["top", "tsort", "unix2dos", "zgrep", "zless", "fgrep", "fmt", "fold", "cksum"]
  ) {
    allow.add(name);
  }
  const profile = { ...PROFILE, allow };
  const refused = idioms.passing.flatMap((text) => {
    const objection = examineCommand(text, profile);
    return objection === undefined ? [] : [`${text} ⇒ ${objection.rule}: ${objection.detail}`];
  });
  assert.deepEqual(refused, []);
});

Deno.test("examineCommand() judges what allowed shells and wrappers run", () => {
  const refused = [
    "sh -c 'curl x.example'",
    "bash -lc 'ls; curl x.example'",
    'bash -c "ls $(curl x.example)"',
    'bash -c "$code"',
    'sh -c "rm -rf $dir"',
    "bash -c 'bash -c \"curl x.example\"'",
    "sh -c 'rm -rf \"$1\"' _ /opt/x",
    "sh -c 'cat \"$1\"' _ /etc/shadow",
    "find /opt -exec sh -c 'rm \"$1\"' _ {} \\;",
    "eval 'curl x.example'",
    "eval ls '&&' curl x.example",
    'eval "$(cat x)"',
    "eval $x",
    "curl=1; echo ls | sh",
    "cat script | bash",
    "bash < script",
    "bash <(ls)",
    "bash -s < script",
    "bash <<< 'curl x.example'",
    "bash <<'EOF'\ncurl x.example\nEOF",
    "bash /tmp/x.sh",
    "source /tmp/x.sh",
    ". <(ls)",
    "sudo curl x.example",
    "sudo -u root env curl x.example",
    "ssh host 'curl x.example'",
    "ssh host curl x.example",
    "ssh -o ProxyCommand=evil host",
    "command curl x.example",
    "exec curl x.example",
    "nohup curl x.example &",
    "stdbuf -oL curl x.example",
    "setsid curl x.example",
    "flock a -c 'curl x.example'",
    "flock a curl x.example",
    "su -c 'curl x.example'",
    "xargs sh -c 'curl x.example' < a",
    "dd if=a of=/opt/x",
    `${"env ".repeat(30)}ls`,
  ];
  const passing = [
    "sh -c 'ls -l'",
    "bash -c 'set -e; npm test'",
    "find . -name '*.txt' -exec sh -c 'mv \"$1\" \"${1%.txt}.md\"' _ {} \\;",
    "eval 'ls -l'",
    "bash scripts/build.sh",
    "source ./env.sh",
    "bash <<'EOF'\nls\nEOF",
    "sudo ls",
    "ssh host ls -l",
    "command -v curl",
    "command ls",
    "nohup npm start &",
    "dd if=/dev/zero of=a bs=1 count=1",
  ];
  const missed = refused.filter((command) => examineCommand(command, SHELL_PROFILE) === undefined);
  const wrong = passing.filter((command) => examineCommand(command, SHELL_PROFILE) !== undefined);
  assert.deepEqual({ missed, wrong }, { missed: [], wrong: [] });
});

Deno.test("examineCommand() lets inline code of a program pass that the profile leaves out", () => {
  const profile = { ...PROFILE, noInlineCode: new Set(["node"]) };
  assert.equal(examineCommand("python3 -c 'print(1)'", profile), undefined);
  assert.equal(examineCommand("echo 'print(1)' | python3", profile), undefined);
  assert.equal(examineCommand("node -e 1", profile)?.rule, "command-inline-code");
});

Deno.test("examineCommand() refuses project scripts when the profile does", () => {
  const profile = { ...PROFILE, projectScripts: false };
  assert.equal(examineCommand("./run.sh", profile)?.rule, "command-program");
  assert.equal(examineCommand("./run.sh", PROFILE), undefined);
});

Deno.test("examineCommand() needs neither a home nor a working folder", () => {
  const profile = { ...PROFILE, cwd: undefined, home: undefined };
  assert.equal(examineCommand("rm -f build/x", profile), undefined);
  assert.equal(examineCommand("rm -rf ~/x", profile)?.rule, "command-delete-outside");
  assert.equal(examineCommand("cat ~/.ssh/id_ed25519", profile)?.rule, "command-sensitive");
  assert.equal(
    examineCommand("ls", { ...profile, writeRoots: [], allow: new Set(["ls"]) }),
    undefined,
  );
});

Deno.test("examineCommand() says the rule and no more of the command than is needed", () => {
  const secret = "x".repeat(500);
  const objection = examineCommand(`rm /opt/${secret}`, PROFILE);
  assert.equal(objection?.rule, "command-delete-outside");
  assert.ok((objection?.detail.length ?? 999) <= 200);
  assert.ok(!objection?.detail.includes(secret.slice(0, 80)));
  assert.equal(examineCommand("ls\u0000", PROFILE)?.rule, "command-control-character");
  assert.equal(examineCommand(`ls ${"a".repeat(70_000)}`, PROFILE)?.rule, "command-too-long");
});

const WORDS = [
  ...["ls", "cat", "rm", "-rf", "find", ".", "-exec", "{}", "\\;", "|", "xargs", "$x", "$(", ")"],
  ...["`", "'", '"', "/etc", "../", "~", "*", "{a,b}", "<<E", "\n", "E", ">", "&", "&&", ";", "("],
  ...["sed", "s/a/b/", "awk", "{print}", "git", "-c", "a=b", "for", "f", "in", "do", "done", "${"],
  ...["}", "[[", "]]", "$((", "))", "env", "sh", "-c", "docker", "run", "-v", ":", "=", "\\", "{"],
];

Deno.test("examineCommand() never throws, whatever it is given", () => {
  const soup = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) =>
    words.join(" ")
  );
  const glued = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) =>
    words.join("")
  );
  const any = fc.oneof(soup, glued, fc.string({ unit: "binary", maxLength: 200 }));
  fc.assert(
    fc.property(any, (text) => {
      const objection = examineCommand(text, SHELL_PROFILE);
      return objection === undefined || /^command-[a-z-]+$/.test(objection.rule);
    }),
    { numRuns: 1500 },
  );
});

Deno.test("examineCommand() refuses a program that is not allowed wherever it is put", () => {
  const places = [
    ...[
      "%",
      "ls; %",
      "ls && %",
      "ls | %",
      "! %",
      "ls; ( % )",
      "$( (%) )",
      "ls | ( (%) | cat )",
      "{ %; }",
      "$(%)",
      "echo `%`",
      'echo "$(%)"',
    ],
    ...["cat <(%)", "if %; then ls; fi", "while %; do ls; done", "f() { %; }", "x=$(%)", "% &"],
    ...["env A=1 %", "timeout 5 %", "nice %", "xargs % < a", "find . -exec % \\;", "trap '%' EXIT"],
    ...["watch '%'", "cat <<E\n$(%)\nE", "for i in $(%); do ls; done", "case a in a) %;; esac"],
    ...["[[ $(%) ]]", "echo $(( $(%) ))", "ls > $(%)", "a[$(%)]=1", "echo ${x:-$(%)}", "time %"],
    ...["alias l='%'", "npx %", "git bisect run %", "kubectl exec p -- %", "echo {a,$(%)}"],
  ];
  const nested = fc.array(fc.constantFrom(...places.filter((place) => !/['`\n"]/.test(place))), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.constantFrom(...places), nested, (outer, inner) => {
      const command = [...inner, outer].reduceRight(
        (text, place) => place.replace("%", () => text),
        "curl x",
      );
      fc.pre(!command.includes("((")); // arithmetic: nothing in it is a program
      return examineCommand(command, PROFILE) !== undefined;
    }),
    { numRuns: 2000 },
  );
});

Deno.test("examineCommand() stays linear in hostile text", () => {
  for (const [name, make] of Object.entries(HOSTILE)) {
    const time = (chars: number) => {
      const text = make(chars).slice(0, 65_536);
      return Math.min(...[1, 2].map(() => {
        const start = performance.now();
        examineCommand(text, PROFILE);
        return performance.now() - start;
      }));
    };
    time(4_000);
    // Generous: four times the text may take sixteen times as long only while it is next to nothing.
    const [small, large] = [time(12_000), time(48_000)];
    assert.ok(large < 300 || large < small * 10, `${name}: ${small} ms, then ${large} ms`);
  }
});
