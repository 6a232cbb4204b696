/**
 * Prints who may reach what of a server.
 * @module
 */

import type { Action } from "../access/request.ts";
import type { Policy } from "../policy/policy.ts";
import { count } from "./diagnostics.ts";
import type { Exposure } from "./exposure.ts";
import type { Ink, Paint } from "./paint.ts";
import { type Cell, columns } from "./table.ts";

const INKS: Readonly<Record<Action, Ink>> = {
  read: "green",
  write: "yellow",
  delete: "red",
  execute: "red",
  control: "dim",
  "ask-client": "dim",
};

/** A table of each kind of thing, newline at the end included. */
export function exposureText(
  policy: Policy,
  { exposure, paint }: { readonly exposure: readonly Exposure[]; readonly paint: Paint },
): string {
  const of = (kind: Exposure["kind"]) => exposure.filter((thing) => thing.kind === kind);
  const { upstreamName, presets } = policy;
  const name = upstreamName === null
    ? "The server (no name: --name gives it one)"
    : `Server ${upstreamName}`;
  const preset = presets.length === 0 ? "no preset" : `preset ${presets.join(", ")}`;
  const sections = [
    { title: "tool", things: of("tool") },
    { title: "prompt", things: of("prompt") },
    { title: "resource", things: [...of("resource"), ...of("template")] },
  ];
  const sizes = sections.map(({ title, things }) => count(things.length, title)).join(", ");
  const tables = sections.filter(({ things }) => things.length > 0).map(({ title, things }) => {
    const head: Cell[] = [title, "action", "said by", "who may"].map((text) => ({
      text,
      ink: "dim",
    }));
    const rows = things.map((thing) => rowOf(thing));
    return "\n" + columns([head, ...rows], paint).map((line) => `  ${line}\n`).join("");
  });
  const legend = paint("dim", "  who may: entries under principals, each asked with its own roles");
  return `\n${paint("bold", name)}, ${preset}: ${sizes}\n${tables.join("")}\n${legend}\n`;
}

function rowOf({ name, action, saidBy = "the protocol", ...who }: Exposure): Cell[] {
  const some = [
    ...who.allowed,
    ...who.depends.map((entry) => `${entry} (in part)`),
    ...who.observed.map((entry) => `${entry} (observed)`),
  ];
  return [
    name,
    { text: action, ink: INKS[action] },
    saidBy,
    some.length === 0 ? { text: "nobody", ink: "dim" } : some.join(", "),
  ];
}
