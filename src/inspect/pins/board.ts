/**
 * The pins of one server while it runs: its lists are compared with the lock file, which takes in
 * the tools that it does not know.
 * @module
 */

import type { PinBoard, RefusedTools } from "../../access/pins.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Logger, LogLevel } from "../../base/log.ts";
import type { CachedLock } from "./cached_lock.ts";
import type { Digest, ServerPins } from "./fingerprint.ts";
import { type LockedServers, updateLockFile } from "./lock_file.ts";
import { lookalikesAcross } from "./names.ts";
import { faultText, pinList, type PinnedList } from "./pin_list.ts";

/** What a {@linkcode pinBoard} works with. */
export interface PinBoardOptions {
  /** The lock file. */
  readonly path: string;
  /** The server's name in it. */
  readonly server: string;
  /** What the file holds. */
  readonly lock: CachedLock;
  readonly digest: Digest;
  readonly log: Logger;
}

/** Makes the board of one server. What it says to the operator it says once. */
export function pinBoard(options: PinBoardOptions): PinBoard {
  const notes = new Notes(options);
  return {
    async look(tools) {
      try {
        return await look(tools, { options, notes });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        notes.tell("ERROR", `the tools of ${options.server} are refused: ${why}`);
        throw error;
      }
    },
  };
}

async function look(
  tools: readonly JsonObject[],
  { options, notes }: { readonly options: PinBoardOptions; readonly notes: Notes },
): Promise<RefusedTools> {
  const { path, server, lock, digest } = options;
  const compare = (servers: LockedServers) =>
    pinList(tools, { locked: servers.get(server) ?? NO_PINS, digest });
  let servers = await lock.read();
  let list = compare(servers);
  if (list.fresh.size > 0) {
    servers = await updateLockFile(path, (current) => {
      notes.knowsWhetherFirst(current);
      list = compare(current); // another process may have pinned them by now
      return list.fresh.size === 0 ? current : withPins(current, { server, fresh: list.fresh });
    });
  }
  notes.tellList(list, servers);
  return new Map([...list.faults].map(([name, fault]) => [name, faultText(fault)]));
}

const NO_PINS: ServerPins = new Map();

function withPins(
  servers: LockedServers,
  { server, fresh }: { readonly server: string; readonly fresh: ServerPins },
): LockedServers {
  const pins = new Map([...servers.get(server) ?? NO_PINS, ...fresh]);
  return new Map([...servers, [server, pins]]);
}

const MAX_NOTES = 1_000;
const MAX_NAMES = 10;
const MAX_NAME = 128; // UTF-16 units

/** What is said to the operator, each thing once. */
class Notes {
  readonly #options: PinBoardOptions;
  readonly #told = new Set<string>();
  readonly #compared = new Set<string>();
  /** Whether nothing was pinned when the first tools came: the pages that follow are of the same first list. */
  #isFirst: boolean | undefined;

  constructor(options: PinBoardOptions) {
    this.#options = options;
  }

  tell(level: LogLevel, message: string): void {
    if (this.#told.has(message) || this.#told.size >= MAX_NOTES) return;
    this.#told.add(message);
    this.#options.log.log(level, message);
  }

  knowsWhetherFirst(servers: LockedServers): void {
    this.#isFirst ??= !servers.has(this.#options.server);
  }

  tellList({ fresh, faults, listed }: PinnedList, servers: LockedServers): void {
    const { path, server } = this.#options;
    this.knowsWhetherFirst(servers);
    if (fresh.size > 0) this.#tellFresh([...fresh.keys()]);
    for (const [name, fault] of faults) {
      const cure = fault.kind === "repeated" || fault.kind === "too-many"
        ? ""
        : "; mcp-aegis pin shows it, and takes it with --accept";
      this.tell(
        "WARNING",
        `the tool ${quoted(name)} of ${server} is neither listed nor called: ` +
          `it ${faultText(fault)}${cure} (${path})`,
      );
    }
    this.#tellLookalikes([...listed.keys()].filter((name) => !faults.has(name)), servers);
  }

  /** At most a line for each tool that a lock file holds. */
  #tellFresh(names: readonly string[]): void {
    const { path, server, log } = this.#options;
    const tools = `${names.length} ${names.length === 1 ? "tool" : "tools"}`;
    if (this.#isFirst === true) {
      log.log("INFO", `pinned ${tools} of ${server} in ${path}`);
      return;
    }
    const more = names.length > MAX_NAMES ? ", …" : "";
    const shown = names.slice(0, MAX_NAMES).map(quoted).join(", ") + more;
    log.log("WARNING", `pinned ${tools} that ${server} did not have before: ${shown} (${path})`);
  }

  /** Two servers may use one name; names that only look alike are worth a word. */
  #tellLookalikes(names: readonly string[], servers: LockedServers): void {
    if (servers.size < 2) return;
    const fresh = names.filter((name) => !this.#compared.has(name));
    for (const name of fresh) this.#compared.add(name);
    for (const [other, pins] of servers) {
      if (other === this.#options.server) continue;
      for (const fault of lookalikesAcross(fresh, pins.keys())) {
        const lookalike = fault.kind === "look-alike" ? ` ${quoted(fault.other)}` : "";
        this.tell(
          "WARNING",
          `the tool ${
            quoted(fault.name)
          } of ${this.#options.server} looks like${lookalike} of ${other}`,
        );
      }
    }
  }
}

function quoted(name: string): string {
  return JSON.stringify(name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name);
}
