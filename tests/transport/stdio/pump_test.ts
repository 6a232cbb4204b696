import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import type { Channel } from "../../../src/gateway/channel.ts";
import { DEFAULT_LIMITS } from "../../../src/base/limits.ts";
import { createLogger } from "../../../src/base/log.ts";
import { type Child, spawnChild } from "../../../src/transport/stdio/child.ts";
import { runShim } from "../../../src/transport/stdio/pump.ts";
import { systemTimers } from "../../../src/transport/stdio/timers.ts";
import {
  bytesOf,
  ClientInput,
  ClientOutput,
  eventually,
  FakeSignals,
  FakeTime,
  OpenDoor,
  runs,
  settle,
} from "../support.ts";

const KIB = 1024;
const PATH = Deno.env.get("PATH") ?? "";
const CALL = { jsonrpc: "2.0", id: 1, method: "tools/call" };

interface Scene {
  readonly child: Child;
  readonly stdin: ClientInput;
  readonly stdout: ClientOutput;
  readonly signals: FakeSignals;
  readonly door: OpenDoor;
  /** What people read on stderr. */
  readonly notes: string[];
  readonly code: Promise<number>;
}

interface SceneOptions {
  readonly argv?: readonly string[];
  readonly time?: FakeTime;
  readonly channel?: Promise<Channel>;
  readonly maxLineBytes?: number;
}

/** A client, a shim, and a shell script (or another program) as its child. */
function play(script: string, options: SceneOptions = {}): Scene {
  const { argv = ["sh", "-c", script], time, maxLineBytes = 1_000_000 } = options;
  const child = spawnChild({ argv, env: { PATH } });
  const [stdin, stdout, signals] = [new ClientInput(), new ClientOutput(), new FakeSignals()];
  const door = new OpenDoor();
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  const clock = time ?? { wallMs: () => Date.now(), monotonicMs: () => performance.now() };
  const code = runShim({
    channel: options.channel ?? Promise.resolve(door),
    ...{ child, name: "test", note, stdin, stdout, signals, clock },
    timers: time ?? systemTimers,
    limits: { ...DEFAULT_LIMITS, maxLineBytes },
    log: createLogger({ level: "INFO", format: "text", clock, write: note }),
  });
  code.catch(() => {}); // the test awaits it later
  return { child, stdin, stdout, signals, door, notes, code };
}

/** Lets a fake clock run, faster than a real one, while real processes do their part. */
async function passing<T>(time: FakeTime, promise: Promise<T>): Promise<T> {
  let done = false;
  promise.then(() => done = true, () => done = true);
  await eventually("it ends in fake time", () => {
    time.advance(50);
    return done;
  });
  return await promise;
}

function errorCodes({ stdout }: Scene): unknown[] {
  return stdout.messages.map(({ id, error }) => [id, (error as { code?: number })?.code]);
}

Deno.test("runShim() passes messages both ways in order and ends with the child", async () => {
  const scene = play("cat");
  const sent = Array.from({ length: 500 }, (_, id) => ({ ...CALL, id, text: "é".repeat(id) }));
  for (const message of sent) scene.stdin.send(message);
  await eventually("all came back", () => scene.stdout.messages.length === 500);
  deepEqual(scene.stdout.messages, sent);
  scene.stdin.end();
  equal(await scene.code, 0);
  equal(scene.door.closed, 1);
  equal(scene.signals.listening, false);
  equal(scene.stdin.closed, true);
});

Deno.test("runShim() passes a message of 10 MiB both ways", async () => {
  const scene = play("cat", { maxLineBytes: 20_000_000 });
  const text = "0123456789abcdef".repeat(10 * KIB * 64);
  scene.stdin.send({ ...CALL, text }, { ...CALL, id: 2 });
  await eventually("both came back", () => scene.stdout.text.endsWith('"tools/call"}\n'));
  deepEqual(scene.stdout.messages, [{ ...CALL, text }, { ...CALL, id: 2 }]);
  scene.stdin.end();
  equal(await scene.code, 0);
});

Deno.test("runShim() sends answers of the channel back to their sender and forwards none of those", async () => {
  const scene = play(`read line; echo "$line"; echo '{"id":"s1","method":"deny"}'; cat`);
  scene.stdin.send({ id: 1, method: "deny" }, { ...CALL, id: 2 }, { id: 3, method: "deny" });
  await eventually("all are here", () => scene.stdout.messages.length >= 4);
  deepEqual(errorCodes(scene).sort(), [[1, -31403], [2, undefined], [3, -31403], ["s1", -31403]]);
  scene.stdin.end();
  equal(await scene.code, 0);
});

Deno.test("runShim() drops what the channel drops and hands a last line without newline to it", async () => {
  const scene = play(`printf 'garbage\\n\\0\\n{"id":1}\\n\\377\\376\\n{"id":2}'; cat >/dev/null`);
  scene.stdin.sendRaw(bytesOf('{"no":"newline"}'));
  scene.stdin.end();
  equal(await scene.code, 0);
  deepEqual(scene.stdout.messages, [{ id: 1 }, { id: 2 }]);
  equal(scene.door.dropped, 3);
});

Deno.test("runShim() holds the client's messages until the channel is open, and reads no more", async () => {
  let open = (_: Channel) => {};
  const scene = play("cat", { channel: new Promise((resolve) => open = resolve) });
  scene.stdin.send(CALL);
  await settle();
  scene.stdin.sendRaw(new Uint8Array(500 * KIB).fill(10));
  scene.stdin.send({ ...CALL, id: 2 });
  await settle();
  await settle();
  ok(scene.stdin.taken <= 64 * KIB, `${scene.stdin.taken} bytes`);
  equal(scene.stdout.text, "");
  open(scene.door);
  await eventually("both came back", () => scene.stdout.messages.length === 2);
  scene.stdin.end();
  equal(await scene.code, 0);
});

Deno.test("runShim() ends the child and throws when the channel cannot be opened", async () => {
  for (const messages of [[CALL], []]) {
    const broken = new Error("bad policy");
    const time = new FakeTime();
    const scene = play("trap '' TERM; cat >/dev/null; sleep 300", {
      ...{ time, channel: Promise.reject(broken) },
    });
    scene.stdin.send(...messages);
    await rejects(passing(time, scene.code), broken);
    equal(runs(scene.child.pid), false);
    equal(scene.stdout.text, "");
  }
});

Deno.test("runShim() passes on what a child said before it ended, then answers what still waits", async () => {
  const scene = play(`read a; read b; echo "$a"; echo '{"partial":'; exit 7`);
  scene.stdin.send(CALL, { ...CALL, id: "b" }, { method: "notifications/x" });
  equal(await scene.code, 7);
  deepEqual(errorCodes(scene), [[1, undefined], ["b", -31502]]);
  equal(scene.door.goneDetail, "the server ended with exit code 7");
  equal(scene.door.closed, 1);
});

Deno.test("runShim() passes on all that a child said to a client that takes its time", async () => {
  const line = `{"noise":"${"n".repeat(1000)}"}`;
  const scene = play(`read a; yes '${line}' | head -n 500; exit 7`);
  scene.stdout.mood = "dawdles";
  scene.stdin.send(CALL);
  equal(await scene.code, 7);
  equal(scene.stdout.text.slice(0, 500 * (line.length + 1)), `${line}\n`.repeat(500));
  deepEqual(errorCodes(scene).slice(500), [[1, -31502]]);
});

Deno.test("runShim() waits for a judgement under way when the child ends", async () => {
  const door = new OpenDoor();
  const slow: Channel = {
    fromClient: async (frames) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return door.fromClient(frames);
    },
    fromUpstream: (frames) => door.fromUpstream(frames),
    upstreamGone: (detail) => door.upstreamGone(detail),
    close: () => door.close(),
  };
  const scene = play("echo '{}'; exit 7", { channel: Promise.resolve(slow) });
  scene.stdin.send({ id: 1, method: "deny" }, { ...CALL, id: 2 });
  equal(await scene.code, 7);
  deepEqual(errorCodes(scene).slice(1), [[1, -31403], [2, -31502]]);
});

Deno.test("runShim() ends with 128 + n when a signal ended the child", async () => {
  const scene = play("read a; kill -KILL $$");
  scene.stdin.send(CALL);
  equal(await scene.code, 137);
  deepEqual(errorCodes(scene), [[1, -31502]]);
  equal(scene.door.goneDetail, "the server was ended by SIGKILL");
});

Deno.test("runShim() answers what was read when a child ends at once, and says what to do", async () => {
  const scene = play("exit 9");
  scene.stdin.send(CALL, { ...CALL, id: 2 });
  equal(await scene.code, 9);
  deepEqual(errorCodes(scene), [[1, -31502], [2, -31502]]);
  const notes = scene.notes.join("");
  ok(
    /error: the server ended with exit code 9 before it said anything; run its command/.test(notes),
  );
});

Deno.test("runShim() answers a client that speaks only when the child has ended already", async () => {
  const time = new FakeTime();
  const scene = play("exit 9", { time });
  await scene.child.exited;
  await settle();
  scene.stdin.send(CALL);
  equal(await passing(time, scene.code), 9);
  deepEqual(errorCodes(scene), [[1, -31502]]);
});

Deno.test("runShim() ends the child's stdin at once when ours ends, and passes on its last answers", async () => {
  const scene = play(`while read line; do last=$line; done; sleep 0.1; echo "$last"; exit 4`);
  scene.stdin.send(CALL);
  scene.stdin.end();
  equal(await scene.code, 4);
  deepEqual(scene.stdout.messages, [CALL]);
});

Deno.test("runShim() sends SIGTERM after 1 s and SIGKILL after 3 s to a child that does not end", async () => {
  const time = new FakeTime();
  const scene = play(
    `trap 'echo "{\\"heard\\":\\"TERM\\"}"' TERM; echo '{"up":1}'; while :; do sleep 0.01; done`,
    {
      time,
    },
  );
  await eventually("it is up", () => scene.stdout.text !== "");
  scene.stdin.send(CALL);
  scene.stdin.end();
  await settle();
  time.advance(999);
  await new Promise((resolve) => setTimeout(resolve, 50));
  equal(scene.stdout.messages.length, 1);
  time.advance(1);
  await eventually("it hears SIGTERM", () => scene.stdout.messages.length === 2);
  time.advance(1999);
  await settle();
  ok(runs(scene.child.pid));
  time.advance(1);
  equal(await passing(time, scene.code), 137);
  deepEqual(errorCodes(scene).at(-1), [1, -31502]);
});

Deno.test("runShim() ends the child when it is signalled, at once with SIGTERM", async () => {
  const time = new FakeTime();
  const scene = play("trap 'exit 5' TERM; echo '{}'; while :; do sleep 0.01; done", { time });
  await eventually("it is up", () => scene.stdout.text !== "");
  scene.stdin.send(CALL);
  await eventually("the call waits", () => scene.door.waiting.size === 1);
  scene.signals.send("SIGTERM");
  equal(await scene.code, 5);
  deepEqual(errorCodes(scene).at(-1), [1, -31502]);
});

Deno.test("runShim() sends SIGKILL 1.5 s after a signal to a child that ignores SIGTERM", async () => {
  const time = new FakeTime();
  const scene = play("trap '' TERM; echo '{}'; sleep 300 & wait; sleep 300", { time });
  await eventually("it is up", () => scene.stdout.text !== "");
  scene.signals.send("SIGINT");
  time.advance(1499);
  await settle();
  ok(runs(scene.child.pid));
  time.advance(1);
  equal(await passing(time, scene.code), 137);
});

Deno.test("runShim() leaves no grandchild behind when the child ends by itself", async () => {
  for (const elsewhere of ["", ">/dev/null 2>&1 "]) {
    const time = new FakeTime();
    const tell = `sh -c 'echo "{\\"pid\\":$PPID}"'`;
    const stubborn = `trap '' TERM; ${tell}; exec sleep 300 ${elsewhere}`;
    const scene = play(`(${stubborn}) & read go; exit 2`, { time });
    await eventually("the grandchild is up", () => scene.stdout.messages.length === 1);
    const pid = Number(scene.stdout.messages[0]?.["pid"]);
    ok(runs(pid));
    scene.stdin.send(CALL);
    equal(await passing(time, scene.code), 2);
    await eventually("the grandchild is gone", () => !runs(pid));
  }
});

Deno.test("runShim() leaves no grandchild behind when a wrapper is killed", async () => {
  const time = new FakeTime();
  const wrapper = `trap '' TERM; sleep 300 & echo '{"pid":'$!'}'; cat; wait`;
  const scene = play(wrapper, { time });
  await eventually("it is up", () => scene.stdout.messages.length === 1);
  const pid = Number(scene.stdout.messages[0]?.["pid"]);
  ok(runs(pid));
  scene.stdin.end();
  equal(await passing(time, scene.code), 137);
  await eventually("the grandchild is gone", () => !runs(pid));
});

Deno.test("runShim() does not wait for a process outside the group that holds the child's stdout", async () => {
  const time = new FakeTime();
  const scene = play(`setsid sleep 300 & echo '{"pid":'$!'}'; exit 6`, { time });
  equal(await passing(time, scene.code), 6);
  const pid = Number(scene.stdout.messages[0]?.["pid"]);
  Deno.kill(pid, "SIGKILL");
});

Deno.test("runShim() reads no further than a child that never reads, and ends it when it takes no bytes", async () => {
  const time = new FakeTime();
  const scene = play("echo '{}'; exec sleep 300", { time });
  await eventually("it is up", () => scene.stdout.text !== "");
  const line = bytesOf(JSON.stringify({ ...CALL, text: "x".repeat(60_000) }) + "\n");
  for (let i = 0; i < 100; i++) scene.stdin.sendRaw(line);
  let before = -1;
  while (scene.stdin.taken > before) {
    before = scene.stdin.taken;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  ok(scene.stdin.taken < 500 * KIB, `${scene.stdin.taken} bytes`);
  time.advance(29_999);
  await settle();
  ok(runs(scene.child.pid));
  time.advance(1);
  equal(await passing(time, scene.code), 143);
  deepEqual(errorCodes(scene).at(-1), [1, -31502]);
  ok(scene.notes.join("").includes("the server took no bytes for 30000 ms"));
});

Deno.test("runShim() lets a child that never reads go on speaking, also while it is answered", async () => {
  const flood =
    `i=0; while [ $i -lt 3000 ]; do echo '{"id":'$i',"method":"deny"}'; i=$((i+1)); done`;
  const scene = play(`${flood}; echo '{"done":1}'; exec sleep 300`);
  scene.stdin.sendRaw(bytesOf(JSON.stringify({ ...CALL, text: "x".repeat(500_000) }) + "\n"));
  await eventually("all of it is here", () => scene.stdout.text.includes('"done"'));
  scene.signals.send("SIGTERM");
  equal(await scene.code, 143);
});

Deno.test("runShim() lets a client that never reads go on speaking, and ends when it takes no bytes", async () => {
  const time = new FakeTime();
  const file = Deno.makeTempFileSync();
  const scene = play(`(while :; do echo '{"noise":"${"n".repeat(200)}"}'; done) & cat >${file}`, {
    time,
  });
  scene.stdout.mood = "sleeps";
  await new Promise((resolve) => setTimeout(resolve, 100));
  scene.stdin.send(CALL, { id: 3, method: "deny" }, { ...CALL, id: 2 });
  await eventually("the child hears", () => Deno.readTextFileSync(file).includes('"id":2'));
  time.advance(30_000);
  equal(await passing(time, scene.code), 143);
  ok(scene.notes.join("").includes("the client took no bytes for 30000 ms"));
  Deno.removeSync(file);
});

Deno.test("runShim() behaves as at the end of stdin when the client's end of stdout is closed", async () => {
  const time = new FakeTime();
  const scene = play("cat; exit 3", { time });
  scene.stdout.mood = "gone";
  scene.stdin.send(CALL);
  equal(await scene.code, 3);
  equal(scene.door.goneDetail, "the client ended the conversation");
});

Deno.test("runShim() ends a child that has closed its stdout or its stdin", async () => {
  for (const script of ["exec >&-; sleep 300", "exec <&-; echo '{}'; sleep 300"]) {
    const time = new FakeTime();
    const scene = play(script, { time });
    await new Promise((resolve) => setTimeout(resolve, 50));
    scene.stdin.send(CALL);
    equal(await passing(time, scene.code), 143);
    deepEqual(errorCodes(scene).at(-1), [1, -31502]);
  }
});

Deno.test("runShim() answers a line that is too long before it has ended, and goes on", async () => {
  const scene = play("cat", { maxLineBytes: 100_000 });
  scene.stdin.sendRaw(bytesOf('{"jsonrpc":"2.0","id":5,"method":"m","x":"'));
  for (let i = 0; i < 10; i++) scene.stdin.sendRaw(new Uint8Array(64 * KIB).fill(120));
  await eventually("it is answered", () => scene.stdout.messages.length === 1);
  deepEqual(errorCodes(scene), [[5, -31413]]);
  scene.stdin.sendRaw(bytesOf('"}\n'));
  scene.stdin.send(CALL);
  await eventually("the next one passes", () => scene.stdout.messages.length === 2);
  scene.stdin.end();
  equal(await scene.code, 0);
});

Deno.test("runShim() ends the conversation when the channel throws, which is a bug in it", async () => {
  const door = new OpenDoor();
  const bug = new Error("bug");
  door.fromClient = () => {
    throw bug;
  };
  const scene = play("cat", { channel: Promise.resolve(door) });
  scene.stdin.send(CALL);
  await rejects(scene.code, bug);
  equal(scene.stdout.text, "");
});

Deno.test("runShim() keeps the order when the channel answers later", async () => {
  const door = new OpenDoor();
  let turn = 0;
  const later: Channel = {
    fromClient: async (frames) => {
      await new Promise((resolve) => setTimeout(resolve, turn++ % 3));
      return door.fromClient(frames);
    },
    fromUpstream: (frames) => Promise.resolve(door.fromUpstream(frames)),
    upstreamGone: (detail) => Promise.resolve(door.upstreamGone(detail)),
    close: () => Promise.resolve(door.close()),
  };
  const scene = play("cat", { channel: Promise.resolve(later) });
  const sent = Array.from({ length: 50 }, (_, id) => ({ ...CALL, id, text: "t".repeat(id * 900) }));
  for (const message of sent) scene.stdin.send(message);
  await eventually("all came back", () => scene.stdout.messages.length === 50);
  deepEqual(scene.stdout.messages, sent);
  scene.stdin.end();
  equal(await scene.code, 0);
});

Deno.test("runShim() does not wait for ever for judgements when the child has ended", async () => {
  for (const side of ["fromClient", "fromUpstream"] as const) {
    const time = new FakeTime();
    const door = new OpenDoor();
    const { promise } = Promise.withResolvers<never>();
    const stuck: Channel = {
      fromClient: (frames) => side === "fromClient" ? promise : door.fromClient(frames),
      fromUpstream: (frames) => side === "fromUpstream" ? promise : door.fromUpstream(frames),
      upstreamGone: (detail) => door.upstreamGone(detail),
      close: () => door.close(),
    };
    const script = "read a; yes '{}' | head -c 60000; exit 8";
    const scene = play(script, { time, channel: Promise.resolve(stuck) });
    scene.stdin.send(CALL);
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (side === "fromClient") {
      scene.signals.send("SIGTERM");
      equal(await passing(time, scene.code), 143);
    } else {
      equal(await passing(time, scene.code), 8);
      deepEqual(errorCodes(scene), [[1, -31502]]);
    }
  }
});

Deno.test("runShim() marks the child's lines on stderr and keeps them out of stdout", async () => {
  const scene = play(`echo 'hello \\033[31m' >&2; echo '{}'; printf 'bye' >&2`);
  equal(await scene.code, 0);
  equal(scene.stdout.text, "{}\n");
  deepEqual(scene.notes.slice(0, 2), ["[test] hello \\u{1b}[31m\n", "[test] bye\n"]);
});
