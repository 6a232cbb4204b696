/**
 * Unreadable output of an upstream, summarised: dropped, counted, recorded at most once a second.
 * @module
 */

import type { NoiseEntry } from "../audit/entry.ts";
import { printable } from "../base/log.ts";
import type { Conversation } from "./conversation.ts";

const INTERVAL_MS = 1000;
const SAMPLE_BYTES = 800; // 200 characters of at most 4 bytes
const SAMPLE_CHARACTERS = 200;

/** Counts noise until its entry is due. */
export class Noise {
  readonly #conversation: Conversation;
  #count = 0;
  #bytes = 0;
  #sample = "";
  #lastMs = -Infinity;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  /** Notes one unreadable frame. */
  add(frame: Uint8Array | undefined, bytes: number): void {
    if (this.#count === 0) this.#sample = sampleOf(frame);
    this.#count++;
    this.#bytes += bytes;
  }

  /** The entry for what was noted, when the last one is a second old. */
  due(): NoiseEntry | undefined {
    if (this.#count === 0) return undefined;
    const nowMs = this.#conversation.parts.clock.monotonicMs();
    if (nowMs - this.#lastMs < INTERVAL_MS) return undefined;
    this.#lastMs = nowMs;
    return this.rest();
  }

  /** The entry for what was noted, due or not. */
  rest(): NoiseEntry | undefined {
    if (this.#count === 0) return undefined;
    const { parts, upstream } = this.#conversation;
    const entry: NoiseEntry = {
      type: "noise",
      timeMs: parts.clock.wallMs(),
      upstream,
      count: this.#count,
      bytes: this.#bytes,
      sample: this.#sample,
    };
    parts.log.log("WARNING", "Dropped output of the server that is no MCP message", {
      upstream,
      lines: this.#count,
      bytes: this.#bytes,
      first: this.#sample,
    });
    this.#count = 0;
    this.#bytes = 0;
    return entry;
  }
}

function sampleOf(frame: Uint8Array | undefined): string {
  if (frame === undefined) return "";
  const text = new TextDecoder().decode(frame.subarray(0, SAMPLE_BYTES));
  return printable(text.slice(0, SAMPLE_CHARACTERS));
}
