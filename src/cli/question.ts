/**
 * Questions for a policy, as `check` and `explain` put them.
 * @module
 */

import type { Principal } from "../access/principal.ts";
import type {
  AccessRequest,
  Action,
  Direction,
  RequestContext,
  Resource,
  ToolAnnotations,
  ToolListing,
} from "../access/request.ts";
import type { JsonObject } from "../base/json.ts";
import { methodSpec } from "../mcp/methods.ts";

/** What is asked for. */
export type Asked =
  | {
    readonly kind: "tool";
    readonly name: string;
    readonly annotations?: ToolAnnotations;
    /** As the server listed it. */
    readonly listing?: ToolListing;
    /** What it is called with; absent: not known. */
    readonly arguments?: JsonObject;
  }
  | { readonly kind: "resource" | "template" | "prompt"; readonly name: string }
  /** A method that names no thing, a server's question included. */
  | { readonly kind: "method"; readonly name: string };

/** Who asks whom. */
export interface Parties {
  readonly principal: Principal;
  /** The upstream's name. */
  readonly server: string | null;
}

/** A question by its method. */
export interface MethodQuestion {
  readonly method: string;
  readonly principal: Principal;
  readonly direction: Direction;
  readonly resource: Resource;
  readonly annotations?: ToolAnnotations;
  readonly listing?: ToolListing;
  /** What a tool is called with; absent: not known. */
  readonly arguments?: JsonObject;
}

/** A principal that the operator named. */
export function localPrincipal(id: string, roles: readonly string[]): Principal {
  return { id, kind: "local", roles: new Set(roles), scopes: new Set() };
}

/** The request that the gateway would judge. */
export function accessRequest(asked: Asked, { principal, server }: Parties): AccessRequest {
  const common = { principal, direction: "client-to-upstream" } as const;
  const { name } = asked;
  switch (asked.kind) {
    case "tool": {
      const { kind, name: _, ...call } = asked;
      const resource = { kind, server, name } as const;
      return methodRequest({ ...common, ...call, method: "tools/call", resource });
    }
    case "resource":
      return methodRequest({
        ...common,
        method: "resources/read",
        resource: { kind: "resource", server, name },
      });
    case "template":
      return {
        ...methodRequest({
          ...common,
          method: "resources/read",
          resource: { kind: "resource", server, name, template: true },
        }),
        arguments: undefined,
      };
    case "prompt":
      return methodRequest({
        ...common,
        method: "prompts/get",
        resource: { kind: "prompt", server, name },
      });
    case "method":
      return bareMethod(name, { principal, server });
  }
}

function bareMethod(method: string, { principal, server }: Parties): AccessRequest {
  const asks = methodSpec(method, "upstream")?.ask;
  if (asks === undefined || methodSpec(method, "client") !== undefined) {
    const resource = { kind: "server", server, name: method } as const;
    return methodRequest({ method, principal, direction: "client-to-upstream", resource });
  }
  return methodRequest({
    method,
    principal: upstreamPrincipal(server),
    direction: "upstream-to-client",
    resource: { kind: "server", server, name: asks },
  });
}

/** The principal of what a server asks. */
export function upstreamPrincipal(server: string | null): Principal {
  return { id: server ?? "upstream", kind: "upstream", roles: new Set(), scopes: new Set() };
}

/** The request of a message with this method. */
export function methodRequest(
  { method, principal, direction, resource, annotations, listing, ...call }: MethodQuestion,
): AccessRequest {
  const context: RequestContext = {
    traceId: "0".repeat(32),
    receivedAtMs: 0,
    direction,
    transport: "stdio",
    revision: null,
  };
  const action = actionOf(method, direction);
  return {
    principal,
    method,
    resource,
    action: action ?? "execute",
    known: action !== undefined,
    // Where it is not known what a call is made with, and that decides, the answer is that it depends.
    arguments: method === "tools/call" ? call.arguments : {},
    context: {
      ...context,
      ...(annotations === undefined ? {} : { annotations }),
      ...(listing === undefined ? {} : { listing }),
    },
  };
}

/** The verb of a method, or nothing when that side has no such method. */
function actionOf(method: string, direction: Direction): Action | undefined {
  const spec = methodSpec(method, direction === "client-to-upstream" ? "client" : "upstream");
  switch (spec?.governed) {
    case undefined:
      return undefined;
    case "control":
    case "list":
      return "control";
    case "grant":
      return method === "tools/call" ? "execute" : "read";
    case "listen":
      return "read";
    case "ask":
      return "ask-client";
  }
}
