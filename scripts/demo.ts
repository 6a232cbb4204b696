/**
 * `deno task demo`: an agent's calls to real MCP servers, without and with MCP-Aegis.
 *
 * Everything printed is observed: by the official client, in the audit, and in the files and the
 * database themselves. Exits 1 when anything differs from what the demo claims.
 * @module
 */

import { type Act, DATABASE, FILES, STATEMENTS } from "./demo/acts.ts";
import { type AuditedCall, auditedCalls, tamper, verify } from "./demo/audit.ts";
import { claimed, differences, expect } from "./demo/claims.ts";
import { HTTP_POLICY, performHttp } from "./demo/http_act.ts";
import { type Cell, heading, type Look, paint, say, table } from "./demo/paint.ts";
import { type Lock, perform, type Performance } from "./demo/perform.ts";
import { showHttp } from "./demo/show_http.ts";

const ROOT = new URL("../", import.meta.url);
const ACTS: readonly Act[] = [FILES, DATABASE, STATEMENTS];
const CLI = [
  Deno.execPath(),
  ...["run", "-A", "--quiet", "--config", path("deno.json"), path("src/cli/main.ts")],
];

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const start = performance.now();
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "aegis-demo-" }));
  const audits = await Deno.makeTempDir({ prefix: "aegis-demo-audit-" });
  try {
    say(paint("MCP-Aegis: the same calls to the same servers, without and with the lock", "bold"));
    for (const act of ACTS) {
      const audit = `${audits}/${act.id}.jsonl`;
      const lock: Lock = { shim: CLI, policy: path(act.policy), audit };
      const performed = await perform(act, folder, lock);
      showAct(performed, await auditedCalls(lock.audit));
    }
    const http = `${audits}/http.jsonl`;
    const performed = await performHttp({
      cli: CLI,
      issuer: path("scripts/demo/issuer.ts"),
      policy: path(HTTP_POLICY),
      audit: http,
      folder: `${folder}/http`,
    });
    await showHttp(performed, http);
    await showAudit([...ACTS.map(({ id }) => `${audits}/${id}.jsonl`), http], folder);
  } catch (error) {
    await Deno.remove(audits, { recursive: true });
    say(`\n${paint(error instanceof Error ? error.message : String(error), "red")}`);
    return 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return conclude(performance.now() - start);
}

function showAct(
  { act, claims, without, with: locked }: Performance,
  audit: readonly AuditedCall[],
) {
  heading(`${act.title} (${act.policy})`);
  const rows: Cell[][] = [[
    { text: "tools/list" },
    claimed(`${without.tools.length} tools`, `${act.tools.without} tools`, "dim"),
    claimed(`${locked.tools.length} tools`, `${act.tools.with} tools`, "cyan"),
    { text: "" },
    { text: "" },
    { text: "" },
  ]];
  for (const [index, claim] of claims.entries()) {
    const { action = "?", effect = "?", reason = "", rule = "?" } = audit[index] ?? {};
    const outcome = locked.outcomes[index] ?? "?";
    expect(`audit of ${claim.shown}`, effect, claim.with === "done" ? "allow" : "deny");
    rows.push([
      { text: claim.shown },
      claimed(without.outcomes[index] ?? "?", claim.without, "dim"),
      claimed(outcome, claim.with, outcome === "done" ? "green" : "red"),
      { text: action },
      { text: reason, look: "dim" },
      { text: rule, look: "dim" },
    ]);
  }
  for (const [index, fact] of act.facts.entries()) {
    rows.push([
      { text: fact.what },
      claimed(without.facts[index] ?? "?", fact.without, "yellow"),
      claimed(locked.facts[index] ?? "?", fact.with, "green"),
    ]);
  }
  table(["call", "without", "with", "action", "reason", "rule"], rows);
  const hidden = without.tools.filter((tool) => !locked.tools.includes(tool));
  say(`\n  Not even shown to the agent: ${paint(hidden.join(", "), "cyan")}`);
  const refused = locked.outcomes.indexOf("refused");
  if (refused >= 0) say(`  The agent was told: ${paint(`“${locked.texts[refused]}”`, "cyan")}`);
}

async function showAudit(files: readonly string[], folder: string): Promise<void> {
  heading("The audit: one line for every message, chained by hashes");
  for (const file of files) {
    for (const { time, effect, action, tool, rule, reason } of await auditedCalls(file)) {
      const look = effect === "allow" ? "green" : "red";
      const words = [time, effect.padEnd(5), action.padEnd(7), tool.padEnd(14), rule, reason];
      say(`  ${paint(words.join("  ").trimEnd(), look)}`);
    }
  }
  const [first = ""] = files;
  const [call] = (await auditedCalls(first)).filter(({ effect }) => effect === "deny");
  say(`\n  One of them as it is written:\n  ${paint(call?.line ?? "", "dim")}`);
  say(`\n  They are here: ${files.map((file) => paint(file, "cyan")).join("\n                 ")}`);
  await showVerification(files, folder);
}

async function showVerification(files: readonly string[], folder: string): Promise<void> {
  heading("Has anyone changed them?");
  const honest = await verify(CLI, files);
  say(`  $ mcp-aegis audit verify ${files.map(base).join(" ")}`);
  say(indent(honest.text.replaceAll(folderOf(files[0] ?? ""), ""), "green"));
  expect("exit code of audit verify", String(honest.code), "0");
  const [first = ""] = files;
  const copy = `${folder}/tampered.jsonl`;
  const line = await tamper(first, copy);
  const caught = await verify(CLI, [copy]);
  say(`\n  The same with a copy of ${base(first)} whose line ${line} says "allow" for "deny":`);
  say(`  $ mcp-aegis audit verify ${base(copy)}`);
  say(indent(caught.text.replaceAll(folderOf(copy), ""), "red"));
  expect("exit code of audit verify of a changed copy", String(caught.code), "1");
  expect("the changed line is named", String(caught.text.includes(`.jsonl:${line}:`)), "true");
}

function conclude(ms: number): number {
  say();
  if (differences.length === 0) {
    say(paint(`Every outcome was as claimed. ${(ms / 1000).toFixed(1)} s`, "green"));
    return 0;
  }
  for (const difference of differences) say(paint(`Not as claimed: ${difference}`, "red"));
  return 1;
}

function indent(text: string, look: Look): string {
  return text.split("\n").map((line) => `  ${paint(line, look)}`).join("\n");
}

function base(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}

function folderOf(file: string): string {
  return file.slice(0, file.length - base(file).length);
}

function path(relative: string): string {
  const { pathname } = new URL(relative, ROOT);
  const plain = decodeURIComponent(pathname);
  return Deno.build.os === "windows" ? plain.slice(1) : plain;
}
