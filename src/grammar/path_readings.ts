/**
 * Everything a path may mean to the programs it passes through.
 * @module
 */

import { plainSpelling } from "./look_alike.ts";
import { decodePercent } from "./percent.ts";

/** How often a path is decoded again: a proxy, a framework, the server and its library may each do it once. */
export const MAX_DECODING_ROUNDS = 4;

/**
 * The readings of a path, each once: the value itself first; what it becomes by up to
 * {@linkcode MAX_DECODING_ROUNDS} rounds of percent-decoding; all of these in plain spelling, and
 * decoded again from there; without outer white space; and, for `file:` URLs, without query and
 * fragment. At most 60, each found in linear time.
 */
export function pathReadings(value: string): readonly string[] {
  const readings = new Set([value]);
  let round: Round = { decoded: value, dropped: value, spelled: plainSpelling(value) };
  addRound(readings, round);
  for (let i = 0; i < MAX_DECODING_ROUNDS; i++) {
    const next = decodeAll(round);
    if (next === undefined) break;
    addRound(readings, next);
    round = next;
  }
  return [...readings];
}

/** One text in the ways it may have been decoded so far. */
interface Round {
  readonly decoded: string;
  readonly dropped: string;
  /** In plain spelling before each decoding, too: a full-width `％` begins an escape. */
  readonly spelled: string;
}

/** The next round, when there is still something to decode. */
function decodeAll(round: Round): Round | undefined {
  const decoded = decodePercent(round.decoded);
  const dropped = round.dropped === round.decoded && !MAY_BE_STRAY.test(round.dropped)
    ? decoded
    : decodePercent(round.dropped, { malformed: "drop" });
  const spelled = round.spelled === round.decoded
    ? plainSpelling(decoded)
    : plainSpelling(decodePercent(round.spelled));
  const changed = decoded !== round.decoded || dropped !== round.dropped ||
    spelled !== round.spelled;
  return changed ? { decoded, dropped, spelled } : undefined;
}

/** The lead bytes that `fold` and `drop` read differently. */
const MAY_BE_STRAY = /%c[01]/i;

function addRound(readings: Set<string>, { decoded, dropped, spelled }: Round): void {
  for (const text of [decoded, dropped, spelled, plainSpelling(decoded)]) {
    if (readings.has(text) && text !== decoded) continue;
    readings.add(text);
    const trimmed = text.trim();
    readings.add(trimmed);
    const url = /^file:[^?#]*(?=[?#])/i.exec(trimmed);
    if (url !== null) readings.add(url[0]);
  }
}
