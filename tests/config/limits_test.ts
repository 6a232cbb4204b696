import assert from "node:assert/strict";
import { DEFAULT_LIMITS, LIMITS, type LimitSpec } from "../../src/base/limits.ts";
import { LIMIT_VARIABLES, readLimits } from "../../src/config/limits.ts";

Deno.test("readLimits() gives the defaults when nothing is set", () => {
  const { limits, faults, warnings } = readLimits({});
  assert.deepEqual(limits, DEFAULT_LIMITS);
  assert.deepEqual([faults, warnings], [[], []]);
});

Deno.test("readLimits() knows every version 1 variable under both prefixes", () => {
  const names = [
    "MAX_HTTP_BODY_BYTES",
    "MAX_STDIO_LINE_BYTES",
    "MAX_ARGUMENT_BYTES",
    "MAX_ARGUMENTS_TOTAL_BYTES",
    "MAX_NESTING_DEPTH",
    "SANITIZER_MAX_SCAN_BYTES",
    "MAX_SSE_BUFFER_BYTES",
    "MAX_POLICY_FILE_BYTES",
    "MAX_CONCURRENT_REQUESTS",
    "TRANSPORT_TIMEOUT",
    "REDIS_OPERATION_TIMEOUT",
    "REDIS_FAIL_OPEN",
    "TARGET_SHUTDOWN_TIMEOUT",
  ];
  for (const name of names) {
    for (const prefix of ["AEGIS_", "GUARDIAN_"]) {
      assert.ok(LIMIT_VARIABLES.includes(prefix + name), prefix + name);
    }
  }
});

Deno.test("readLimits() reads bytes as bytes, durations as seconds, switches as words", () => {
  const { limits, faults } = readLimits({
    environment: {
      AEGIS_MAX_HTTP_BODY_BYTES: "5000000",
      GUARDIAN_MAX_STDIO_LINE_BYTES: "2000000",
      AEGIS_MAX_NESTING_DEPTH: " 64 ",
      AEGIS_TRANSPORT_TIMEOUT: "1.5",
      AEGIS_REDIS_FAIL_OPEN: "true",
      AEGIS_TARGET_SHUTDOWN_TIMEOUT: "0",
    },
  });
  assert.deepEqual(faults, []);
  assert.deepEqual(limits, {
    ...DEFAULT_LIMITS,
    maxHttpBodyBytes: 5_000_000,
    maxLineBytes: 2_000_000,
    maxDepth: 64,
    transportTimeoutMs: 1500,
    redisFailOpen: 1,
    shutdownGraceMs: 0,
  });
});

Deno.test("readLimits() lets a flag win over the environment", () => {
  const { limits, faults } = readLimits({
    flags: { "max-line-size": "10MB", "max-arg-size": "64KiB", "max-depth": "16" },
    environment: { AEGIS_MAX_STDIO_LINE_BYTES: "4096", GUARDIAN_MAX_NESTING_DEPTH: "100" },
  });
  assert.deepEqual(faults, []);
  assert.deepEqual(
    [limits.maxLineBytes, limits.maxArgumentBytes, limits.maxDepth],
    [10_000_000, 65_536, 16],
  );
});

Deno.test("readLimits() prefers AEGIS_ and warns when GUARDIAN_ differs", () => {
  const set = (aegis: string, guardian: string) =>
    readLimits({
      environment: { AEGIS_MAX_NESTING_DEPTH: aegis, GUARDIAN_MAX_NESTING_DEPTH: guardian },
    });
  assert.equal(set("32", "64").limits.maxDepth, 32);
  assert.deepEqual(set("32", "64").warnings, [
    "AEGIS_MAX_NESTING_DEPTH wins over GUARDIAN_MAX_NESTING_DEPTH, which has another value",
  ]);
  assert.deepEqual(set("32", "32").warnings, []);
  assert.equal(set("", "64").limits.maxDepth, 64);
  assert.deepEqual(set("", "64").warnings, []);
});

Deno.test("readLimits() names the variable, the range and the value of a fault", () => {
  const { faults } = readLimits({
    environment: { GUARDIAN_MAX_NESTING_DEPTH: "three", AEGIS_TRANSPORT_TIMEOUT: "0.01" },
    flags: { "max-line-size": "10M" },
  });
  assert.deepEqual(faults, [
    {
      source: "flag",
      name: "--max-line-size",
      message: 'Cannot set --max-line-size as it must be 1KiB to 1GB: current value is "10M"',
      hint: "Sizes are bytes, or written like 64KiB, 10MB, 1GB",
    },
    {
      source: "environment",
      name: "GUARDIAN_MAX_NESTING_DEPTH",
      message:
        'Cannot set GUARDIAN_MAX_NESTING_DEPTH as it must be 4 to 1000 (levels): current value is "three"',
    },
    {
      source: "environment",
      name: "AEGIS_TRANSPORT_TIMEOUT",
      message:
        'Cannot set AEGIS_TRANSPORT_TIMEOUT as it must be 0.1 to 3600 (seconds): current value is "0.01"',
    },
  ]);
});

Deno.test("readLimits() refuses every bound just outside its range and takes it at the edge", () => {
  for (const [name, spec] of Object.entries(LIMITS) as [keyof typeof LIMITS, LimitSpec][]) {
    if (spec.env === undefined || spec.unit === "boolean") continue;
    const scale = spec.unit === "ms" ? 1000 : 1;
    const read = (value: number) =>
      readLimits({ environment: { [`AEGIS_${spec.env}`]: String(value / scale) } });
    assert.equal(read(spec.min).limits[name], spec.min, name);
    assert.equal(read(spec.max).limits[name], spec.max, name);
    assert.equal(read(spec.max + 1).faults.length, 1, name);
    assert.equal(read(spec.min - 1).faults.length, 1, name);
  }
});

Deno.test("readLimits() falls back to the defaults when anything is wrong", () => {
  const { limits, faults } = readLimits({
    environment: { AEGIS_MAX_NESTING_DEPTH: "500", AEGIS_REDIS_FAIL_OPEN: "maybe" },
  });
  assert.equal(faults.length, 1);
  assert.deepEqual(limits, DEFAULT_LIMITS);
});

Deno.test("readLimits() cuts a long value and looks at own members only", () => {
  const { faults } = readLimits({ environment: { AEGIS_MAX_NESTING_DEPTH: "9".repeat(10_000) } });
  assert.ok((faults[0]?.message.length ?? 0) < 250);
  const inherited = Object.create({ AEGIS_MAX_NESTING_DEPTH: "5" });
  assert.equal(readLimits({ environment: inherited }).limits.maxDepth, DEFAULT_LIMITS.maxDepth);
});
