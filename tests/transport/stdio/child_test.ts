import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { type Child, spawnChild, SpawnError } from "../../../src/transport/stdio/child.ts";
import { bytesOf, eventually, runs, textOf } from "../support.ts";

const PATH = Deno.env.get("PATH") ?? "";

function sh(script: string, env: Readonly<Record<string, string>> = { PATH }): Child {
  return spawnChild({ argv: ["sh", "-c", script], env });
}

async function output(child: Child): Promise<string> {
  let text = "";
  for (;;) {
    const bytes = await child.stdout.read(new Uint8Array(65_536));
    if (bytes.length === 0) return text;
    text += textOf(bytes);
  }
}

/** Ends what a test started, and gives back its pipes. */
async function tidy(child: Child): Promise<void> {
  child.signal("SIGKILL");
  await child.exited;
  await Promise.all([child.stdin.close(), child.stdout.cancel(), child.stderr.cancel()]);
}

function failure(argv: readonly string[], cwd?: string): SpawnError {
  let error: unknown;
  throws(() => spawnChild({ argv, env: { PATH }, ...(cwd === undefined ? {} : { cwd }) }), (e) => {
    error = e;
    return true;
  });
  ok(error instanceof SpawnError);
  return error;
}

Deno.test("spawnChild() gives the child exactly the environment and the words it is given", async () => {
  const env = { PATH, ONLY: "this one" };
  const child = spawnChild({
    argv: ["sh", "-c", 'env; printf "<%s>" "$@"', "-", "a b", "$X;"],
    env,
  });
  const text = await output(child);
  ok(text.includes("ONLY=this one\n"));
  ok(text.endsWith("<a b><$X;>"));
  const names = text.split("\n").slice(0, -1).map((line) => line.split("=")[0]);
  deepEqual(
    names.filter((name) => !["PATH", "ONLY", "PWD", "_", "SHLVL"].includes(name ?? "")),
    [],
  );
  deepEqual(await child.exited, { code: 0, signal: undefined });
  await tidy(child);
});

Deno.test("spawnChild() passes bytes both ways and gives the exit code", async () => {
  const child = sh('read line; printf "got %s" "$line"; exit 7');
  await child.stdin.write(bytesOf("hello\n"));
  equal(await output(child), "got hello");
  deepEqual(await child.exited, { code: 7, signal: undefined });
  await tidy(child);
});

Deno.test("spawnChild() gives 128 + n when a signal ended the child", async () => {
  const child = sh("kill -SEGV $$");
  deepEqual(await child.exited, { code: 139, signal: "SIGSEGV" });
  await tidy(child);
});

Deno.test("spawnChild() starts in the working folder it is given", async () => {
  const cwd = Deno.realPathSync(Deno.makeTempDirSync());
  const child = spawnChild({ argv: ["sh", "-c", "pwd"], env: { PATH }, cwd });
  equal(await output(child), cwd + "\n");
  await child.exited;
  await tidy(child);
  Deno.removeSync(cwd);
});

Deno.test("spawnChild() says whether the command is missing, not executable, or the folder is", () => {
  const folder = Deno.makeTempDirSync();
  const write = (name: string, text: string, mode: number) => {
    Deno.writeTextFileSync(`${folder}/${name}`, text);
    Deno.chmodSync(`${folder}/${name}`, mode);
    return `${folder}/${name}`;
  };
  const plain = write("plain.sh", "#!/bin/sh\n", 0o644);
  const lost = write("lost", "#!/no/such/interpreter\n", 0o755);
  const table: readonly [readonly string[], string, RegExp, RegExp][] = [
    [["no-such-command-x"], "command-missing", /"no-such-command-x": the command was not/, /PATH/],
    [["./no/such/file"], "command-missing", /not found/, /check the path/],
    [["sh -c true"], "command-missing", /not found/, /word by word/],
    [[], "command-missing", /Cannot start "": /, /--target/],
    [[lost], "command-missing", /not found/, /interpreter/],
    [[plain], "command-not-executable", /not executable/, /chmod/],
    [[folder], "command-not-executable", /not executable/, /chmod/],
    [["sh", "a\0b"], "cannot-start", /nul byte/, /by itself/],
    [["no\u001b[2J"], "command-missing", /no\\u\{1b\}\[2J/, /PATH/],
  ];
  for (const [argv, code, message, hint] of table) {
    const error = failure(argv);
    equal(error.code, code, String(argv));
    ok(message.test(error.message), error.message);
    ok(hint.test(error.hint), error.hint);
    ok(error.cause !== undefined);
  }
  equal(failure(["sh"], `${folder}/none`).code, "bad-cwd");
  equal(failure(["sh"], plain).code, "bad-cwd");
  equal(failure(["no-such-command-x"], folder).code, "command-missing");
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("Child.signal() reaches every process of the group, also when the child itself has ended", async () => {
  const stubborn = "trap '' TERM; sh -c 'echo $PPID'; exec sleep 300";
  const child = sh(`sleep 300 & echo $!; (${stubborn}) & read go; exit 3`);
  const pids: number[] = [];
  while (pids.length < 2) {
    const bytes = await child.stdout.read(new Uint8Array(100));
    pids.push(...textOf(bytes).trim().split("\n").map(Number));
  }
  await child.stdin.write(bytesOf("go\n"));
  deepEqual(await child.exited, { code: 3, signal: undefined });
  const [first = 0, second = 0] = pids;
  ok(runs(first) && runs(second) && child.groupLives());
  child.signal("SIGTERM");
  await eventually("the first grandchild ends", () => !runs(first));
  ok(runs(second) && child.groupLives());
  child.signal("SIGKILL");
  await eventually("the group is gone", () => !child.groupLives());
  ok(!runs(second));
  await tidy(child);
});

Deno.test("Child.groupLives() wakes a stopped child, so that it hears SIGTERM", async () => {
  const child = sh("kill -STOP $$; exit 5");
  await eventually("it stops", () => / T /.test(Deno.readTextFileSync(`/proc/${child.pid}/stat`)));
  ok(child.groupLives());
  deepEqual(await child.exited, { code: 5, signal: undefined });
  equal(child.groupLives(), false);
  await tidy(child);
});

Deno.test("Child.stdin rejects when the child has closed its end", async () => {
  const child = sh("exec <&-; echo closed; sleep 300");
  await child.stdout.read(new Uint8Array(100));
  const error = await child.stdin.write(bytesOf("x\n")).then(() => undefined, (e: unknown) => e);
  ok(error instanceof Error);
  await tidy(child);
});

Deno.test({
  name: "spawnChild() says which permission is missing",
  permissions: { run: false },
  fn: () => {
    const error = failure(["sh", "-c", "true"]);
    equal(error.code, "cannot-start");
    ok(error.hint.includes("--allow-run"));
  },
});

Deno.test({
  name: "Child.signal() reaches at least the child when it may run nothing but that",
  permissions: { run: ["sh"] },
  fn: async () => {
    const child = sh("sleep 300");
    ok(child.groupLives());
    child.signal("SIGTERM");
    deepEqual(await child.exited, { code: 143, signal: "SIGTERM" });
    equal(child.groupLives(), false);
    await tidy(child);
  },
});
