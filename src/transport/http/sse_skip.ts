/**
 * Lets an event go by that is too large to hold, keeping what is needed to refuse it.
 * @module
 */

import { IdFinder } from "../../jsonrpc/id_finder.ts";
import type { SseItem } from "./sse_item.ts";
import { LF } from "./line_ends.ts";

const COLON = 0x3a;
const SPACE = 0x20;
/** The start of a data line, with the one space that does not belong to the data. */
const DATA = [0x64, 0x61, 0x74, 0x61, COLON, SPACE];
const NEWLINE = new Uint8Array([LF]);

/** What is known of an event that is skipped to its end. */
export class SkippedEvent {
  readonly #finder = new IdFinder();
  #bytes: number;
  /** Bytes of the line at hand. */
  #lineBytes = 0;
  /** How many of them are the start of a data line; -1 once the line is another. */
  #matched = 0;

  /** `held`: the data so far; `bytes`: what its whole lines had until here. */
  constructor({ held, bytes }: { readonly held: Uint8Array; readonly bytes: number }) {
    this.#bytes = bytes;
    this.#finder.push(held);
    this.#finder.push(NEWLINE);
  }

  /** Takes the next bytes of the line at hand. */
  take(part: Uint8Array): void {
    this.#bytes += part.length;
    this.#lineBytes += part.length;
    let at = 0;
    while (at < part.length && this.#matched >= 0 && this.#matched < DATA.length) {
      const byte = part[at];
      if (byte === DATA[this.#matched]) at++;
      else if (this.#matched < DATA.length - 1) {
        this.#matched = -1;
        break;
      }
      this.#matched++;
    }
    if (this.#matched === DATA.length) this.#finder.push(part.subarray(at));
  }

  /** Takes the end of a line; true when the line was empty and so ended the event. */
  endLine(): boolean {
    const empty = this.#lineBytes === 0;
    if (this.#matched === DATA.length) this.#finder.push(NEWLINE);
    this.#lineBytes = 0;
    this.#matched = 0;
    return empty;
  }

  /** What is told of it at its end. */
  item(max: number): SseItem {
    const { id, hasMethod } = this.#finder;
    return { kind: "oversize", bytes: this.#bytes, max, id, hasMethod };
  }
}
