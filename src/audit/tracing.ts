/**
 * A span for every message, for those who collect traces: what the audit says, without what it holds.
 * @module
 */

import type { AuditEntry } from "./entry.ts";
import type { AuditSink } from "./sink.ts";

/** Where `@opentelemetry/api` 1.x, Deno and SDKs of others leave what they have registered. */
const REGISTRY = Symbol.for("opentelemetry.js.api.1");

/**
 * Gives the same sink, which also makes a span of every message that it has recorded.
 *
 * Somebody must take spans: Deno does with `OTEL_DENO=true` in its environment, else whatever has
 * registered itself with `@opentelemetry/api` before. Without any, the sink itself is given back and
 * nothing is loaded. A span says who, what, the verdict and why; never arguments, the address of a
 * resource, roles or other claims. What goes wrong with spans stops no message.
 *
 * @example
 * ```ts
 * import { memorySink, traceSink } from "@aegis/cli";
 *
 * await using audit = await traceSink(memorySink());
 * console.assert(audit.place === "memory");
 * ```
 */
export async function traceSink<S extends AuditSink>(sink: S): Promise<S> {
  if (!hasTracer()) return sink;
  const { spanMaker } = await import("./spans.ts");
  return tracedSink(sink, spanMaker());
}

function hasTracer(): boolean {
  const registered: unknown = Reflect.get(globalThis, REGISTRY);
  return typeof registered === "object" && registered !== null &&
    Reflect.get(registered, "trace") !== undefined;
}

/** All that the sink can say stays; only what it records is told on. */
function tracedSink<S extends AuditSink>(
  sink: S,
  tell: (entries: readonly AuditEntry[]) => void,
): S {
  const record = (entries: readonly AuditEntry[]): void | Promise<void> => {
    const recorded = sink.record(entries);
    if (recorded instanceof Promise) return recorded.then(() => tell(entries));
    tell(entries);
  };
  return new Proxy(sink, {
    get(target, key) {
      if (key === "record") return record;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
