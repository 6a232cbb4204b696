/**
 * Questions for a policy, as `check` and `explain` put them.
 * @module
 */

import type { Principal } from "../access/principal.ts";
import type { AccessRequest, RequestContext, ToolAnnotations } from "../access/request.ts";
import { methodSpec } from "../mcp/methods.ts";

/** What is asked for. */
export type Asked =
  | { readonly kind: "tool"; readonly name: string; readonly annotations?: ToolAnnotations }
  | { readonly kind: "resource" | "template" | "prompt"; readonly name: string }
  /** A method that names no thing, a server's question included. */
  | { readonly kind: "method"; readonly name: string };

/** Who asks whom. */
export interface Parties {
  readonly principal: Principal;
  /** The upstream's name. */
  readonly server: string | null;
}

const CONTEXT: RequestContext = {
  traceId: "0".repeat(32),
  receivedAtMs: 0,
  direction: "client-to-upstream",
  transport: "stdio",
  revision: null,
};

/** A principal that the operator named. */
export function localPrincipal(id: string, roles: readonly string[]): Principal {
  return { id, kind: "local", roles: new Set(roles), scopes: new Set() };
}

/** The request that the gateway would judge. */
export function accessRequest(asked: Asked, { principal, server }: Parties): AccessRequest {
  const common = { principal, known: true, arguments: {}, context: CONTEXT };
  switch (asked.kind) {
    case "tool":
      return {
        ...common,
        action: "execute",
        method: "tools/call",
        resource: { kind: "tool", server, name: asked.name },
        context: asked.annotations === undefined
          ? CONTEXT
          : { ...CONTEXT, annotations: asked.annotations },
      };
    case "resource":
      return {
        ...common,
        action: "read",
        method: "resources/read",
        resource: { kind: "resource", server, name: asked.name },
      };
    case "template":
      return {
        ...common,
        action: "read",
        method: "resources/templates/list",
        resource: { kind: "resource", server, name: asked.name, template: true },
        arguments: undefined,
      };
    case "prompt":
      return {
        ...common,
        action: "read",
        method: "prompts/get",
        resource: { kind: "prompt", server, name: asked.name },
      };
    case "method":
      return methodRequest(asked.name, { principal, server });
  }
}

function methodRequest(method: string, { principal, server }: Parties): AccessRequest {
  const fromClient = methodSpec(method, "client");
  const asks = methodSpec(method, "upstream")?.ask;
  const common = { method, arguments: {}, context: CONTEXT };
  if (fromClient === undefined && asks !== undefined) {
    return {
      ...common,
      principal: { ...localPrincipal(server ?? "upstream", []), kind: "upstream" },
      action: "ask-client",
      known: true,
      resource: { kind: "server", server, name: asks },
      context: { ...CONTEXT, direction: "upstream-to-client" },
    };
  }
  return {
    ...common,
    principal,
    action: fromClient === undefined ? "execute" : "control",
    known: fromClient !== undefined,
    resource: { kind: "server", server, name: method },
  };
}
