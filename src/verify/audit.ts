/**
 * Self-checks of the audit: real files, edited as someone with an editor would.
 * @module
 */

import { createGateway } from "../assemble.ts";
import { openFileSink } from "../audit/file_sink.ts";
import { verifyAudit } from "../audit/verify.ts";
import { Secret } from "../base/secret.ts";
import { localAuthenticator } from "../identity/authenticator.ts";
import { parsePolicy } from "../policy/load.ts";
import { call, MOST } from "./messages.ts";
import type { CheckResult } from "./run.ts";

/** One way to tamper with the lines of an audit. */
interface Tampering {
  readonly name: string;
  readonly tamper: (lines: readonly string[]) => readonly string[];
  /** Whether verification must find something. */
  readonly found: boolean;
  readonly control?: boolean;
  /** Verify against the head that was there before. */
  readonly expectHead?: boolean;
}

const TAMPERINGS: readonly Tampering[] = [
  { name: "an audit left alone verifies", tamper: (lines) => lines, found: false },
  {
    name: "an edited line is found",
    tamper: (lines) => lines.map((line) => line.replace('"effect":"deny"', '"effect":"allow"')),
    found: true,
  },
  { name: "a removed line is found", tamper: (lines) => lines.toSpliced(2, 1), found: true },
  {
    name: "two lines in another order are found",
    tamper: (lines) => lines.toSpliced(1, 2, lines[2] ?? "", lines[1] ?? ""),
    found: true,
  },
  {
    name: "an inserted line is found",
    tamper: (lines) => lines.toSpliced(2, 0, lines[1] ?? ""),
    found: true,
  },
  {
    name: "a cut tail is found with the expected head",
    tamper: (lines) => lines.slice(0, -1),
    found: true,
    expectHead: true,
  },
  {
    name: "an edited line is not found",
    tamper: (lines) => lines.map((line) => line.replace('"seq":2', '"seq":9')),
    found: false,
    control: true,
  },
];

/** Writes an audit through a real gateway for each, tampers with it, and verifies. */
export async function* auditChecks(): AsyncGenerator<CheckResult> {
  for (const tampering of TAMPERINGS) {
    const broken = await playOne(tampering);
    const { name, control = false } = tampering;
    const problem = control
      ? broken === undefined ? "the control passed, so these checks prove nothing" : undefined
      : broken;
    yield { group: "audit", name, control, problem };
  }
}

async function playOne({ tamper, found, expectHead }: Tampering): Promise<string | undefined> {
  const directory = await Deno.makeTempDir({ prefix: "mcp-aegis-verify-" });
  try {
    const path = `${directory}/audit.jsonl`;
    const key = new Secret(crypto.randomUUID());
    const head = await writeAudit(path, key);
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    await Deno.writeTextFile(path, tamper(lines).join("\n") + "\n");
    const report = await verifyAudit([path], {
      key,
      ...(expectHead === true ? { expectHead: head } : {}),
    });
    const [problem] = report.problems;
    if (found === (problem !== undefined)) return undefined;
    return problem === undefined ? "nothing was found" : `it found: ${problem.problem}`;
  } catch (error) {
    return `it threw: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Records three calls, one of them refused; gives the head. */
async function writeAudit(path: string, key: Secret): Promise<string> {
  const audit = await openFileSink({ path, key });
  await using gateway = createGateway({
    authenticator: localAuthenticator({ principal: "self" }),
    policy: await parsePolicy(MOST, { file: "self-check.yaml" }),
    audit,
  });
  const channel = await gateway.openChannel({
    credentials: { kind: "local" },
    upstream: null,
    transport: "stdio",
  });
  for (const [id, tool] of ["read_file", "delete_file", "list"].entries()) {
    const { frame } = call(id, tool);
    const bytes = typeof frame === "string" ? new TextEncoder().encode(frame) : frame;
    await channel.fromClient([bytes]);
  }
  return audit.head;
}
