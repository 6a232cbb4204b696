/**
 * Whether the headers a message came with say what its body says (MCP 2026-07-28, Streamable HTTP).
 * @module
 */

import type { DenyReason } from "../access/verdict.ts";
import { stringMember } from "../base/json.ts";
import type { NotificationMessage, RequestMessage } from "../jsonrpc/message.ts";
import { headerDisagreement } from "../mcp/http_headers.ts";
import { eraOf, requestRevision } from "../mcp/revision.ts";
import type { Arrival } from "./arrival.ts";
import type { Conversation } from "./conversation.ts";

// INVARIANT: Policy is evaluated on the body; `Mcp-*` headers are claims that must agree.
/**
 * Why the headers of a modern message are refused. A body that names no modern revision is none, and
 * the upstream says what is wrong with it.
 */
export function headerFault(
  conversation: Conversation,
  message: RequestMessage | NotificationMessage,
  { headers }: Arrival,
): DenyReason | undefined {
  if (headers === undefined) return undefined;
  const revision = requestRevision(message.params);
  if (revision === undefined) return undefined;
  if (eraOf(revision) === "legacy" && !saysModern(headers)) return undefined;
  const tool = message.method === "tools/call" ? stringMember(message.params, "name") : undefined;
  const found = headerDisagreement(message, headers, {
    inputSchema: tool === undefined ? undefined : conversation.inputSchema(tool),
  });
  return found === undefined
    ? undefined
    : { code: "header_mismatch", detail: `${found.header}: ${found.detail}` };
}

/** Whether headers claim that a message is of the modern era, whatever its body says. */
function saysModern(headers: Iterable<readonly [string, string]>): boolean {
  for (const [name, value] of headers) {
    if (name.toLowerCase() === "mcp-protocol-version") return eraOf(value.trim()) === "modern";
  }
  return false;
}
