/**
 * One lock file in one run: a board for each server that is pinned in it.
 * @module
 */

import type { PinBoard } from "../../access/pins.ts";
import { AegisError } from "../../base/error.ts";
import type { Logger } from "../../base/log.ts";
import { pinBoard } from "./board.ts";
import { CachedLock } from "./cached_lock.ts";
import type { Digest } from "./fingerprint.ts";
import { examineNames } from "./names.ts";

/** Options of {@linkcode PinBook}. */
export interface PinBookOptions {
  /** The lock file. */
  readonly path: string;
  readonly digest: Digest;
  readonly log: Logger;
}

/** Hands out the boards over one lock file. */
export class PinBook {
  readonly #options: PinBookOptions;
  readonly #lock: CachedLock;
  readonly #taken = new Set<string>();

  constructor(options: PinBookOptions) {
    this.#options = options;
    this.#lock = new CachedLock(options.path);
  }

  /**
   * The board of a server.
   *
   * @throws {AegisError} `server-name-taken` when another server of this run has the name, or one
   * that could be taken for it.
   */
  board(server: string): PinBoard {
    const fault = examineNames([...this.#taken, server])
      .find(({ kind, name }) => name === server && kind !== "grammar");
    if (fault !== undefined) {
      const other = fault.kind === "look-alike" ? fault.other : server;
      throw new AegisError(
        "server-name-taken",
        `Cannot call a server ${JSON.stringify(server)}: another is called ${
          JSON.stringify(other)
        }`,
      );
    }
    this.#taken.add(server);
    return pinBoard({ ...this.#options, server, lock: this.#lock });
  }
}
