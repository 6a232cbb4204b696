/**
 * Requests and policies for the tests of this room.
 * @module
 */

import type { Obligation } from "../../src/access/decision.ts";
import type { Principal } from "../../src/access/principal.ts";
import type { AccessRequest, RequestContext, ToolAnnotations } from "../../src/access/request.ts";
import { formatDiagnostic } from "../../src/base/diagnostic.ts";
import { type JsonObject, member } from "../../src/base/json.ts";
import { err, ok } from "../../src/base/result.ts";
import type { ConditionCompiler } from "../../src/policy/condition_reader.ts";
import { checkPolicy, type ParseOptions, parsePolicy } from "../../src/policy/load.ts";
import type { Policy } from "../../src/policy/policy.ts";

export const FILESYSTEM = ["npx", "-y", "@modelcontextprotocol/server-filesystem", "/tmp"];

export const CONTEXT: RequestContext = {
  traceId: "0".repeat(32),
  receivedAtMs: 0,
  direction: "client-to-upstream",
  transport: "stdio",
  revision: "2025-11-25",
};

export function local(id: string, ...roles: readonly string[]): Principal {
  return { id, kind: "local", roles: new Set(roles), scopes: new Set() };
}

export function token(
  id: string,
  { roles = [], scopes = [] }: {
    readonly roles?: readonly string[];
    readonly scopes?: readonly string[];
  } = {},
): Principal {
  return { id, kind: "token", roles: new Set(roles), scopes: new Set(scopes) };
}

export const UPSTREAM: Principal = {
  id: "upstream",
  kind: "upstream",
  roles: new Set(),
  scopes: new Set(),
};

export interface CallOptions {
  readonly who?: Principal;
  readonly server?: string | null;
  readonly annotations?: ToolAnnotations;
  readonly unknownArguments?: boolean;
  readonly args?: JsonObject;
}

export function call(
  name: string,
  { who = local("anna", "dev"), server = null, annotations, unknownArguments = false, args = {} }:
    CallOptions = {},
): AccessRequest {
  return {
    principal: who,
    action: "execute",
    resource: { kind: "tool", server, name },
    method: "tools/call",
    known: true,
    arguments: unknownArguments ? undefined : args,
    context: annotations === undefined ? CONTEXT : { ...CONTEXT, annotations },
  };
}

export function readResource(
  uri: string,
  { who = local("anna", "dev"), server = null }: CallOptions = {},
): AccessRequest {
  return {
    ...call("", { who }),
    action: "read",
    method: "resources/read",
    resource: { kind: "resource", server, name: uri },
  };
}

export function listTemplate(uriTemplate: string, options: CallOptions = {}): AccessRequest {
  const request = readResource(uriTemplate, options);
  return {
    ...request,
    method: "resources/templates/list",
    arguments: undefined,
    resource: { ...request.resource, template: true },
  };
}

export function completeTemplate(uriTemplate: string, options: CallOptions = {}): AccessRequest {
  return {
    ...listTemplate(uriTemplate, options),
    method: "completion/complete",
    arguments: { argument: { name: "x", value: "" } },
  };
}

export function getPrompt(
  name: string,
  { who = local("anna", "dev"), server = null }: CallOptions = {},
): AccessRequest {
  return {
    ...call("", { who }),
    action: "read",
    method: "prompts/get",
    resource: { kind: "prompt", server, name },
  };
}

export function unknownMethod(
  method: string,
  { who = local("anna", "dev"), server = null }: CallOptions = {},
): AccessRequest {
  return {
    ...call("", { who }),
    method,
    known: false,
    resource: { kind: "server", server, name: method },
  };
}

export function control(who: Principal): AccessRequest {
  return {
    ...call("", { who }),
    action: "control",
    method: "ping",
    resource: { kind: "server", server: null, name: "ping" },
  };
}

export function asks(
  name: string,
  { who = UPSTREAM, server = null }: CallOptions = {},
): AccessRequest {
  return {
    ...call("", { who }),
    action: "ask-client",
    method: "sampling/createMessage",
    resource: { kind: "server", server, name },
  };
}

/**
 * Stands in for the compiler of conditions: `role NAME` asks for a role, `arg NAME` whether an
 * argument is true, `true` and `false` are the same for all, `throws` and `fails` fail; `bad` has a
 * fault at its end.
 */
export const STAND_IN: ConditionCompiler = (source) => {
  const [word = "", name = ""] = source.trim().split(/\s+/);
  const at = source.indexOf("bad");
  if (at >= 0) return err({ message: "Not a word", offset: at, length: 3, hint: "Mend it" });
  const base = { source, needsArguments: word === "arg" };
  switch (word) {
    case "true":
    case "false":
      return ok({ ...base, constant: word === "true", holds: () => word });
    case "role":
      return ok({ ...base, holds: ({ principal }) => `${principal.roles.has(name)}` });
    case "arg":
      return ok({
        ...base,
        holds({ arguments: args }) {
          if (args === undefined) return "unknown";
          const value = member(args, name);
          return typeof value === "boolean" ? `${value}` : "error";
        },
      });
    case "throws":
      return ok({
        ...base,
        holds() {
          throw new Error("from the condition");
        },
      });
    default:
      return ok({ ...base, holds: () => "error" });
  }
};

/** What {@linkcode STAND_IN} gives as an option. */
export const WITH_CONDITIONS = { conditions: () => Promise.resolve(STAND_IN) };

/** A policy whose one entry is for the role `dev`. */
export function policyOf(rules: string, options: ParseOptions = {}): Promise<Policy> {
  return parsePolicy(
    `version: "1"\nprincipals:\n  devs:\n    roles: [dev]\n${indented(rules)}`,
    options,
  );
}

/** Everything found, one line for each: `3:5 error code message`. */
export async function problemsOf(
  text: string | Uint8Array,
  options: ParseOptions = {},
): Promise<string[]> {
  const { diagnostics } = await checkPolicy(text, options);
  return diagnostics.map(({ line, column, severity, code, message }) =>
    `${line}:${column} ${severity} ${code} ${message}`
  );
}

/** Everything found, as people see it. */
export async function printedProblems(text: string, options: ParseOptions = {}): Promise<string> {
  const { diagnostics } = await checkPolicy(text, options);
  return diagnostics.map(formatDiagnostic).join("\n");
}

/** The buckets that an allow draws from. */
export function bucketsOf(obligations: readonly Obligation[]): string[] {
  return obligations.flatMap((each) => each.kind === "rate" ? [each.bucket] : []).sort();
}

function indented(text: string): string {
  return text.trim().split("\n").map((line) => `    ${line}`).join("\n") + "\n";
}
