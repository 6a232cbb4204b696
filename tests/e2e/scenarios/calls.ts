/**
 * Lists of calls and what came of them, in a form that two runs can be compared by.
 * @module
 */

import type { Client } from "@modelcontextprotocol/sdk/client";

/** A tool and its arguments. */
export type Call = readonly [tool: string, args: Record<string, unknown>];

/** What happened in a conversation, step by step. */
export type Transcript = Record<string, unknown>;

/** Makes the calls one after another. */
export async function callAll(client: Client, calls: readonly Call[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const [name, args] of calls) {
    results.push({ name, ...await client.callTool({ name, arguments: args }) });
  }
  return results;
}

/** Replaces what differs between two runs: the folder, times, ids. */
export function stable(transcript: Transcript, folder: string): Transcript {
  const text = JSON.stringify(transcript)
    .replaceAll(folder, "<folder>")
    .replaceAll(/\w{3} \w{3} \d\d \d{4} [\d:]{8} GMT[^"\\]*/g, "<time>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replaceAll(/\d{1,2}:\d\d:\d\d(\u202f| )[AP]M/g, "<time>")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/[0-9a-f]{32}/g, "<id>")
    // "Resource …" in base64, which server-everything ends with the time of day.
    .replaceAll(/UmVzb3VyY2Ug[A-Za-z0-9+/=]+/g, "<blob>");
  return JSON.parse(text);
}

/** A list filtered for one principal must not be cached for others: we say `private`. */
export function asPrivate(transcript: Transcript): Transcript {
  return JSON.parse(JSON.stringify(transcript).replaceAll('"public"', '"private"'));
}

/** Rejections as what the client was told. */
export async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return { failed: String(error) };
  }
}
