/**
 * The HTTP proxy as the proxy benchmark measures it: a token that is verified, a policy of 50 rules,
 * limits and audit on.
 * @module
 */

import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { CaseFiles } from "./path_cases.ts";
import { benchPolicy } from "./path_cases.ts";
import { figure, markdown, type PathResult, verdict } from "./path_table.ts";

/** Case names of the benchmark and of our own. */
export const HTTP_CASES = { direct: "direct", floor: "deno-http", ours: "aegis-http" } as const;

const ISSUER = "https://bench.example";
const AUDIENCE = "https://mcp.example/mcp";

/** The case that is ours, in the form of the benchmark's case files. */
export async function httpCaseFile({ deno, bundled }: CaseFiles): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwks = { keys: [{ ...await exportJWK(publicKey), kid: "bench", alg: "ES256" }] };
  const token = await new SignJWT({ roles: ["bench"] })
    .setProtectedHeader({ alg: "ES256", kid: "bench", typ: "at+jwt" })
    .setIssuer(ISSUER).setAudience(AUDIENCE).setSubject("bench").setExpirationTime("2h")
    .sign(privateKey);
  return JSON.stringify({
    http: [{
      name: HTTP_CASES.ours,
      needs: [deno],
      files: {
        "policy.yaml": benchPolicy().replace("roles: []", "roles: [bench]"),
        "jwks.json": JSON.stringify(jwks),
      },
      endpoints: { json: "/mcp", modern: "/mcp" },
      headers: { Authorization: `Bearer ${token}` },
      argv: [
        ...[deno, "run", "-A", "--no-prompt", bundled, "serve"],
        ...["--policy", "{dir}/policy.yaml", "--port", "{port}", "--upstream", "{upstream}/mcp"],
        ...["--issuer", ISSUER, "--jwks-file", "{dir}/jwks.json", "--audience", AUDIENCE],
        ...["--rate-limit", "1000000", "--audit", "{dir}/audit.jsonl", "--log-level", "ERROR"],
      ],
    }],
  });
}

const ROWS: readonly (readonly [metric: string, label: string, target: number])[] = [
  ["p50_us_1", "round trip, p50 (µs)", 1.4],
  ["rps_64", "requests/s, 64 sessions", 0.6],
  ["rps_256", "requests/s, 256 sessions", 0.6],
  ["p99_us_256", "p99 at 256 sessions (µs)", 1.7],
  ["cpu_ms_per_1000", "CPU per 1000 requests (ms)", 1.7],
  ["echo_10M_ms", "echo of 10 MiB (ms)", 2],
];
const KINDS = { json: "with a session", modern: "2026-07-28" } as const;
const WHOLE: readonly (readonly [metric: string, label: string, target: number])[] = [
  ["cold_list_ms", "cold start to tools/list (ms)", 1.5],
  ["idle_kib_per_stream", "an idle stream (KiB)", 1.2],
];

/** The table as Markdown, then a line for each message that a case lost. */
export function httpTable({ rounds, table }: PathResult): string {
  const value = (name: string, metric: string) => table[name]?.metrics[metric]?.median;
  const row = (metric: string, label: string, target: number) => [
    label,
    figure(value(HTTP_CASES.direct, metric)),
    figure(value(HTTP_CASES.floor, metric)),
    ...verdict(
      { of: "ratio", best: metric.includes("rps") ? "most" : "least" },
      { ours: value(HTTP_CASES.ours, metric), floor: value(HTTP_CASES.floor, metric) },
      target,
    ),
  ];
  const rows = [
    ...Object.entries(KINDS).flatMap(([kind, name]) =>
      ROWS.map(([metric, label, target]) => row(`${kind}_${metric}`, `${label}, ${name}`, target))
    ),
    ...WHOLE.map(([metric, label, target]) => row(metric, label, target)),
  ];
  const head = ["", HTTP_CASES.direct, HTTP_CASES.floor, HTTP_CASES.ours, "ratio", "target"];
  const lost = Object.entries(table).flatMap(([name, { errors = [] }]) =>
    errors.map((error) => `lost by ${name}: ${error}`)
  );
  const caption =
    `Medians of ${rounds} rounds; ratios to ${HTTP_CASES.floor}; ✗ misses its target.`;
  return [markdown([head, ...rows]), "", caption, ...lost].join("\n");
}
