/**
 * Which runs of the suite there are, and which of their scenarios are not ours to pass.
 * @module
 */

import { type Row, rowsOf } from "./compare.ts";
import {
  type Checks,
  type ClientRun,
  type Outcomes,
  runClientScenario,
  runServerSuite,
  type ServerRun,
} from "./suite.ts";
import { startProxy, writtenCommand } from "../../tests/e2e/http_proxy.ts";
import { startConformanceServer } from "../../tests/fixtures/conformance_server.ts";

/** The runs against a server, by the name that the table shows. */
export const SERVER_RUNS: Readonly<Record<string, ServerRun>> = {
  "0.1.16 --suite all": { suite: "conformance-stable", args: ["--suite", "all"] },
  "0.2.0-alpha.12 --requirements 2025-11-25": {
    suite: "conformance-modern",
    args: ["--requirements", "2025-11-25"],
  },
  "0.2.0-alpha.12 --requirements 2026-07-28": {
    suite: "conformance-modern",
    args: ["--requirements", "2026-07-28"],
  },
};

/** Scenarios for clients, by suite and revision. Those of authorization are not among them. */
const CLIENT_SCENARIOS: readonly (Omit<ClientRun, "scenario"> & { scenarios: string[] })[] = [
  {
    suite: "conformance-stable",
    scenarios: ["initialize", "tools_call", "elicitation-sep1034-client-defaults", "sse-retry"],
  },
  {
    suite: "conformance-modern",
    revision: "2025-11-25",
    scenarios: [
      "initialize",
      "tools_call",
      "elicitation-sep1034-client-defaults",
      "sse-retry",
      "json-schema-2020-12-preservation",
    ],
  },
  {
    suite: "conformance-modern",
    revision: "2026-07-28",
    scenarios: [
      "tools_call",
      "request-metadata",
      "sep-2322-client-request-state",
      "http-standard-headers",
      "http-custom-headers",
      "http-invalid-tool-headers",
      "json-schema-ref-no-deref",
      "json-schema-2020-12-preservation",
    ],
  },
];

/** Extensions that the fixture does not have. */
function extension(scenario: string): string | undefined {
  if (scenario.startsWith("tasks-")) return "the tasks extension";
  if (scenario.startsWith("sep-2640-")) return "the skills extension";
  return undefined;
}

/**
 * Holds every run of the suite against the fixture. `proxy` is what `writtenCommand()` takes;
 * without it only the direct way is taken.
 */
export async function compareServers(proxy?: string): Promise<Row[]> {
  const direct = await allServerRuns();
  const through = proxy === undefined ? undefined : await allServerRuns(proxy);
  return [...direct].flatMap(([name, outcomes]) =>
    rowsOf(name, outcomes, through?.get(name), extension)
  );
}

/** All runs against one fixture, behind a proxy when one is named. */
async function allServerRuns(proxy?: string): Promise<Map<string, Outcomes>> {
  await using stack = new AsyncDisposableStack();
  let { url } = stack.use(startConformanceServer());
  if (proxy !== undefined) {
    ({ url } = stack.use(await startProxy(url, { command: writtenCommand(proxy) })));
  }
  const all = new Map<string, Outcomes>();
  for (const [name, run] of Object.entries(SERVER_RUNS)) {
    all.set(name, await runServerSuite(run, url));
  }
  return all;
}

/** Lets our client play every scenario; `proxy` as for {@linkcode compareServers}. */
export async function compareClients(proxy?: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { scenarios, ...rest } of CLIENT_SCENARIOS) {
    const name = `client, ${versionOf(rest)}`;
    for (const scenario of scenarios) {
      const run = { ...rest, scenario };
      const [direct, through] = await Promise.all([
        playedDirectly(run),
        proxy === undefined ? undefined : runClientScenario(run, { proxy }),
      ]);
      rows.push({ run: name, scenario, direct, ...(through && { through }) });
    }
  }
  return rows;
}

const direct = new Map<string, Promise<Checks>>();

/** What a scenario says without a proxy: played once, however many proxies are compared with it. */
function playedDirectly(run: ClientRun): Promise<Checks> {
  const key = JSON.stringify([run.suite, run.revision, run.scenario]);
  const played = direct.get(key) ?? runClientScenario(run);
  direct.set(key, played);
  return played;
}

function versionOf({ suite, revision }: Omit<ClientRun, "scenario">): string {
  return suite === "conformance-stable" ? "0.1.16" : `0.2.0-alpha.12 ${revision}`;
}
