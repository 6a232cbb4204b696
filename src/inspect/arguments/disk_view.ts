/**
 * The disk as far as links go: each entry is looked at once, so that one judgement sees one state.
 * @module
 */

import { parsePath, type Place, resolvePath } from "../../grammar/path.ts";
import type { Route } from "./path_rules.ts";

/** As many links are followed for one path as Linux follows, path_resolution(7). */
const MAX_LINKS = 40;

/** More entries than fit into one path of 4096 bytes, PATH_MAX of limits.h. */
const MAX_LOOKS = 4096;

/** What stands at one place. */
type Entry =
  | { readonly kind: "there" }
  | { readonly kind: "missing" }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "unknown" };

const WINDOWS = Deno.build.os === "windows";

/** One look at the disk, for one path. */
export class DiskView {
  /** Where the roots really are; none when one of them cannot be followed. */
  readonly roots: readonly Place[] | undefined;
  readonly #entries = new Map<string, Entry>();
  /** Above the roots nothing needs to be seen: a proxy may be permitted to read the roots alone. */
  readonly #aboveRoots = new Set<string>();

  /** Follows the roots. */
  constructor(roots: readonly Place[]) {
    for (const root of roots) {
      for (const folder of foldersAbove(root)) this.#aboveRoots.add(folder);
    }
    const real = roots.map((root) => this.#followRoot(root));
    this.roots = real.every((place) => place !== undefined) ? real : undefined;
  }

  /** Where a route leads, with `..` read behind links and before them; undefined when it cannot be known. */
  follow(route: Route): readonly Place[] | undefined {
    const behind = this.#walk(route);
    const normal = resolvePath(route.from, route.segments);
    const before = this.#walk({ from: { ...normal, segments: [] }, segments: normal.segments });
    return behind === undefined || before === undefined ? undefined : [behind, before];
  }

  /** Roots are followed by the system, which needs permission for the root alone. */
  #followRoot(root: Place): Place | undefined {
    const text = pathText(root);
    try {
      const real = parsePlace(Deno.realPathSync(text));
      for (const folder of [...foldersAbove(real), pathText(real)]) {
        this.#entries.set(folder, { kind: "there" });
      }
      const target = pathText(real);
      if (target !== text) this.#entries.set(text, { kind: "link", target });
      return real;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) return undefined;
      return this.#walk({ from: { ...root, segments: [] }, segments: root.segments });
    }
  }

  #walk({ from, segments }: Route): Place | undefined {
    const todo = [...from.segments, ...segments].reverse();
    let at = new Trail(from.drive);
    let links = 0;
    for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
      if (name === "" || name === ".") continue;
      if (name === "..") {
        at.leave();
        continue;
      }
      const parentMissing = at.missing;
      at.enter(name);
      if (parentMissing) continue;
      const entry = this.#look(at.text);
      switch (entry.kind) {
        case "there":
          break;
        case "missing":
          at.markMissing();
          break;
        case "unknown":
          return undefined;
        case "link": {
          if (++links > MAX_LINKS) return undefined;
          const target = parsePath(entry.target, { backslash: WINDOWS });
          if (target.start.kind === "relative") at.leave();
          else if (target.start.kind === "root") at = new Trail(at.drive);
          else if (target.start.kind === "drive" && WINDOWS) at = new Trail(target.start.drive);
          else return undefined;
          for (const part of [...target.segments].reverse()) todo.push(part);
        }
      }
    }
    return at.place;
  }

  #look(text: string): Entry {
    const known = this.#entries.get(text);
    if (known !== undefined) return known;
    const entry: Entry = this.#entries.size < MAX_LOOKS ? this.#ask(text) : { kind: "unknown" };
    this.#entries.set(text, entry);
    return entry;
  }

  #ask(text: string): Entry {
    try {
      if (!Deno.lstatSync(text).isSymlink) return { kind: "there" };
      return { kind: "link", target: Deno.readLinkSync(text) };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return { kind: "missing" };
      // A file where a folder should be: nothing can stand below it.
      if (error instanceof Deno.errors.NotADirectory) return { kind: "missing" };
      if (error instanceof Deno.errors.NotCapable && this.#aboveRoots.has(text)) {
        return { kind: "there" };
      }
      return { kind: "unknown" };
    }
  }
}

/** A place as the system spells it. */
export function pathText({ drive, segments }: Place): string {
  return `${drive}/${segments.join("/")}`;
}

function parsePlace(text: string): Place {
  const { start, segments } = parsePath(text, { backslash: WINDOWS });
  return { drive: start.kind === "drive" ? start.drive : "", segments };
}

function foldersAbove(place: Place): readonly string[] {
  const trail = new Trail(place.drive);
  const texts: string[] = [];
  for (const name of place.segments) {
    if (trail.text !== "") texts.push(trail.text);
    trail.enter(name);
  }
  return texts;
}

/** Where a walk stands. */
class Trail {
  readonly drive: string;
  /** The place as text, without a slash at the end. */
  text: string;
  readonly #names: string[] = [];
  /** How many names led to the first one that does not exist; 0 when all exist. */
  #missingFrom = 0;

  constructor(drive: string) {
    this.drive = drive;
    this.text = drive;
  }

  get missing(): boolean {
    return this.#missingFrom > 0;
  }

  get place(): Place {
    return { drive: this.drive, segments: [...this.#names] };
  }

  enter(name: string): void {
    this.#names.push(name);
    this.text += `/${name}`;
  }

  leave(): void {
    const name = this.#names.pop();
    if (name === undefined) return;
    this.text = this.text.slice(0, -1 - name.length);
    if (this.#names.length < this.#missingFrom) this.#missingFrom = 0;
  }

  markMissing(): void {
    this.#missingFrom = this.#names.length;
  }
}
