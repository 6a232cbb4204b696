import assert from "node:assert/strict";
import fc from "fast-check";
import { parseBash } from "../../src/grammar/bash.ts";
import { actionOfCommand } from "../../src/grammar/command_action.ts";

const CASES: { readonly [action: string]: readonly string[] } = {
  read: [
    "ls -la",
    "cat a b | grep x | sort | uniq -c | head -3",
    "git log --oneline",
    "git status; git diff HEAD~1",
    "find . -name '*.ts' -type f",
    "find . -exec wc -l {} +",
    "grep -rn x src 2>/dev/null",
    "sed -n 1,5p a",
    "awk '{ print $1 }' a",
    "ls | xargs wc -l",
    "timeout 5 cat a",
    'for f in a b; do cat "x$f"; done',
    "if [ -f a ]; then cat a; fi",
    "tar tf a.tar",
    "gzip -dc a.gz",
    "ls *.ts",
    "cat $x",
    "echo $(date)",
    "f() { ls; }; f",
    "cd src && ls",
    "trap - INT",
    "unzip -l a.zip",
  ],
  write: [
    "echo x > a",
    "cp a b",
    "mkdir -p a/b",
    "touch a",
    "sed -i s/a/b/ a",
    "sed 's/a/b/w out' a",
    "awk '{ print > \"x\" }' a",
    "tee a < b",
    "sort -o a a",
    "chmod +x a",
    "ln -s a b",
    "tar czf a.tgz b",
    "git add a && git commit -m 'rm -rf /'",
    "git branch x",
    "ls | xargs touch",
    "find . -exec chmod 644 {} +",
    "find . -fprint out",
    "cat <<E > a\nx\nE",
    "{ ls; } > a",
    'cat a >> "$b"',
  ],
  delete: [
    "rm a",
    'rm -rf "$x"',
    "rmdir a",
    "ls; rm a; ls",
    "mv a b",
    "git clean -fdx",
    "git branch -D x",
    "git rm a",
    "git stash drop",
    "find . -name x -delete",
    "find . -exec rm {} +",
    "ls | xargs rm",
    "ls | xargs -I{} rm {}",
    "trap 'rm -f a' EXIT",
    "echo $(rm a)",
    "timeout 5 rm a",
    "zip -m a.zip b",
    "tar czf a.tgz --remove-files b",
  ],
  execute: [
    "npm test",
    "./run.sh",
    "unknown",
    "$x",
    "sh -c 'ls'",
    "eval ls",
    "python3 a.py",
    "curl x",
    "git push",
    "git -c core.pager=x log",
    "git log --upload-pack=x -Oevil",
    "find . $x",
    "find . -exec sh {} \\;",
    "ls | xargs sh",
    "A=1 ls",
    "export PATH=x",
    "env ls",
    "awk 'BEGIN { system(\"x\") }'",
    'awk "$x" a',
    "sed e a",
    "sed -f x a",
    "sort $x",
    "sort --compress-program=x a",
    "less '+!ls' a",
    "ls | | wc",
    "tar xf a.tar --to-command=x",
    'trap "$x" EXIT',
    "watch 'curl x'",
    "echo x > /dev/tcp/h/1",
    "psql -c 'select 1'",
    "kill 1",
    "hostname x",
  ],
};

for (const [action, commands] of Object.entries(CASES)) {
  Deno.test(`actionOfCommand() says ${action}`, () => {
    const wrong = commands.filter((text) => actionOfCommand(parseBash(text)) !== action)
      .map((text) => `${text} ⇒ ${actionOfCommand(parseBash(text))}`);
    assert.deepEqual(wrong, []);
  });
}

Deno.test("actionOfCommand() never grows laxer by what is put beside a command", () => {
  const gravity = ["read", "write", "delete", "execute"];
  const command = fc.constantFrom(
    ...Object.values(CASES).flat().filter((text) => !/<<|\| \|/.test(text)),
  );
  const of = (text: string) => gravity.indexOf(actionOfCommand(parseBash(text)));
  fc.assert(
    fc.property(command, command, (left, right) => {
      assert.ok(of(`${left}\n${right}`) >= Math.max(of(left), of(right)));
      assert.ok(of(`(${left}\n) | (${right}\n)`) >= Math.max(of(left), of(right)));
    }),
    { numRuns: 500 },
  );
});
