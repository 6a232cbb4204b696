/**
 * Finds functions that start copies of themselves without waiting for them.
 * @module
 */

import { type BashScript, staticText } from "../../../grammar/bash_facts.ts";

/** Whether some function runs itself, directly or through others, beside what follows. */
export function isForkBomb(script: BashScript): boolean {
  if (script.functions.size === 0) return false;
  const calls = new Map<string, Set<string>>();
  const beside: { readonly caller: string; readonly callee: string }[] = [];
  for (const command of script.commands) {
    const callee = staticText(command.words[0] ?? []);
    const caller = command.inside;
    if (callee === undefined || caller === undefined || !script.functions.has(callee)) continue;
    const known = calls.get(caller) ?? new Set();
    known.add(callee);
    calls.set(caller, known);
    if (command.beside) beside.push({ caller, callee });
  }
  // Each pair of functions once: what is looked through stays bounded by the functions.
  const pairs = new Map(beside.map((pair) => [`${pair.caller}\n${pair.callee}`, pair]));
  return [...pairs.values()].slice(0, 64).some(({ caller, callee }) =>
    reaches(calls, callee, caller)
  );
}

function reaches(calls: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string) {
  const seen = new Set<string>();
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(calls.get(next) ?? []));
  }
  return false;
}
