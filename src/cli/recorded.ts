/**
 * Finds a line of an audit file and reads back what was judged.
 * @module
 */

import type { Direction, Resource } from "../access/request.ts";
import { MAX_LINE_BYTES } from "../audit/line.ts";
import { isObject, type JsonObject, member, objectMember, stringMember } from "../base/json.ts";
import { CliError, EXIT, usageError } from "./exit.ts";

/** What an audit line says of a message. */
export interface Recorded {
  /** `FILE:LINE`. */
  readonly place: string;
  readonly time: string;
  readonly traceId: string;
  readonly kind: string;
  readonly method: string | null;
  readonly principal: string;
  readonly roles: readonly string[];
  readonly upstream: string | null;
  readonly direction: Direction;
  /** As what it counted. */
  readonly action: string | undefined;
  /** Null when the message named nothing that could be judged. */
  readonly resource: Resource | null;
  readonly effect: string;
  readonly observed: boolean;
  readonly reason: string | undefined;
  readonly detail: string | undefined;
  /** JSON pointer of the argument that was refused. */
  readonly pointer: string | undefined;
  /** Which rule of the inspection spoke: `path-outside-roots`. */
  readonly finding: string | undefined;
  /** What was sent, where the audit keeps it. */
  readonly arguments: JsonObject | undefined;
  readonly rules: readonly string[];
  /** Hash of the policy of that day. */
  readonly policy: string;
  /** Microseconds by check. */
  readonly steps: readonly (readonly [check: string, us: number])[];
  /** What the last start before that line said. */
  readonly start: { readonly policyFile: string | undefined; readonly presets: readonly string[] };
  /** True when the line was too long and parts of it were cut. */
  readonly cut: boolean;
}

/**
 * Reads the line that `FILE:LINE` or `FILE:TRACE` names. Of the lines of a trace the first counts:
 * the request.
 *
 * @throws {CliError} when there is no such file or line.
 */
export async function readRecord(where: string): Promise<Recorded> {
  const at = where.lastIndexOf(":");
  const [file, wanted] = [where.slice(0, at), where.slice(at + 1)];
  if (at <= 0 || !/^(?:[1-9][0-9]{0,14}|[0-9a-f]{32})$/.test(wanted)) {
    throw usageError(
      `Cannot use --audit-line ${JSON.stringify(where)}: it must be FILE:LINE or FILE:TRACE`,
      'The trace id stands in the refusal that the client got, and in the audit as "trace"',
    );
  }
  const isTrace = wanted.length === 32;
  let start: JsonObject | undefined;
  let number = 0;
  for await (const text of linesOf(file)) {
    number++;
    const line = parseLine(text);
    if (stringMember(line, "event") === "start") start = objectMember(line, "detail");
    const found = isTrace ? stringMember(line, "trace") === wanted : number === Number(wanted);
    if (!found) continue;
    if (stringMember(line, "type") !== "message" || line === undefined) {
      throw notThere(`Cannot explain ${file}:${number}: it is about no message`);
    }
    return recordOf(line, { place: `${file}:${number}`, start });
  }
  throw notThere(
    isTrace
      ? `Cannot find trace ${wanted} in ${file}`
      : `Cannot find line ${wanted} in ${file}: it has ${number}`,
  );
}

function notThere(message: string): CliError {
  return new CliError(message, {
    exit: EXIT.failed,
    hint: "mcp-aegis audit verify FILE tells whether the file is whole",
  });
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    using file = await Deno.open(path);
    let held = "";
    for await (const text of file.readable.pipeThrough(new TextDecoderStream())) {
      const lines = (held + text).split("\n");
      held = lines.pop() ?? "";
      if (held.length > MAX_LINE_BYTES) {
        throw new Error(`a line is longer than ${MAX_LINE_BYTES} bytes, so this is no audit`);
      }
      yield* lines;
    }
    if (held !== "") yield held;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new CliError(`Cannot read ${path}: ${cause.message}`, { exit: EXIT.failed, cause });
  }
}

function parseLine(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // the end of a run that was killed: `audit verify` speaks of it
  }
}

function recordOf(
  line: JsonObject,
  { place, start }: { readonly place: string; readonly start: JsonObject | undefined },
): Recorded {
  const text = (name: string) => stringMember(line, name);
  const upstreamAsks = text("direction") === "upstream-to-client";
  return {
    place,
    time: text("time") ?? "",
    traceId: text("trace") ?? "",
    kind: text("kind") ?? "",
    method: text("method") ?? null,
    principal: text("principal") ?? "",
    roles: texts(member(line, "roles")),
    upstream: text("upstream") ?? null,
    direction: upstreamAsks ? "upstream-to-client" : "client-to-upstream",
    action: text("action"),
    resource: resourceOf(objectMember(line, "resource")),
    effect: text("effect") ?? "",
    observed: text("would") === "deny",
    reason: text("reason"),
    detail: text("detail"),
    pointer: text("pointer"),
    finding: text("finding"),
    arguments: objectMember(line, "arguments"),
    rules: texts(member(line, "rules")),
    policy: text("policy") ?? "",
    steps: Object.entries(objectMember(line, "steps") ?? {}).flatMap(([check, us]) =>
      typeof us === "number" ? [[check, us] as const] : []
    ),
    start: {
      policyFile: stringMember(start, "policyFile"),
      presets: texts(member(start, "presets")),
    },
    cut: member(line, "cut") !== undefined,
  };
}

const KINDS: ReadonlyMap<string, Resource["kind"]> = new Map([
  ["tool", "tool"],
  ["prompt", "prompt"],
  ["resource", "resource"],
  ["server", "server"],
]);

function resourceOf(value: JsonObject | undefined): Resource | null {
  const kind = KINDS.get(stringMember(value, "kind") ?? "");
  const name = stringMember(value, "name");
  if (kind === undefined || name === undefined) return null;
  const resource = { kind, server: stringMember(value, "server") ?? null, name };
  return member(value, "template") === true ? { ...resource, template: true } : resource;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
