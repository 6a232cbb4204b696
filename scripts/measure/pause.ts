/**
 * Time between messages, as between two reads of a pipe.
 * @module
 */

/** Turns of the event loop in which the plans of some hundred tools are made. */
const TURNS = 50;

/** Lets the checks get ready, which they do in turns between messages. */
export async function pause(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}
