/**
 * Finds every edit, insertion, reordering or removal in audit files.
 *
 * Without a key a chain proves that nobody changed a line and left the rest as it was; someone who
 * writes all later hashes anew is found only when the chain is sealed with a key, and a tail cut off
 * only with the expected head.
 * @module
 */

import type { Secret } from "../base/secret.ts";
import { type AuditFile, firstBytes, headerIn, nextFileBeside } from "./audit_file.ts";
import { ChainCheck } from "./chain_check.ts";
import { readLines } from "./read_lines.ts";
import { Seal } from "./seal.ts";
import { isTornHeader, type StoredHeader } from "./stored_line.ts";
import {
  type AuditProblem,
  type AuditReport,
  type ChainReport,
  Problems,
} from "./verify_report.ts";

/** Options of {@linkcode verifyAudit}. */
export interface VerifyOptions {
  /** The key that the chains are sealed with. */
  readonly key?: Secret | undefined;
  /** The hash, in hex, of a line that must be there: the head as it was printed at exit. */
  readonly expectHead?: string | undefined;
}

/** What all checks of one verification share. */
interface Verification {
  readonly problems: Problems;
  readonly key: Secret | undefined;
  readonly chains: ChainReport[];
  readonly expected: string | undefined;
  foundExpected: boolean;
}

/**
 * Verifies audit files, given in any order; never throws on what they hold.
 *
 * A chain that went on in another file needs both. A line that a crash cut off is a warning, all
 * else is an error.
 *
 * @throws {AegisError} `audit-key` when the key is too short.
 *
 * @example
 * ```ts
 * import { openFileSink, verifyAudit } from "@aegis/cli";
 *
 * const path = await Deno.makeTempFile();
 * const sink = await openFileSink({ path });
 * sink.record([{ type: "event", timeMs: Date.now(), event: "start", detail: {} }]);
 * await sink[Symbol.asyncDispose]();
 * const { ok, lines } = await verifyAudit([path], { expectHead: sink.head });
 * console.assert(ok && lines === 2);
 * await Deno.remove(path);
 * ```
 */
export async function verifyAudit(
  files: readonly string[],
  { key, expectHead }: VerifyOptions = {},
): Promise<AuditReport> {
  const expected = expectHead?.trim().toLowerCase().replace(/^sha256:/, "");
  const problems = new Problems();
  const verification = { problems, key, chains: [], expected, foundExpected: false };
  for (const chain of await chainsOf(files, verification)) await checkChain(chain, verification);
  if (expected !== undefined && !verification.foundExpected) {
    problems.add({
      code: "cut",
      severity: "error",
      file: files.at(-1) ?? "",
      line: null,
      problem: `No line has the expected head ${expected.slice(0, 64)}`,
      hint: "Lines were cut off the end, or the head belongs to another audit",
    });
  }
  const chains: readonly ChainReport[] = verification.chains;
  return {
    ok: problems.ok,
    lines: chains.reduce((sum, { lines }) => sum + lines, 0),
    chains,
    head: chains.length === 1 ? chains[0]?.head ?? null : null,
    problems: problems.list,
    omitted: problems.omitted,
  };
}

/** Reads the headers and puts the files into the order of their chains. */
async function chainsOf(
  paths: readonly string[],
  verification: Verification,
): Promise<readonly (readonly AuditFile[])[]> {
  const chains = new Map<string, AuditFile[]>();
  for (const path of new Set(paths)) {
    const header = await readHeader(path, verification);
    if (header === undefined) continue;
    const files = chains.get(header.chain);
    if (files === undefined) chains.set(header.chain, [{ path, header }]);
    else files.push({ path, header });
  }
  return [...chains.values()].map((files) =>
    files.sort((a, b) => a.header.part - b.header.part || (a.path < b.path ? -1 : 1))
  );
}

/** The header of a file; reports, and checks on its own, a file without one. */
async function readHeader(
  path: string,
  verification: Verification,
): Promise<StoredHeader | undefined> {
  const { problems } = verification;
  let first: Uint8Array;
  try {
    first = await firstBytes(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.add({
      ...{ code: "unreadable", severity: "error", file: path, line: null },
      problem: `The file cannot be read: ${why}`,
      hint: "Check the name and who may read it",
    });
    return undefined;
  }
  const header = headerIn(first);
  if (header !== undefined) return header;
  if (first.length === 0) {
    problems.add({
      ...{ code: "empty", severity: "warning", file: path, line: null },
      problem: "The file is empty",
      hint: "Nothing, if the program stopped before it wrote; otherwise its lines were removed",
    });
  } else if (isTornHeader(first)) {
    problems.add({
      ...{ code: "torn", severity: "warning", file: path, line: 1 },
      problem: "The first line was cut off while it was written",
      hint: "Nothing, if the program or the machine stopped then",
    });
  } else await checkHeadless(path, verification);
  return undefined;
}

/** Checks the lines of a file among themselves when its first line is no header. */
async function checkHeadless(path: string, { problems, key }: Verification): Promise<void> {
  problems.add({
    ...{ code: "no-header", severity: "error", file: path, line: 1 },
    problem: "The first line is not the header of an audit file",
    hint: "It was removed or changed, or this is no audit file",
  });
  const seal = new Seal(key);
  const own = new Problems();
  const check = new ChainCheck({ seal, report: (problem) => own.add(problem), good: () => {} });
  check.start({ file: path, follows: false });
  await checkFile(check, path, { problems: own, next: undefined });
  problems.addAll(own);
}

async function checkChain(
  files: readonly AuditFile[],
  verification: Verification,
): Promise<void> {
  const [first, last] = [files[0], files.at(-1)];
  if (first === undefined || last === undefined) return;
  const { chain, seal: sealName } = first.header;
  const { key, problems } = verification;
  const isKeyed = sealName === "hmac-sha256";
  const own = new Problems();
  const check = new ChainCheck({
    seal: isKeyed ? key === undefined ? undefined : new Seal(key) : new Seal(),
    report: (problem) => own.add(problem),
    good: (hash) => {
      if (hash === verification.expected) verification.foundExpected = true;
    },
  });
  let part = 0;
  for (const [index, { path, header }] of files.entries()) {
    if (header.part === part) {
      own.add({
        ...{ code: "repeated-file", severity: "error", file: path, line: 1 },
        problem: `This file claims to be part ${part} of its chain, as another one does`,
        hint: "Give each file once; if they differ, one was made by somebody else",
      });
      continue;
    }
    const follows = header.part === part + 1;
    if (!follows) own.add(missingFile(path, header));
    check.start({ file: path, follows });
    const next = files.slice(index + 1).find((file) => file.header.part === header.part + 1);
    await checkFile(check, path, {
      problems: own,
      next: next === undefined ? undefined : { torn: next.header.continues?.torn },
    });
    part = header.part;
  }
  const beside = first.header.part === 1 ? await nextFileBeside(first, last) : undefined;
  if (beside !== undefined) {
    own.add({
      ...{ code: "goes-on", severity: "warning", file: last.path, line: null },
      problem: `The chain goes on in ${JSON.stringify(beside)}, which was not given`,
      hint: "Give all files of the chain to verify it to its end",
    });
  }
  problems.addAll(summed(own, { check, path: first.path, isKeyed, hasKey: key !== undefined }));
  verification.chains.push({
    chain,
    seal: sealName,
    files: files.map(({ path }) => path),
    lines: check.lines,
    head: check.head,
  });
}

async function checkFile(
  check: ChainCheck,
  path: string,
  { problems, next }: {
    readonly problems: Problems;
    readonly next: Parameters<ChainCheck["end"]>[1];
  },
): Promise<void> {
  let rest: Uint8Array = new Uint8Array();
  try {
    await readLines(path, {
      line: (bytes) => check.line(bytes),
      longLine: (start) => check.longLine(start),
      rest: (bytes) => rest = bytes,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.add({
      ...{ code: "unreadable", severity: "error", file: path, line: null },
      problem: `The file cannot be read to its end: ${why}`,
      hint: "Copy it from a disk that works and verify the copy",
    });
  }
  check.end(rest, next);
}

function missingFile(path: string, { part, continues }: StoredHeader): AuditProblem {
  const before = continues === undefined ? "" : ` (${JSON.stringify(continues.file)})`;
  return {
    ...{ code: "missing-file", severity: "error", file: path, line: 1 },
    problem: `This file is part ${part} of its chain; part ${part - 1}${before} was not given`,
    hint: "Give all files of the chain; if it is gone, its lines were removed",
  };
}

/** The problems of a chain, with what its seal and the key say as a whole. */
function summed(
  own: Problems,
  { check, path, isKeyed, hasKey }: {
    readonly check: ChainCheck;
    readonly path: string;
    readonly isKeyed: boolean;
    readonly hasKey: boolean;
  },
): Problems {
  const all = new Problems();
  const whole = { severity: "error", file: path, line: 1 } as const;
  if (isKeyed && !hasKey) {
    all.add({
      ...{ code: "no-key", ...whole },
      problem:
        "The chain is sealed with a key; without it only the links between lines are checked",
      hint: "Give the key with --audit-key",
    });
  } else if (!isKeyed && hasKey) {
    all.add({
      ...{ code: "not-sealed", ...whole },
      problem: "A key was given, but the chain is not sealed with one",
      hint: "If it was written with --audit-key, it was replaced as a whole",
    });
  } else if (isKeyed && check.hashes.sound === 0) {
    all.add({
      ...{ code: "wrong-key", ...whole },
      problem: "No line fits the key",
      hint: "The key is another one, or everything was written anew by somebody without it",
    });
    return all;
  }
  all.addAll(own);
  return all;
}
