/**
 * `mcp-aegis explain`: one decision, laid open.
 * @module
 */

import type { Limits } from "../base/limits.ts";
import { explain } from "../policy/explain.ts";
import { loadPolicy } from "../policy/load.ts";
import { type Command, defineCommand } from "./command.ts";
import { EXIT } from "./exit.ts";
import { EXPLAIN_FLAGS } from "./explain_flags.ts";
import { notesOf } from "./explanation_notes.ts";
import { type Answer, explanationText } from "./explanation_text.ts";
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
    "explain --audit-line FILE:LINE [--policy FILE]",
  ],
  examples: [
    {
      about: "may dev write files?",
      command: "mcp-aegis explain --policy policies.yaml --roles dev --tool write_file \\\n" +
        "          -- npx -y @modelcontextprotocol/server-filesystem /tmp",
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
    const answer = await answerOf(await readSubject(flags), { target, limits });
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
  { target, limits }: { readonly target: Target | undefined; readonly limits: Limits },
): Promise<Answer> {
  const policy = await loadPolicy(policyFile, {
    limits,
    upstream: target === undefined ? upstream : { ...upstream, argv: target.argv },
  });
  const request = ask(policy.upstreamName);
  const explanation = request === undefined ? undefined : explain(policy, request);
  const commandGiven = target !== undefined;
  const notes = notesOf({ policy, explanation, recorded, commandGiven });
  return { policy, request, explanation, recorded, notes };
}

/** True when it was or would be refused. */
function isDenied({ explanation, recorded }: Answer): boolean {
  if (recorded?.effect === "deny") return true;
  const decision = explanation?.decision;
  return decision?.effect === "deny" && decision.mode === "enforce";
}

function asJson({ policy, request, explanation, recorded, notes }: Answer) {
  return {
    denied: isDenied({ policy, request, explanation, recorded, notes }),
    policy: { file: policy.file, hash: policy.hash, presets: policy.presets },
    request: request === undefined ? null : {
      principal: request.principal.id,
      kind: request.principal.kind,
      roles: [...request.principal.roles],
      method: request.method,
      resource: request.resource,
    },
    ...explanation,
    recorded: recorded ?? null,
    notes,
  };
}
