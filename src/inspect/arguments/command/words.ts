/**
 * Words of a command as paths: where they lead, as far as that is fixed before the run.
 * @module
 */

import type { BashWord } from "../../../grammar/bash_facts.ts";

/** Stand in a rendered word for what the shell fills in; none of them occurs in a path. */
export const ANY = "\uE000";
/** One character: `?` or `[…]`. */
export const ONE = "\uE001";
/** Known only at run time. */
export const OPEN = "\uE002";

/** What relative words start from. */
export interface Surroundings {
  /** Folders that the command may be in; `undefined` for one that is not known. At least one. */
  readonly folders: readonly (string | undefined)[];
  readonly home: string | undefined;
}

/** A word as characters, with marks for what is not fixed; `~`, `$HOME` and `$PWD` filled in. */
export function render(word: BashWord, at: Surroundings): string {
  let text = "";
  let before = "";
  for (const part of word) {
    switch (part.kind) {
      case "text":
        text += part.text;
        break;
      case "glob": {
        const mark = renderGlob(part.text);
        // Two `*` say no more than one.
        if (mark !== ANY || before !== ANY) text += mark;
        before = mark;
        continue;
      }
      case "home":
        text += homeOf(part.user, at);
        break;
      case "variable":
        if (part.name === "HOME") text += homeOf("", at);
        else if (part.name === "PWD") text += at.folders.at(-1) ?? OPEN;
        else text += OPEN;
        break;
      case "computed":
        text += OPEN;
        break;
    }
    before = "";
  }
  return text;
}

/** The absolute form of a rendered path from one folder, without `.`, `..` and double slashes. */
export function absolute(path: string, folder: string): string {
  const from = path.startsWith("/") ? path : `${folder}/${path}`;
  const segments: string[] = [];
  for (const segment of from.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(segment);
  }
  // The kernel shows the same tree again below each process.
  if (segments[0] === "proc" && segments[2] === "root") return `/${segments.slice(3).join("/")}`;
  if (segments[0] === "proc" && segments[2] === "cwd") {
    return absolute(segments.slice(3).join("/"), folder === "/" ? "/proc" : folder);
  }
  return `/${segments.join("/")}`;
}

/** Every absolute form that a rendered path may have; a relative one in an unknown folder has none. */
export function places(path: string, at: Surroundings): readonly string[] {
  const full = path === "~" || path.startsWith("~/") ? homeOf("", at) + path.slice(1) : path;
  if (full.startsWith("/")) return [absolute(full, "/")];
  if (full.startsWith(OPEN)) return [];
  return at.folders.filter((folder) => folder !== undefined)
    .map((folder) => absolute(full, folder));
}

/** Whether a path is a folder or below it, by segments. */
export function within(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** Whether a place is outside all roots, however its open parts come out. */
export function isOutside(place: string, roots: readonly string[]): boolean {
  const open = firstMark(place);
  if (open < 0) return !roots.some((root) => within(place, root));
  const front = place.slice(0, open);
  const folder = front.slice(0, front.lastIndexOf("/")) || "/";
  if (roots.some((root) => within(folder, root) && root !== "/")) return false;
  // `/srv/pro$x` may still become a root; a pattern there reaches what lies beside it as well.
  const mayEnter = place[open] === OPEN && front !== "/" &&
    roots.some((root) => root.startsWith(front));
  return !mayEnter;
}

function firstMark(place: string): number {
  for (let at = 0; at < place.length; at++) {
    const char = place[at];
    if (char === ANY || char === ONE || char === OPEN) return at;
  }
  return -1;
}

function renderGlob(text: string): string {
  if (text === "?" || text.startsWith("[")) return ONE;
  return ANY;
}

function homeOf(user: string, at: Surroundings): string {
  if (user === "") return at.home ?? "/home/~";
  if (user === "+") return at.folders.at(-1) ?? OPEN;
  if (user === "-") return OPEN;
  return user === "root" ? "/root" : `/home/${user}`;
}
