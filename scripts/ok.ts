/**
 * The gate: `deno task ok`. Runs every step, says its name and time, and shows what a failed one said.
 *
 * A failure does not stop the steps that can still tell something: after broken types the tests
 * would only repeat them, after failed tests the coverage means nothing; everything else runs.
 * `--tested` takes the tests from the report of the run before.
 * @module
 */

import { readTestReport } from "./test_report.ts";

/** One step: a task of deno.json with its arguments. */
interface Step {
  readonly name: string;
  readonly task: readonly string[];
  /** Steps that must have passed for this one to mean anything. */
  readonly after?: readonly string[];
}

const STEPS: readonly Step[] = [
  { name: "fmt", task: ["fmt", "--check"] },
  { name: "lint", task: ["lint"] },
  { name: "types", task: ["types"] },
  { name: "rooms", task: ["rooms"] },
  { name: "docs", task: ["docs"], after: ["types"] },
  { name: "test", task: ["test"], after: ["types"] },
  { name: "coverage", task: ["coverage:report"], after: ["test"] },
];

if (import.meta.main) Deno.exit(await runGate({ tested: Deno.args.includes("--tested") }));

async function runGate({ tested }: { readonly tested: boolean }): Promise<number> {
  const started = performance.now();
  const bad: string[] = [];
  for (const step of STEPS) {
    const blocker = step.after?.find((name) => bad.includes(name));
    if (blocker !== undefined) {
      bad.push(step.name);
      console.log(`${step.name.padEnd(9)} skipped: ${blocker} did not pass`);
      continue;
    }
    const run = tested && step.name === "test" ? lastTests : () => runTask(step.task);
    if (!await report(step.name, run)) bad.push(step.name);
  }
  const total = seconds(started);
  console.log(bad.length === 0 ? `ok in ${total}` : `not ok in ${total}: ${bad.join(", ")}`);
  return bad.length === 0 ? 0 : 1;
}

/** What one step came to. */
interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

async function report(name: string, run: () => Promise<Outcome>): Promise<boolean> {
  const started = performance.now();
  const { passed, output } = await run();
  console.log(`${name.padEnd(9)} ${passed ? "ok" : "FAILED"} ${seconds(started)}`);
  if (!passed) console.log(output);
  return passed;
}

async function runTask(task: readonly string[]): Promise<Outcome> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...task],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // One text of both, in the order in which they came.
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const gather = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const chunk of stream) chunks.push(chunk);
  };
  await Promise.all([gather(child.stdout), gather(child.stderr)]);
  const { code } = await child.status;
  return { passed: code === 0, output: await new Blob(chunks).text() };
}

async function lastTests(): Promise<Outcome> {
  const { passed, failed } = await readTestReport();
  return { passed: passed > 0 && failed === 0, output: `${passed} passed, ${failed} failed` };
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
