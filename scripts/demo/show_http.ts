/**
 * Shows the act over HTTP.
 * @module
 */

import { type AuditedCall, auditedCalls, refusals } from "./audit.ts";
import { claimed, expect } from "./claims.ts";
import { HTTP_POLICY, type HttpPerformance, type Line } from "./http_act.ts";
import { type Cell, heading, paint, say, table } from "./paint.ts";

/** Shows what each agent was answered, beside what the audit says of it. */
export async function showHttp(performed: HttpPerformance, audit: string): Promise<void> {
  const { lines, claims, issuer, url } = performed;
  heading(`server-filesystem over HTTP, asked by agents with tokens (${HTTP_POLICY})`);
  say(`  ${url} takes tokens of ${issuer}, a small authorization server.`);
  say(
    "  The official client finds it by the 401 (RFC 9728), asks it for a token for this resource,",
  );
  say(
    "  and asks again when a 403 wants more; the scopes to ask for are read from the header by the",
  );
  say("  demo's agent, as the client asks for those of its configuration.\n");
  const calls = (await auditedCalls(audit)).values();
  const refused = (await refusals(audit)).values();
  const rows = lines.map((line, at) => row(line, claims[at], { calls, refused }));
  table(["who", "asks", "answer", "scopes", "action", "reason", "rule"], rows);
  expect("answers over HTTP", String(lines.length), String(claims.length));
  expect("calls in the audit that no agent made", String([...calls].length), "0");
  expect("refusals in the audit that no agent saw", String([...refused].length), "0");
  showFacts(performed);
}

function row(
  line: Line,
  claim: Line | undefined,
  { calls, refused }: {
    readonly calls: Iterator<AuditedCall>;
    readonly refused: Iterator<string>;
  },
): readonly Cell[] {
  const { who, what, outcome, scope } = line;
  const [, tool] = what.match(/^tools\/call (.*)/) ?? [];
  const isOpen = !/^4/.test(outcome);
  const audited = tool === undefined ? undefined : calls.next().value;
  if (tool !== undefined) {
    expect(`audit of ${what} of ${who}`, audited?.effect ?? "none", isOpen ? "allow" : "deny");
    expect(`who called ${tool}`, audited?.principal.split("#").at(-1) ?? "none", who);
  }
  const reason = outcome.startsWith("401") ? refused.next().value : audited?.reason;
  expect("who asks", `${who} ${what}`, `${claim?.who} ${claim?.what}`);
  return [
    { text: who },
    { text: tool ?? what },
    claimed(outcome, claim?.outcome ?? "nothing", isOpen ? "green" : "red"),
    claimed(scope, claim?.scope ?? "", "cyan"),
    { text: audited?.action ?? "" },
    { text: reason ?? "", look: "dim" },
    { text: audited?.rule ?? "", look: "dim" },
  ];
}

function showFacts({ plan, sameSession, issuer }: HttpPerformance): void {
  expect("plan.txt afterwards", plan, "Written by the writer\n");
  expect("the writer's session outlives its first token", String(sameSession), "true");
  say(
    `\n  The writer's two tokens were one session; the file is ${
      paint(`“${plan.trim()}”`, "cyan")
    }`,
  );
  say(`  The audit names who it was: ${paint(`${issuer}#writer`, "cyan")}`);
}
