/**
 * Audit entries as spans of OpenTelemetry. The one file that imports `@opentelemetry/api`.
 *
 * Names that begin with `mcp.`, `jsonrpc.` and `gen_ai.` are those of the semantic conventions for MCP
 * (in development when this was written); those of our own begin with `aegis.`.
 * @module
 */

import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { AuditEntry, MessageEntry } from "./entry.ts";

/** Texts that a client chooses are cut to so many UTF-16 units. */
const MAX_TEXT = 128;
const TRACE_ID = /^(?!0{32})[0-9a-f]{16}(?!0{16})[0-9a-f]{16}$/;
/** Reasons that are a failure of ours or of the upstream, not a verdict on the message. */
const FAILURES: ReadonlySet<string> = new Set([
  "check_failed",
  "audit_failed",
  "upstream_failed",
  "overloaded",
]);

/** Makes what makes a span of each message among the entries it is given; it never throws. */
export function spanMaker(): (entries: readonly AuditEntry[]) => void {
  const tracer = trace.getTracer("mcp-aegis");
  return (entries) => {
    try {
      for (const entry of entries) if (entry.type === "message") makeSpan(tracer, entry);
    } catch {
      // The audit has the entry; a collector's trouble must not stop a message.
    }
  };
}

function makeSpan(tracer: Tracer, entry: MessageEntry): void {
  const { timeMs, reason } = entry;
  const active = trace.getActiveSpan()?.spanContext();
  const span = tracer.startSpan(nameOf(entry), {
    startTime: timeMs,
    attributes: attributesOf(entry),
    ...(active === undefined ? {} : { links: [{ context: active }] }),
  }, parentOf(entry));
  if (reason !== undefined && FAILURES.has(reason)) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
  }
  span.end(timeMs + tookMs(entry));
}

/** A name that nobody outside can make many of. */
function nameOf({ method, kind, reason }: MessageEntry): string {
  if (method === null) return kind;
  return reason === "unknown_method" ? "unknown method" : cut(method);
}

/**
 * Puts a request and its answer into the trace whose id the client and the audit were told. Only a
 * parent decides the trace of a span, so there is one of that name, which nobody exports.
 */
function parentOf({ traceId }: MessageEntry): Context {
  if (!TRACE_ID.test(traceId)) return ROOT_CONTEXT;
  const spanId = traceId.slice(16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1, isRemote: true });
}

function attributesOf(entry: MessageEntry): Attributes {
  const { id, method, upstream, action, resource, would, reason, finding, rules } = entry;
  const [rule] = rules;
  return {
    "aegis.trace_id": entry.traceId,
    "aegis.direction": entry.direction,
    "aegis.disposition": entry.disposition,
    "aegis.kind": entry.kind,
    "aegis.principal": cut(entry.principal),
    "aegis.effect": entry.effect,
    "aegis.policy": entry.policy,
    "aegis.bytes": entry.bytes,
    ...(method === null ? {} : { "mcp.method.name": cut(method) }),
    ...(id === null ? {} : { "jsonrpc.request.id": cut(String(id)) }),
    ...(upstream === null ? {} : { "aegis.upstream": upstream }),
    ...(action === null ? {} : { "aegis.action": action }),
    ...(resource === null ? {} : targetOf(resource)),
    ...(would === undefined ? {} : { "aegis.would": would }),
    ...(reason === undefined ? {} : { "aegis.reason": reason, "error.type": reason }),
    ...(finding === undefined ? {} : { "aegis.finding": finding }),
    ...(rule === undefined ? {} : { "aegis.rule": `${rule.file}:${rule.line} ${rule.path}` }),
  };
}

/** The address of a resource is an argument of whoever reads it, and may hold secrets. */
function targetOf({ kind, name }: NonNullable<MessageEntry["resource"]>): Attributes {
  switch (kind) {
    case "tool":
      return { "gen_ai.tool.name": cut(name) };
    case "prompt":
      return { "gen_ai.prompt.name": cut(name) };
    case "resource":
    case "server":
      return { "aegis.resource": kind };
  }
}

/** What the checks took, in milliseconds. */
function tookMs({ steps }: MessageEntry): number {
  return steps.reduce((sum, { us }) => sum + us, 0) / 1000;
}

function cut(text: string): string {
  return text.length > MAX_TEXT ? text.slice(0, MAX_TEXT).toWellFormed() : text;
}
