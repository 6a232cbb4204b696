/**
 * Performs an act twice at the same time, without and with MCP-Aegis, and tells what happened.
 * @module
 */

import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { type Act, type Claim, commandOf, type Outcome } from "./acts.ts";

/** What one side of an act showed. */
export interface Side {
  readonly tools: readonly string[];
  readonly outcomes: readonly Outcome[];
  /** What the agent was told, by call. */
  readonly texts: readonly string[];
  readonly facts: readonly string[];
}

/** Both sides. */
export interface Performance {
  readonly act: Act;
  readonly claims: readonly Claim[];
  readonly without: Side;
  readonly with: Side;
}

/** How the command line of the shim begins, and where its audit goes. */
export interface Lock {
  readonly shim: readonly string[];
  readonly policy: string;
  readonly audit: string;
}

/** Performs an act in two equal worlds below `folder`. */
export async function perform(act: Act, folder: string, lock: Lock): Promise<Performance> {
  const world = (name: string) => {
    const path = `${folder}/${act.id}-${name}`;
    Deno.mkdirSync(path);
    return act.prepare(path);
  };
  const [free, locked] = [world("without"), world("with")];
  const flags = ["--policy", lock.policy, "--principal", act.principal, "--roles", act.roles];
  flags.push("--audit", lock.audit, "--pins", `${lock.audit}.pins`, "--log-level", "WARNING", "--");
  const shim = [...lock.shim, "wrap", ...flags, ...await commandOf(act, locked)];
  const [without, withLock] = await Promise.all([
    talk(act, free, await commandOf(act, free)),
    talk(act, locked, shim),
  ]);
  return { act, claims: act.claims(locked), without, with: withLock };
}

/** Connects the official client to a command, lists the tools and makes the calls. */
async function talk(act: Act, world: string, command: readonly string[]): Promise<Side> {
  const [program = "", ...args] = command;
  const transport = new StdioClientTransport({ command: program, args, stderr: "pipe" });
  let stderr = "";
  transport.stderr?.on("data", (chunk) => stderr += chunk);
  const client = new Client({ name: "demo", version: "1.0.0" });
  try {
    await client.connect(transport);
    const { tools } = await client.listTools();
    const outcomes: Outcome[] = [];
    const texts: string[] = [];
    for (const { tool, args } of act.claims(world)) {
      const result = await client.callTool({ name: tool, arguments: args });
      const text = textOf(result.content);
      const ours = typeof result._meta?.traceId === "string";
      outcomes.push(result.isError !== true ? "done" : ours ? "refused" : "failed");
      texts.push(text);
    }
    await client.close();
    const facts = act.facts.map(({ look }) => look(world));
    return { tools: tools.map(({ name }) => name), outcomes, texts, facts };
  } catch (cause) {
    throw new Error(`Cannot talk to ${act.server}: ${stderr.trim() || cause}`, { cause });
  } finally {
    await client.close();
  }
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return "";
  return content.map(({ text }) => typeof text === "string" ? text : "").join(" ");
}
