/**
 * `mcp-aegis explain`: one decision, laid open.
 * @module
 */

import type { Limits } from "../base/limits.ts";
import { explain } from "../policy/explain.ts";
import { loadPolicy } from "../policy/load.ts";
import { type Command, defineCommand } from "./command.ts";
import { inspectCall } from "./call_inspection.ts";
import { EXIT, usageError } from "./exit.ts";
import { EXPLAIN_FLAGS } from "./explain_flags.ts";
import { notesOf } from "./explanation_notes.ts";
import { type Answer, explanationText } from "./explanation_text.ts";
import { type ListedTool, listedTool } from "./known_tool.ts";
import { limitsOf } from "./limits.ts";
import { painter } from "./paint.ts";
import { readSubject, type Subject } from "./subject.ts";
import { readTarget, type Target } from "./target.ts";

/** `mcp-aegis explain`. */
export const explainCommand: Command = defineCommand({
  name: "explain",
  brief: "one decision: which rules, which checks, why, and what would allow it",
  usage: [
    "explain --policy FILE [--principal NAME] [--roles A,B] --tool NAME [-- COMMAND ARGS…]",
    "explain --policy FILE --tool NAME --argument POINTER=VALUE… [--list -- COMMAND ARGS…]",
    "explain --audit-line FILE:LINE [--policy FILE]",
  ],
  examples: [
    {
      about: "may dev write files?",
      command: "mcp-aegis explain --policy policies.yaml --roles dev --tool write_file \\\n" +
        "          -- npx -y @modelcontextprotocol/server-filesystem /tmp",
    },
    {
      about: "may that call be made, with these arguments?",
      command: "mcp-aegis explain --policy policies.yaml --roles dev --tool read_file \\\n" +
        "          --argument path=/etc/passwd --list -- npx -y some-server",
    },
    {
      about: "why was that refused? The client got the trace id with the refusal",
      command: "mcp-aegis explain --audit-line audit.jsonl:4bf92f3577b34da6a3ce929d0e0e4736",
    },
    {
      about: "may the server ask the client's model something?",
      command: "mcp-aegis explain --policy policies.yaml --method sampling/createMessage",
    },
  ],
  flags: EXPLAIN_FLAGS,
  rest: true,
  notes: ["Ends with 5 when it is denied."],
  async run({ flags, rest }, io) {
    const { limits } = limitsOf(io);
    const target = readTarget({ target: flags.target, rest, env: [] });
    if (flags.list && target === undefined) {
      throw usageError(
        "Cannot use --list without the server's command",
        "Write it at the end: -- npx -y some-server",
      );
    }
    const subject = await readSubject(flags);
    const listed = flags.list && target !== undefined && subject.tool !== undefined
      ? await listedTool(subject.tool, { target, limits })
      : undefined;
    const answer = await answerOf(subject, { target, limits, listed });
    io.out(
      flags.json
        ? JSON.stringify(asJson(answer), null, 2) + "\n"
        : explanationText(answer, painter(io.colour("out"))),
    );
    return isDenied(answer) ? EXIT.denied : EXIT.done;
  },
});

async function answerOf(
  { policyFile, upstream, request: ask, recorded }: Subject,
  { target, limits, listed }: {
    readonly target: Target | undefined;
    readonly limits: Limits;
    readonly listed: ListedTool | undefined;
  },
): Promise<Answer> {
  const policy = await loadPolicy(policyFile, {
    limits,
    upstream: target === undefined ? upstream : { ...upstream, argv: target.argv },
  });
  const name = policy.upstreamName;
  const request = ask(listed === undefined ? { name } : { name, listed });
  const explanation = request === undefined ? undefined : explain(policy, request);
  const commandGiven = target !== undefined;
  const inspection = request === undefined || request.context.direction === "upstream-to-client"
    ? undefined
    : await inspectCall(policy, { request, limits });
  const notes = notesOf({ policy, request, explanation, recorded, inspection, commandGiven });
  return { policy, request, explanation, recorded, inspection, notes };
}

/** True when it was or would be refused. */
function isDenied({ explanation, inspection, recorded }: Answer): boolean {
  if (recorded?.effect === "deny") return true;
  const decision = explanation?.decision;
  return decision?.mode === "enforce" &&
    (decision.effect === "deny" || inspection?.effect === "deny");
}

function asJson(answer: Answer) {
  const { policy, request, explanation, inspection, recorded, notes } = answer;
  return {
    denied: isDenied(answer),
    policy: { file: policy.file, hash: policy.hash, presets: policy.presets },
    request: request === undefined ? null : {
      principal: request.principal.id,
      kind: request.principal.kind,
      roles: [...request.principal.roles],
      method: request.method,
      resource: request.resource,
    },
    ...explanation,
    inspection: inspection ?? null,
    recorded: recorded ?? null,
    notes,
  };
}
