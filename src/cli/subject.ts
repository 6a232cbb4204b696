/**
 * What `mcp-aegis explain` shall explain: a question by flags, or one that the audit recorded.
 * @module
 */

import type { AccessRequest } from "../access/request.ts";
import type { Upstream } from "../policy/load.ts";
import { PRESETS } from "../policy/presets.ts";
import { readArguments } from "./call_arguments.ts";
import { usageError } from "./exit.ts";
import type { EXPLAIN_FLAGS } from "./explain_flags.ts";
import type { FlagValues } from "./flag.ts";
import {
  accessRequest,
  type Asked,
  localPrincipal,
  methodRequest,
  upstreamPrincipal,
} from "./question.ts";
import type { ListedTool } from "./known_tool.ts";
import { readRecord, type Recorded } from "./recorded.ts";

/** What shall be explained. */
export interface Subject {
  readonly policyFile: string;
  readonly upstream: Upstream;
  /** Made once the upstream is known; undefined when no question was put to the policy. */
  readonly request: (upstream: KnownUpstream) => AccessRequest | undefined;
  /** The tool that is called, if any: what the server lists of it may be asked. */
  readonly tool: string | undefined;
  readonly recorded: Recorded | undefined;
}

/** What is known of the upstream. */
export interface KnownUpstream {
  readonly name: string | null;
  /** The tool as the server lists it, where it was asked. */
  readonly listed?: ListedTool;
}

type ExplainFlags = FlagValues<typeof EXPLAIN_FLAGS>;

/**
 * Reads what shall be explained.
 *
 * @throws {CliError} when the flags name nothing, or more than one thing.
 */
export async function readSubject(flags: ExplainFlags): Promise<Subject> {
  const { "audit-line": where } = flags;
  const asked = askedOf(flags);
  const args = readArguments(flags);
  if (args !== undefined && flags.tool === undefined) {
    throw usageError(
      "Cannot use --argument and --arguments without --tool: a call of a tool has arguments",
      EXAMPLE,
    );
  }
  if (asked.length + (where === undefined ? 0 : 1) !== 1) {
    throw usageError(
      "Cannot tell what to explain: give exactly one of --tool, --resource, --prompt, --method " +
        "and --audit-line",
      EXAMPLE,
    );
  }
  const [only] = asked;
  return only === undefined
    ? await subjectOfRecord(flags, where ?? "")
    : subjectOfFlags(flags, only.kind === "tool" && args ? { ...only, arguments: args } : only);
}

const EXAMPLE =
  "For example: mcp-aegis explain --policy policies.yaml --roles dev --tool write_file";

function askedOf(flags: ExplainFlags): readonly Asked[] {
  return (["tool", "resource", "prompt", "method"] as const).flatMap((kind): Asked[] => {
    const name = flags[kind];
    return name === undefined ? [] : [{ kind, name }];
  });
}

function subjectOfFlags(flags: ExplainFlags, asked: Asked): Subject {
  const { policy, principal = "local-user", roles, name } = flags;
  const needs = asked.kind === "method" ? NAMED_BY.get(asked.name) : undefined;
  if (needs !== undefined) {
    throw usageError(
      `Cannot explain ${asked.name} by its method alone`,
      `Write --${needs} instead`,
    );
  }
  if (policy === undefined) throw usageError("Cannot explain without --policy", EXAMPLE);
  return {
    policyFile: policy,
    upstream: name === undefined ? {} : { name },
    request: ({ name: server, listed }) =>
      accessRequest(asked.kind === "tool" ? { ...asked, ...listed } : asked, {
        principal: localPrincipal(principal, roles),
        server,
      }),
    tool: asked.kind === "tool" ? asked.name : undefined,
    recorded: undefined,
  };
}

/** Methods that name a thing, by the flag that names it. */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ["tools/call", "tool NAME"],
  ["prompts/get", "prompt NAME"],
  ["resources/read", "resource URI"],
  ["resources/subscribe", "resource URI"],
  ["resources/unsubscribe", "resource URI"],
]);

async function subjectOfRecord(flags: ExplainFlags, where: string): Promise<Subject> {
  const recorded = await readRecord(where);
  const policyFile = flags.policy ?? recorded.start.policyFile;
  if (policyFile === undefined) {
    throw usageError(
      `Cannot explain ${recorded.place} without --policy: the file does not say which it was`,
    );
  }
  const argv = recorded.start.presets.flatMap(argvOfPreset);
  const name = flags.name ?? recorded.upstream;
  return {
    policyFile,
    upstream: { name, argv },
    request: ({ listed }) => requestOf(recorded, listed),
    tool: recorded.resource?.kind === "tool" ? recorded.resource.name : undefined,
    recorded,
  };
}

/** A command line by which a preset is recognised: the record has the preset, not the command. */
function argvOfPreset(preset: string): readonly string[] {
  const [specifier] = PRESETS.get(preset)?.packages ?? [];
  return specifier === undefined ? [] : ["npx", specifier.replace(/^npm:/, "")];
}

/** The question that was put; none for an answer and for what could not be read. */
function requestOf(
  { kind, method, resource, direction, principal, roles, upstream, ...call }: Recorded,
  listed: ListedTool | undefined,
): AccessRequest | undefined {
  if (method === null || resource === null) return undefined;
  if (kind !== "request" && kind !== "notification") return undefined;
  const isToken = /^[a-z]+:\/\/.*#/.test(principal);
  const local = localPrincipal(principal, roles);
  const client = isToken ? { ...local, kind: "token" as const } : local;
  const who = direction === "upstream-to-client" ? upstreamPrincipal(upstream) : client;
  const question = { method, resource, direction, principal: who, ...listed };
  return methodRequest(
    call.arguments === undefined ? question : { ...question, arguments: call.arguments },
  );
}
