/**
 * Prints what differs between a server's tools and its pins.
 * @module
 */

import { printable } from "../base/log.ts";
import type { PinPlace } from "../inspect/pins/place.ts";
import type { PinChange, PinReview } from "../inspect/pins/review.ts";
import { count } from "./diagnostics.ts";
import type { Ink, Paint } from "./paint.ts";

/** What {@linkcode pinText} prints besides the review. */
export interface PinTextOptions extends PinPlace {
  readonly accepted: boolean;
  readonly paint: Paint;
}

const INKS: Readonly<Record<PinChange["kind"], Ink>> = {
  new: "green",
  changed: "red",
  gone: "yellow",
};

/** Every change with its texts, newline at the end included; what a server wrote is escaped. */
export function pinText(
  review: PinReview,
  { path, server, accepted, paint }: PinTextOptions,
): string {
  const { isPinned, tools, changes, doubtful, refused } = review;
  const lines = [
    `${paint("bold", `Server ${printable(server)}`)}: ${count(tools, "tool")}, ` +
    `${isPinned ? "pinned" : "not pinned before"} in ${printable(path)}`,
    ...changes.flatMap((change) => changeLines(change, { doubtful, paint })),
    ...[...refused].map(([name, why]) =>
      `  ${paint("red", "refused")}  ${printable(name)}: it ${printable(why)}`
    ),
    summary(review, accepted),
  ];
  return lines.join("\n") + "\n";
}

function changeLines(
  change: PinChange,
  { doubtful, paint }: { readonly doubtful: PinReview["doubtful"]; readonly paint: Paint },
): readonly string[] {
  const { kind, name } = change;
  const doubt = doubtful.get(name);
  const why = doubt === undefined || kind === "gone" ? "" : `: it ${printable(doubt)}`;
  const head = `  ${paint(INKS[kind], kind.padEnd(7))}  ${printable(name)}${why}`;
  if (kind !== "changed") return [head];
  const shown = change.differences.flatMap(({ pointer, before, after }) => [
    `    ${pointer}`,
    `      before: ${before === undefined ? paint("dim", "nothing") : printable(before)}`,
    `      after:  ${after === undefined ? paint("dim", "nothing") : printable(after)}`,
  ]);
  if (!change.more) return [head, ...shown];
  const more = shown.length === 0
    ? "it is too large to show where"
    : "and more places that are not shown";
  return [head, ...shown, `    ${paint("dim", more)}`];
}

function summary({ changes, refused }: PinReview, accepted: boolean): string {
  const left = refused.size === 0 ? "" : `; ${count(refused.size, "tool")} cannot be pinned`;
  if (changes.length === 0) return `Nothing differs${left}`;
  const of = (wanted: PinChange["kind"]) => changes.filter(({ kind }) => kind === wanted).length;
  const sizes = (["changed", "new", "gone"] as const)
    .filter((kind) => of(kind) > 0)
    .map((kind) => `${of(kind)} ${kind}`)
    .join(", ");
  return accepted
    ? `Taken: ${sizes}${left}`
    : `Nothing was written: ${sizes}${left}; --accept takes the tools as they are`;
}
