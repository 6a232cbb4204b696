/**
 * Arbitrary audit entries, and text that tries to be something else.
 * @module
 */

import fc from "fast-check";
import type { AuditEntry, EventEntry, MessageEntry, NoiseEntry } from "../../src/audit/entry.ts";
import { NOON_MS } from "./entries.ts";

/** Strings that try to be something else than text of one line. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    '"}\n{"v":1,"type":"message","seq":1}',
    "\u001b[31mred\u001b[0m",
    "\u009b31m",
    "a\u2028b\u2029c\u0085d",
    "\u202egnp.exe",
    "\ud800",
    "\udfff x",
    "\u{e0041}",
    '\\\\"\\u0022',
    "__proto__",
    "",
    "\0",
    "é漢字🎉",
  ),
);

const messageArbitrary: fc.Arbitrary<MessageEntry> = fc.record({
  type: fc.constant("message" as const),
  timeMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  traceId: nastyText,
  direction: fc.constantFrom("client-to-upstream" as const, "upstream-to-client" as const),
  disposition: fc.constantFrom("forward" as const, "answer" as const, "drop" as const),
  kind: fc.constantFrom(
    ...(["request", "notification", "result", "error", "unreadable"] as const),
  ),
  id: fc.oneof(fc.constant(null), fc.maxSafeInteger(), nastyText),
  method: fc.option(nastyText),
  principal: fc.oneof(fc.constantFrom("dev", "ops"), nastyText),
  roles: fc.array(nastyText, { maxLength: 3 }),
  upstream: fc.option(fc.constantFrom("fs", "db")),
  action: fc.option(fc.constantFrom("read" as const, "execute" as const)),
  resource: fc.option(fc.record({
    kind: fc.constantFrom("tool" as const, "resource" as const),
    server: fc.option(nastyText),
    name: fc.oneof(fc.constantFrom("read_file", "write_file"), nastyText),
    template: fc.boolean(),
  })),
  effect: fc.constantFrom("allow" as const, "deny" as const),
  rules: fc.array(
    fc.record({
      file: nastyText,
      line: fc.nat(),
      column: fc.nat(),
      path: fc.constant(""),
    }),
    { maxLength: 2 },
  ),
  policy: fc.constantFrom("sha256:00", "sha256:11"),
  steps: fc.array(
    fc.record({
      check: fc.oneof(fc.constant("policy"), nastyText),
      us: fc.double({ min: 0, max: 1e9, noNaN: true }),
    }),
    { maxLength: 4 },
  ),
  bytes: fc.nat(),
}).chain((entry) =>
  fc.record({
    would: fc.constant("deny" as const),
    reason: nastyText,
    detail: nastyText,
    argumentsHash: fc.constant("sha256:22"),
    arguments: fc.dictionary(nastyText, nastyText, { maxKeys: 3 }),
    changes: fc.array(nastyText, { maxLength: 2 }),
  }, { requiredKeys: [] }).map((more) => ({ ...entry, ...more }))
);

const noiseArbitrary: fc.Arbitrary<NoiseEntry> = fc.record({
  type: fc.constant("noise" as const),
  timeMs: fc.constant(NOON_MS),
  upstream: fc.option(nastyText),
  count: fc.nat(),
  bytes: fc.nat(),
  sample: nastyText,
});

const eventArbitrary: fc.Arbitrary<EventEntry> = fc.record({
  type: fc.constant("event" as const),
  timeMs: fc.constant(NOON_MS),
  event: nastyText,
  detail: fc.dictionary(nastyText, nastyText, { maxKeys: 3 }),
});

/** Any entry. */
export const entryArbitrary: fc.Arbitrary<AuditEntry> = fc.oneof(
  { arbitrary: messageArbitrary, weight: 4 },
  noiseArbitrary,
  eventArbitrary,
);

/** Any message entry. */
export const anyMessage = messageArbitrary;
