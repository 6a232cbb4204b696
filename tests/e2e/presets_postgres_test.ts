/**
 * server-postgres, which calls itself read-only and is not, behind its preset. Skipped where no
 * PostgreSQL is installed.
 */

import assert from "node:assert/strict";
import { server } from "../../scripts/servers.ts";
import { tempFolder } from "./harness.ts";
import { connectOfficial } from "./official_client.ts";
import { postgresPrograms, startPostgres } from "./real_postgres.ts";
import { type Call, outcome } from "./scenarios/calls.ts";
import { assertOrdinary, assertRefused, connectGuarded, guardPolicy } from "./scenarios/guarded.ts";

const SEED = `CREATE TABLE accounts (id int PRIMARY KEY, owner text, balance numeric);
  INSERT INTO accounts VALUES (1, 'Ada', 10), (2, 'Grace', 20);
  CREATE SEQUENCE tickets`;

/** What there is to lose. */
const WORLD = `SELECT tablename FROM pg_tables WHERE schemaname = 'public';
  SELECT * FROM accounts ORDER BY id; SELECT is_called FROM tickets`;

const READS: readonly string[] = [
  "SELECT * FROM accounts ORDER BY id",
  "SELECT owner, 'COMMIT; DROP TABLE accounts;' AS note FROM accounts WHERE balance > 5;",
  "WITH rich AS (SELECT * FROM accounts WHERE balance > 15) SELECT count(*) FROM rich",
  "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  "SELECT owner, rank() OVER (ORDER BY balance DESC) FROM accounts -- DELETE",
  "SELECT $$it's; DROP$$ || string_agg(owner, ', ' ORDER BY id) FROM accounts",
  "EXPLAIN (COSTS OFF) SELECT * FROM accounts WHERE id = 1",
];

/** With COMMIT in front the server runs all of them. */
const CHANGES: readonly string[] = [
  "DROP TABLE accounts",
  "DELETE FROM accounts",
  "UPDATE accounts SET balance = 0",
  "INSERT INTO accounts VALUES (3, 'Eve', 1)",
  "WITH gone AS (DELETE FROM accounts RETURNING *) SELECT * FROM gone",
  "SELECT * INTO stolen FROM accounts",
  "TRUNCATE accounts",
  "SELECT nextval('tickets')",
  "COPY accounts TO PROGRAM 'cat > /tmp/stolen'",
  "DO $$ BEGIN DELETE FROM accounts; END $$",
];

/** Nothing of this the read-only transaction of the server stops. */
const READS_THAT_REACH_OUT: readonly string[] = [
  "SELECT pg_read_file('/etc/passwd')",
  "SELECT pg_sleep(60)",
  "SELECT lo_import('/etc/passwd')",
  "SELECT pg_terminate_backend(pg_backend_pid())",
  "SELECT set_config('transaction_read_only', 'off', false)",
  "COMMIT",
  "SET TRANSACTION READ WRITE",
];

const programs = postgresPrograms();

Deno.test({
  name: "server-postgres under its preset: what reads runs, and no COMMIT opens the rest",
  ignore: programs === undefined,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () => underItsPreset(programs ?? ""),
});

async function underItsPreset(programs: string): Promise<void> {
  await using postgres = await startPostgres(programs);
  await postgres.sql(SEED);
  await using folder = await tempFolder();
  const policy = await folder.write("policy.yaml", guardPolicy(folder.path));
  const { command, args } = await server("postgres");
  const launch = { command, args: args(postgres.url) };
  await using direct = await connectOfficial(launch);
  await using reader = await connectGuarded(launch, { policy, roles: "reader" });
  await using keeper = await connectGuarded(launch, { policy, roles: "keeper" });
  const calls = READS.map((sql): Call => ["query", { sql }]);
  for (const { client } of [reader, keeper]) {
    await assertOrdinary(() => calls, {
      direct: { client: direct.client, folder: folder.path },
      guarded: { client, folder: folder.path },
    });
  }
  const { resources } = await reader.client.listResources();
  const uri = resources[0]?.uri ?? "";
  assert.deepEqual(
    await reader.client.readResource({ uri }),
    await direct.client.readResource({ uri }),
  );

  const world = () => postgres.sql(WORLD);
  const before = await world();
  const dangers = [...CHANGES, ...CHANGES.map((sql) => `COMMIT; ${sql};`), ...READS_THAT_REACH_OUT];
  await assertRefused(reader.client, dangers.map((sql) => ({ call: ["query", { sql }] })));
  // Whoever may delete may not do it through a tool that is for reading.
  for (const sql of dangers) {
    const { isError, content } = await keeper.client.callTool({
      name: "query",
      arguments: { sql },
    });
    assert.equal(isError, true, sql);
    assert.match(JSON.stringify(content), /Refused by MCP-Aegis/, sql);
  }
  assert.equal(await world(), before);
  // The same without a proxy between; the server's answer to several statements is no valid one.
  const sql = "COMMIT; DELETE FROM accounts WHERE id = 2;";
  await outcome(direct.client.callTool({ name: "query", arguments: { sql } }));
  assert.notEqual(await world(), before);
}
