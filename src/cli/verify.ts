/**
 * `mcp-aegis verify`: does this program, on this machine, keep its promises?
 * @module
 */

import { printable } from "../base/log.ts";
import type { CheckResult } from "../verify/run.ts";
import { selfChecks } from "../verify/verify.ts";
import { type Command, defineCommand } from "./command.ts";
import { EXIT } from "./exit.ts";
import { FLAGS } from "./flags.ts";
import { type Paint, painter } from "./paint.ts";

/** `mcp-aegis verify`. */
export const verifyCommand: Command = defineCommand({
  name: "verify",
  brief: "send attacks through a real gateway and see whether each promise is kept",
  usage: ["verify [--json]"],
  examples: [{ about: "after an installation, or in a build", command: "mcp-aegis verify" }],
  flags: { json: FLAGS.json },
  notes: [
    "Each group has a control: a check that must fail. If it passes, the group proves nothing.",
    "Ends with 1 when a promise is broken.",
  ],
  async run({ flags }, io) {
    const paint = painter(io.colour("out"));
    const results: CheckResult[] = [];
    for await (const result of selfChecks()) {
      if (!flags.json) {
        if (results.at(-1)?.group !== result.group) io.out(`${paint("bold", result.group)}\n`);
        io.out(lineOf(result, paint));
      }
      results.push(result);
    }
    const failed = results.filter(({ problem }) => problem !== undefined).length;
    const passed = results.length - failed;
    if (flags.json) io.out(JSON.stringify({ passed, failed, results }, null, 2) + "\n");
    else {io.out(
        `${passed} passed, ${failed > 0 ? paint("red", `${failed} failed`) : "0 failed"}\n`,
      );}
    return failed === 0 && passed > 0 ? EXIT.done : EXIT.failed;
  },
});

function lineOf({ name, control, problem }: CheckResult, paint: Paint): string {
  const title = printable(control ? `control, which must fail: ${name}` : name);
  return problem === undefined
    ? `  ${paint("green", "PASS")} ${title}\n`
    : `  ${paint("red", "FAIL")} ${title}: ${printable(problem)}\n`;
}
