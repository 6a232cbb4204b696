/**
 * Runs the official conformance suite and reads what it found.
 *
 * Two versions of one package: the stable one, and the one that knows revision 2026-07-28 and holds
 * every message against the schema of its revision. `deno.json` gives each a name.
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import { deno, ROOT } from "../../tests/e2e/harness.ts";

/** A version of the suite, by its name in `deno.json`. */
export type SuiteVersion = "conformance-stable" | "conformance-modern";

/** What the suite says of a scenario: the verdicts of each check in their order, by the check's id. */
export type Checks = Readonly<Record<string, readonly string[]>>;

/** Checks by scenario, in the order in which the suite wrote them. */
export type Outcomes = ReadonlyMap<string, Checks>;

/** One call of the suite against a server. */
export interface ServerRun {
  readonly suite: SuiteVersion;
  /** Which scenarios: the suite's own flags. */
  readonly args: readonly string[];
}

/** One scenario of the suite for a client. */
export interface ClientRun {
  readonly suite: SuiteVersion;
  readonly scenario: string;
  /** The revision at which it is played; without one, the suite's own choice. */
  readonly revision?: string;
}

/**
 * Holds the suite against the server at `url`.
 *
 * @throws {Error} when the suite itself breaks off.
 */
export async function runServerSuite({ suite, args }: ServerRun, url: string): Promise<Outcomes> {
  const { outcomes, said } = await run(suite, ["server", "--url", url, ...args]);
  if (outcomes.size === 0) throw new Error(`The conformance suite found nothing: ${said}`);
  return outcomes;
}

/**
 * Lets our client play one scenario against the suite's server. `proxy` is `AEGIS_PROXY` of
 * `scripts/conformance_client.ts`.
 *
 * @throws {Error} when the suite itself breaks off.
 */
export async function runClientScenario(
  { suite, scenario, revision }: ClientRun,
  { proxy }: { readonly proxy?: string } = {},
): Promise<Checks> {
  const { command, args } = deno("scripts/conformance_client.ts");
  const flags = ["--command", [command, ...args].join(" "), "--scenario", scenario];
  if (revision !== undefined) flags.push("--spec-version", revision);
  const { outcomes, said } = await run(suite, ["client", ...flags], proxy);
  const checks = outcomes.get(scenario);
  if (checks === undefined) throw new Error(`The conformance suite did not play it: ${said}`);
  return checks;
}

async function run(
  suite: SuiteVersion,
  args: readonly string[],
  proxy?: string,
): Promise<{ readonly outcomes: Outcomes; readonly said: string }> {
  const folder = await Deno.makeTempDir({ prefix: "aegis-conformance-" });
  // A proxy is named for one run, not for all that this process starts.
  const { AEGIS_PROXY: _, ...env } = Deno.env.toObject();
  try {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--config", `${ROOT}deno.json`, config.imports[suite]],
        ...[...args, "--output-dir", folder],
      ],
      clearEnv: true,
      env: { ...env, NO_COLOR: "1", ...(proxy === undefined ? {} : { AEGIS_PROXY: proxy }) },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    return {
      outcomes: await readOutcomes(folder),
      said: text.decode(stdout) + text.decode(stderr),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Reads `[server-]<scenario>-<time>/checks.json` of every scenario. */
export async function readOutcomes(folder: string): Promise<Outcomes> {
  const found: { readonly scenario: string; readonly time: string; readonly checks: Checks }[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const [, scenario, time] = name.match(/^(?:server-)?(.+)-(\d{4}(?:-\d\d){2}T[\d-]+Z)$/) ?? [];
    if (scenario === undefined || time === undefined) continue;
    const text = await Deno.readTextFile(`${folder}/${name}/checks.json`);
    found.push({ scenario, time, checks: checksOf(JSON.parse(text)) });
  }
  found.sort((a, b) => a.time < b.time ? -1 : a.time > b.time ? 1 : 0);
  return new Map(found.map(({ scenario, checks }) => [scenario, checks]));
}

/** Verdicts by check. What only informs is left out: it tells of events, whose number is no verdict. */
function checksOf(list: unknown): Checks {
  if (!Array.isArray(list)) throw new TypeError("Cannot read the checks: not a list");
  const checks: Record<string, string[]> = {};
  for (const { id, status } of list) {
    if (status !== "INFO") (checks[String(id)] ??= []).push(String(status));
  }
  return checks;
}
