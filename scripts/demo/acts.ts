/**
 * The acts of the demo: which server, which principal, which calls, and what each is claimed to do.
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { server, type ServerName } from "../servers.ts";

/** What became of a call. */
export type Outcome = "done" | "refused" | "failed";

/** A call and what the demo claims of it. */
export interface Claim {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The call in words of the table. */
  readonly shown: string;
  readonly without: Outcome;
  readonly with: Outcome;
}

/** A fact of the world after the calls, read by the demo itself and not through a server. */
export interface Fact {
  readonly what: string;
  readonly without: string;
  readonly with: string;
  look(world: string): string;
}

/** One act: the same calls to the same server in two equal worlds. */
export interface Act {
  /** Names its files. */
  readonly id: string;
  readonly title: string;
  /** From the root of the project. */
  readonly policy: string;
  readonly server: ServerName;
  readonly principal: string;
  readonly roles: string;
  readonly tools: { readonly without: number; readonly with: number };
  /** Makes the world: a file or folder that is then given to the server. */
  prepare(folder: string): string;
  claims(world: string): readonly Claim[];
  readonly facts: readonly Fact[];
}

/** Act 1: files. */
export const FILES: Act = {
  id: "files",
  title: "server-filesystem, asked by a developer",
  policy: "policies/version1.yaml",
  server: "filesystem",
  principal: "developer",
  roles: "dev",
  tools: { without: 14, with: 10 },
  prepare(folder) {
    Deno.writeTextFileSync(`${folder}/report.txt`, "Quarterly figures\n");
    return folder;
  },
  claims: (world) => [
    {
      tool: "read_text_file",
      args: { path: `${world}/report.txt` },
      shown: "read_text_file report.txt",
      without: "done",
      with: "done",
    },
    {
      tool: "list_directory",
      args: { path: world },
      shown: "list_directory .",
      without: "done",
      with: "done",
    },
    {
      tool: "write_file",
      args: { path: `${world}/report.txt`, content: "Overwritten\n" },
      shown: "write_file report.txt",
      without: "done",
      with: "refused",
    },
    {
      tool: "move_file",
      args: { source: `${world}/report.txt`, destination: `${world}/gone.txt` },
      shown: "move_file report.txt gone.txt",
      without: "done",
      with: "refused",
    },
  ],
  facts: [{
    what: "report.txt afterwards",
    without: "gone",
    with: "Quarterly figures",
    look: (world) => textOf(`${world}/report.txt`),
  }],
};

/** Act 2: a database. */
export const DATABASE: Act = {
  id: "database",
  title: "mcp-sqlite, asked by an observer",
  policy: "policies/version1.yaml",
  server: "mcp-sqlite",
  principal: "readonly",
  roles: "observer",
  tools: { without: 8, with: 5 },
  prepare(folder) {
    const path = `${folder}/shop.db`;
    using database = new DatabaseSync(path);
    database.exec("CREATE TABLE orders (id INTEGER PRIMARY KEY, what TEXT)");
    database.exec("INSERT INTO orders (what) VALUES ('tea'), ('bread'), ('salt')");
    return path;
  },
  claims: () => [
    {
      tool: "read_records",
      args: { table: "orders" },
      shown: "read_records orders",
      without: "done",
      with: "done",
    },
    {
      tool: "delete_records",
      args: { table: "orders", conditions: { id: 1 } },
      shown: "delete_records orders id=1",
      without: "done",
      with: "refused",
    },
    {
      tool: "query",
      args: { sql: "DROP TABLE orders" },
      shown: "query DROP TABLE orders",
      without: "done",
      with: "refused",
    },
  ],
  facts: [{
    what: "table orders afterwards",
    without: "gone",
    with: "3 rows",
    look: rowsOf,
  }],
};

/** Act 3: the same database, where the statement decides. */
export const STATEMENTS: Act = {
  id: "statements",
  title: "mcp-sqlite again, where the statement decides: an analyst may only read",
  policy: "policies/sql_by_statement.yaml",
  server: "mcp-sqlite",
  principal: "analyst",
  roles: "analyst",
  tools: { without: 8, with: 5 },
  prepare: DATABASE.prepare,
  claims: () => [
    query("SELECT what FROM orders", "done"),
    query("SELECT 'DROP TABLE orders' AS a_text_that_only_says_so", "done"),
    query("DELETE FROM orders", "refused"),
    query("SELECT 1; DROP TABLE orders", "refused"),
    query("WITH gone AS (SELECT 1) DELETE FROM orders", "refused"),
  ],
  facts: [{ what: "rows of orders afterwards", without: "0 rows", with: "3 rows", look: rowsOf }],
};

function query(sql: string, outcome: Outcome): Claim {
  return { tool: "query", args: { sql }, shown: sql, without: "done", with: outcome };
}

/** Starts a server for a world. */
export async function commandOf(act: Act, world: string): Promise<readonly string[]> {
  const { command, args } = await server(act.server);
  return [command, ...args(world)];
}

function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "gone";
    throw error;
  }
}

function rowsOf(path: string): string {
  using database = new DatabaseSync(path, { readOnly: true });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE name = 'orders'").all();
  if (tables.length === 0) return "gone";
  const row = database.prepare("SELECT count(*) AS n FROM orders").get();
  return `${row?.n} rows`;
}
