/**
 * `mcp-aegis explain`: one decision, laid open.
 * @module
 */

import type { AccessRequest } from "../access/request.ts";
import type { Limits } from "../base/limits.ts";
import { explain, type Explanation } from "../policy/explain.ts";
import { loadPolicy, type Upstream } from "../policy/load.ts";
import type { Policy } from "../policy/policy.ts";
import { PRESETS } from "../policy/presets.ts";
import { type Command, defineCommand } from "./command.ts";
import { EXIT, usageError } from "./exit.ts";
import { type Answer, explanationText } from "./explanation_text.ts";
import type { FlagValues } from "./flag.ts";
import { FLAGS } from "./flags.ts";
import { limitsOf } from "./limits.ts";
import { painter } from "./paint.ts";
import {
  accessRequest,
  type Asked,
  localPrincipal,
  methodRequest,
  upstreamPrincipal,
} from "./question.ts";
import { readRecord, type Recorded } from "./recorded.ts";
import { readTarget } from "./target.ts";

const WHAT = "What is asked for (one of these)";

const EXPLAIN_FLAGS = {
  policy: { ...FLAGS.policy, brief: "the policy (required, unless the audit names it)" },
  principal: FLAGS.principal,
  roles: FLAGS.roles,
  target: FLAGS.target,
  name: FLAGS.name,
  tool: { kind: "text", value: "NAME", group: WHAT, brief: "a call of this tool" },
  resource: { kind: "text", value: "URI", group: WHAT, brief: "reading this resource" },
  prompt: { kind: "text", value: "NAME", group: WHAT, brief: "getting this prompt" },
  method: { kind: "text", value: "METHOD", group: WHAT, brief: "any other method" },
  "audit-line": {
    kind: "text",
    value: "FILE:LINE",
    group: WHAT,
    brief: "what an audit line records; FILE:TRACE works too",
  },
  json: FLAGS.json,
} as const;

type ExplainFlags = FlagValues<typeof EXPLAIN_FLAGS>;

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
    const subject = flags["audit-line"] === undefined
      ? subjectOfFlags(flags)
      : await subjectOfRecord(flags, flags["audit-line"]);
    const upstream = {
      ...subject.upstream,
      ...(target === undefined ? {} : { argv: target.argv }),
    };
    const answer = await answerOf(subject, { upstream, limits });
    io.out(
      flags.json
        ? JSON.stringify(asJson(answer), null, 2) + "\n"
        : explanationText(answer, painter(io.colour("out"))),
    );
    return isDenied(answer) ? EXIT.denied : EXIT.done;
  },
});

/** What shall be explained. */
interface Subject {
  readonly policyFile: string;
  readonly upstream: Upstream;
  /** Made once the upstream's name is known; undefined when no question was put to the policy. */
  readonly request: (server: string | null) => AccessRequest | undefined;
  readonly recorded: Recorded | undefined;
}

async function answerOf(
  { policyFile, request: ask, recorded }: Subject,
  { upstream, limits }: { readonly upstream: Upstream; readonly limits: Limits },
): Promise<Answer> {
  const policy = await loadPolicy(policyFile, { limits, upstream });
  const request = ask(policy.upstreamName);
  const explanation = request === undefined ? undefined : explain(policy, request);
  const notes = notesOf({ policy, request, explanation, recorded, notes: [] });
  return { policy, request, explanation, recorded, notes };
}

function subjectOfFlags(flags: ExplainFlags): Subject {
  const { policy, principal = "local-user", roles, name } = flags;
  const asked = askedOf(flags);
  if (policy === undefined) {
    throw usageError(
      "Cannot explain without --policy",
      "For example: mcp-aegis explain --policy policies.yaml --roles dev --tool write_file",
    );
  }
  return {
    policyFile: policy,
    upstream: name === undefined ? {} : { name },
    request: (server) =>
      accessRequest(asked, { principal: localPrincipal(principal, roles), server }),
    recorded: undefined,
  };
}

function askedOf(flags: ExplainFlags): Asked {
  const asked = (["tool", "resource", "prompt", "method"] as const).flatMap((kind): Asked[] => {
    const name = flags[kind];
    return name === undefined ? [] : [{ kind, name }];
  });
  const [only] = asked;
  if (only === undefined || asked.length > 1) {
    throw usageError(
      "Cannot tell what to explain: give exactly one of --tool, --resource, --prompt, --method " +
        "and --audit-line",
      "For example: mcp-aegis explain --policy policies.yaml --roles dev --tool write_file",
    );
  }
  const needs = NAMED_BY.get(only.name);
  if (only.kind === "method" && needs !== undefined) {
    throw usageError(`Cannot explain ${only.name} by its method alone`, `Write --${needs} instead`);
  }
  return only;
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
    request: () => requestOf(recorded),
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
  { kind, method, resource, direction, principal, roles, upstream }: Recorded,
): AccessRequest | undefined {
  if (method === null || resource === null) return undefined;
  if (kind !== "request" && kind !== "notification") return undefined;
  const isToken = /^[a-z]+:\/\/.*#/.test(principal);
  const local = localPrincipal(principal, roles);
  const client = isToken ? { ...local, kind: "token" as const } : local;
  const who = direction === "upstream-to-client" ? upstreamPrincipal(upstream) : client;
  return methodRequest({ method, resource, direction, principal: who });
}

function notesOf({ policy, explanation, recorded }: Answer): readonly string[] {
  return recorded === undefined
    ? presetNotes(policy, explanation)
    : recordNotes(recorded, { policy, explanation });
}

function presetNotes(policy: Policy, explanation: Explanation | undefined): readonly string[] {
  if (explanation?.classification?.source.kind !== "default" || policy.presets.length > 0) {
    return [];
  }
  const known = [...PRESETS.values()].find(({ shortName }) => shortName === policy.upstreamName);
  if (known === undefined) return [];
  const [first = ""] = known.packages;
  return [
    `No preset applies, as no command was given; with "-- npx -y ${first.replace(/^npm:/, "")}" ` +
    `the preset ${known.name} would`,
  ];
}

function recordNotes(
  recorded: Recorded,
  { policy, explanation }: Pick<Answer, "policy" | "explanation">,
): readonly string[] {
  const notes: string[] = [];
  const decision = explanation?.decision;
  const { kind, place, traceId, action, reason, effect } = recorded;
  if (kind === "result" || kind === "error") {
    const file = place.slice(0, place.lastIndexOf(":"));
    notes.push(`It is an answer; its request is explained by --audit-line ${file}:${traceId}`);
  }
  if (recorded.policy !== policy.hash) {
    notes.push(`${policy.file} was another one then: this is what it says today`);
  } else if (effect === "deny" && decision?.effect === "allow") {
    notes.push(`The policy allows it; it was refused for another reason: ${reason ?? "unknown"}`);
  }
  if (decision !== undefined && action !== undefined && action !== decision.action) {
    notes.push(`It counted as ${action} then: the server's own hints are not in the record`);
  }
  if (recorded.cut) notes.push("The line was cut to its bounds when it was written");
  return notes;
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
