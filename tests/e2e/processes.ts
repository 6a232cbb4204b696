/**
 * What other processes are up to: from `/proc` on Linux, else from `ps`.
 * @module
 */

const PROC = Deno.build.os === "linux";

/** Whether a process runs; one that only waits to be reaped does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const state = PROC
    ? (await procFile(pid, "stat")).split(") ").at(-1) ?? ""
    : (await ps("-o", "stat=", "-p", `${pid}`)).trim();
  return state !== "" && !state.startsWith("Z");
}

/** Megabytes of memory a process holds. */
export async function residentMegabytes(pid: number): Promise<number> {
  const kilobytes = PROC
    ? (await procFile(pid, "status")).match(/^VmRSS:\s+(\d+)/m)?.[1]
    : await ps("-o", "rss=", "-p", `${pid}`);
  return Number.parseInt(kilobytes ?? "0") / 1024;
}

/** Command lines of running processes that hold this text. */
export async function processesNaming(text: string): Promise<readonly string[]> {
  const lines = PROC ? await procCommandLines() : (await ps("-axo", "args=")).split("\n");
  return lines.filter((line) => line.includes(text));
}

/** Command lines of all processes; those that wait to be reaped have none. */
async function procCommandLines(): Promise<string[]> {
  const lines: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    lines.push((await procFile(Number(name), "cmdline")).replaceAll("\0", " "));
  }
  return lines;
}

/** A file of a process; empty when it is gone. */
async function procFile(pid: number, name: string): Promise<string> {
  try {
    return await Deno.readTextFile(`/proc/${pid}/${name}`);
  } catch {
    // The process ended, at the latest while its file was read.
    return "";
  }
}

async function ps(...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("ps", { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}
