/**
 * A board that is opened with the first list: a start pays nothing for it.
 * @module
 */

import type { PinBoard } from "../../access/pins.ts";
import type { Logger } from "../../base/log.ts";
import type { Digest } from "./fingerprint.ts";
import type { PinChoice } from "./place.ts";

/** Options of {@linkcode lateBoard}. */
export interface LateBoardOptions {
  readonly choice: PinChoice;
  readonly argv: readonly string[];
  /** The operator's name for the server, else that of the preset that knows it; asked with the first list. */
  readonly name: () => Promise<string | undefined>;
  readonly digest: Digest;
  readonly log: Logger;
}

/** Makes the board of one server; its code, its place and its file are looked for with the first list. */
export function lateBoard(options: LateBoardOptions): PinBoard {
  let board: Promise<PinBoard> | undefined;
  return { look: async (tools) => await (await (board ??= open(options))).look(tools) };
}

async function open({ choice, argv, name, digest, log }: LateBoardOptions): Promise<PinBoard> {
  try {
    const [{ PinBook }, { openPinPlace }] = await Promise.all([
      import("./book.ts"),
      import("./place.ts"),
    ]);
    const { path, server } = await openPinPlace({ name: await name(), argv }, { choice, digest });
    return new PinBook({ path, digest, log }).board(server);
  } catch (error) {
    log.log("ERROR", `every list of tools is refused: ${messageOf(error)}`);
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
