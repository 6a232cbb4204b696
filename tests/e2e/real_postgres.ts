/**
 * A PostgreSQL of the test's own, where one is installed.
 * @module
 */

/** A running server; it ends, and its data goes, when its scope ends. */
export interface Postgres extends AsyncDisposable {
  /** For clients; by a socket in a folder, so that no port is taken. */
  readonly url: string;
  /** Runs SQL and gives the rows as lines of text. */
  sql(text: string): Promise<string>;
}

/** The folder of `initdb` and `pg_ctl`, or undefined: Debian keeps them off the PATH. */
export function postgresPrograms(): string | undefined {
  if (Deno.build.os === "windows") return undefined;
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  try {
    const versions = [...Deno.readDirSync("/usr/lib/postgresql")].map(({ name }) => name);
    folders.push(...versions.map((version) => `/usr/lib/postgresql/${version}/bin`));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return folders.find((folder) => holds(folder, "initdb") && holds(folder, "psql"));
}

/**
 * Starts a server with an empty database.
 *
 * @throws {Error} when a program of it fails.
 */
export async function startPostgres(programs: string): Promise<Postgres> {
  const folder = await Deno.makeTempDir({ prefix: "aegis-pg-" });
  const user = await serverUser();
  if (user !== undefined) await Deno.chown(folder, user.uid, user.gid);
  const run = async (program: string, ...args: readonly string[]) => {
    const command = new Deno.Command(`${programs}/${program}`, {
      args: [...args],
      cwd: folder,
      stdin: "null",
      ...user,
    });
    const { success, stdout, stderr } = await command.output();
    const text = new TextDecoder();
    if (!success) throw new Error(`${program} failed: ${text.decode(stderr)}`);
    return text.decode(stdout).trim();
  };
  const data = ["-D", `${folder}/data`];
  await run("initdb", ...data, "-A", "trust", "-U", "postgres", "--no-sync");
  const options = `-k ${folder} -c listen_addresses= -c fsync=off`;
  await run("pg_ctl", ...data, "-w", "-l", `${folder}/log`, "-o", options, "start");
  return {
    url: `postgresql://postgres@localhost/postgres?host=${folder}`,
    sql: (text) => run("psql", "-h", folder, "-U", "postgres", "-AtqX", "-c", text),
    [Symbol.asyncDispose]: async () => {
      await run("pg_ctl", ...data, "-m", "immediate", "stop");
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Root may not run the server; its package made a user for that. */
async function serverUser(): Promise<{ uid: number; gid: number } | undefined> {
  if (Deno.uid() !== 0) return undefined;
  const id = async (flag: string) => {
    const { stdout } = await new Deno.Command("id", { args: [flag, "postgres"] }).output();
    return Number(new TextDecoder().decode(stdout));
  };
  return { uid: await id("-u"), gid: await id("-g") };
}

function holds(folder: string, program: string): boolean {
  try {
    return Deno.statSync(`${folder}/${program}`).isFile;
  } catch {
    return false; // not there, or not for us to see
  }
}
