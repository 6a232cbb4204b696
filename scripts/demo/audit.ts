/**
 * What the audit of an act says, and its verification.
 * @module
 */

/** One decision about a tool, as the audit has it. */
export interface AuditedCall {
  readonly line: string;
  readonly time: string;
  readonly tool: string;
  readonly action: string;
  readonly effect: string;
  readonly reason: string;
  readonly rule: string;
  readonly principal: string;
}

/** The tool calls of an audit file, in order. */
export async function auditedCalls(path: string): Promise<readonly AuditedCall[]> {
  const text = await Deno.readTextFile(path);
  return text.split("\n").filter((line) => line !== "").flatMap((line): AuditedCall[] => {
    const entry = JSON.parse(line);
    if (entry.method !== "tools/call" || entry.direction !== "client-to-upstream") return [];
    const [rule] = entry.rules;
    return [{
      line,
      time: entry.time.slice(11, 23),
      tool: entry.resource.name,
      action: entry.action,
      effect: entry.effect,
      reason: entry.reason ?? "",
      principal: entry.principal,
      rule: rule === undefined ? "none allows it" : base(rule),
    }];
  });
}

/** Why requests over HTTP proved nobody, in order. */
export async function refusals(path: string): Promise<readonly string[]> {
  const text = await Deno.readTextFile(path);
  const entries = text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  return entries.filter(({ event }) => event === "http-refused").map(({ detail }) => detail.detail);
}

/** What a run of `audit verify` said. */
export interface Verification {
  readonly code: number;
  readonly text: string;
}

/** Runs `mcp-aegis audit verify`. */
export async function verify(
  cli: readonly string[],
  files: readonly string[],
): Promise<Verification> {
  const [program = "", ...args] = cli;
  const command = new Deno.Command(program, { args: [...args, "audit", "verify", ...files] });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, text: `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trim() };
}

/** Writes a copy in which the first refusal is an allow; gives the number of the line. */
export async function tamper(from: string, to: string): Promise<number> {
  const lines = (await Deno.readTextFile(from)).split("\n");
  const index = lines.findIndex((line) => line.includes('"effect":"deny"'));
  const line = lines[index] ?? "";
  lines[index] = line.replace('"effect":"deny"', '"effect":"allow"');
  await Deno.writeTextFile(to, lines.join("\n"));
  return index + 1;
}

function base(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
