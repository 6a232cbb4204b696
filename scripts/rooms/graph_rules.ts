/**
 * Rules about who imports whom.
 * @module
 */

import type { Import, SourceFile } from "./source_tree.ts";
import { CLEARED, DATA, ENTRIES, type RoomName, ROOMS } from "./table.ts";
import type { Violation } from "./violation.ts";

/** Everything that is wrong with the edges between files. */
export function checkGraph(files: readonly SourceFile[]): readonly Violation[] {
  return [
    ...files.flatMap(forbiddenEdges),
    ...cycles(files),
    ...unreachable(files),
    ...thirdParties(files),
    ...startPath(files),
    ...files.flatMap(clearedImports),
  ];
}

/** The room a file stands in: a folder of `src/`, the file's own name in `src/`, or `mod.ts`. */
export function roomOf(path: string): RoomName {
  const [first = "", second = ""] = path.split("/");
  return first === "src" ? second : first;
}

function forbiddenEdges(file: SourceFile): readonly Violation[] {
  const room = roomOf(file.path);
  if (!Object.hasOwn(ROOMS, room)) {
    const message = `no room "${room}" in scripts/rooms/table.ts`;
    return [{ rule: "unknown room", path: file.path, line: 1, message }];
  }
  return file.imports.filter((edge) => !allowed(room, edge)).map(({ target, line, typeOnly }) => ({
    rule: "forbidden edge",
    path: file.path,
    line,
    message: `${room} must not import ${target}${typeOnly ? " (a type)" : ""}; it may import ${
      ROOMS[room]?.join(", ") || "nothing"
    }`,
  }));
}

function allowed(room: RoomName, { target, typeOnly }: Import): boolean {
  if (target.startsWith(DATA.folder) && target.endsWith(".json")) return room === DATA.room;
  const isFile = target.startsWith("src/") || target === "mod.ts";
  if (!isFile) return /^(npm|node|jsr|https?|data):/.test(target);
  const there = roomOf(target);
  if (there === room) return true;
  return (ROOMS[room] ?? []).some((entry) => {
    const forTypes = entry.startsWith("type ");
    const name = forTypes ? entry.slice("type ".length) : entry;
    return (typeOnly || !forTypes) && (name === there || `src/${name}` === target);
  });
}

/** Cycles of files, and of rooms; an import of a type counts, a room that imports itself does not. */
function cycles(files: readonly SourceFile[]): readonly Violation[] {
  const byFile = new Map<string, Set<string>>();
  const byRoom = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const room = roomOf(path);
    const targets = imports.map(({ target }) => target).filter((at) => at.startsWith("src/"));
    const rooms = targets.map(roomOf).filter((there) => there !== room);
    byFile.set(path, new Set(targets));
    byRoom.set(room, new Set([...byRoom.get(room) ?? [], ...rooms]));
  }
  return [...circles(byFile), ...circles(byRoom)].map((circle) => ({
    rule: "cycle",
    path: circle[0] ?? "",
    line: 1,
    message: [...circle, circle[0]].join(" -> "),
  }));
}

type Edges = ReadonlyMap<string, ReadonlySet<string>>;

/** One shortest circle for each knot of nodes that all lead to one another. */
function circles(edges: Edges): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const told = new Set<string>();
  for (const node of edges.keys()) {
    const circle = told.has(node) ? undefined : shortestTrail({ from: node, to: node, edges });
    if (circle === undefined) continue;
    found.push(circle);
    for (const other of edges.keys()) {
      const ends = { edges, from: node, to: other };
      const back = { edges, from: other, to: node };
      if (shortestTrail(ends) !== undefined && shortestTrail(back) !== undefined) told.add(other);
    }
  }
  return found;
}

/** The nodes from `from` to before `to`, over at least one edge. */
function shortestTrail(
  { from, to, edges }: { readonly from: string; readonly to: string; readonly edges: Edges },
): readonly string[] | undefined {
  const trails: (readonly string[])[] = [[from]];
  const seen = new Set<string>();
  for (const trail of trails) {
    for (const next of edges.get(trail.at(-1) ?? from) ?? []) {
      if (next === to) return trail;
      if (!seen.has(next)) trails.push([...trail, next]);
      seen.add(next);
    }
  }
  return undefined;
}

function unreachable(files: readonly SourceFile[]): readonly Violation[] {
  const reached = reach(files, { from: ENTRIES.all, follow: () => true });
  return files.filter(({ path }) => !reached.has(path)).map(({ path }) => ({
    rule: "unreachable",
    path,
    line: 1,
    message: `neither ${ENTRIES.all.join(" nor ")} reaches this file`,
  }));
}

/** The paths that the followed imports lead to. */
function reach(
  files: readonly SourceFile[],
  { from, follow }: {
    readonly from: readonly string[];
    readonly follow: (edge: Import) => boolean;
  },
): ReadonlySet<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const walk = (path: string) => {
    const file = byPath.get(path);
    if (file === undefined || reached.has(path)) return;
    reached.add(path);
    for (const edge of file.imports) {
      if (follow(edge)) walk(edge.target);
    }
  };
  from.forEach(walk);
  return reached;
}

/** A first touch of `node:` costs 5 to 25 ms, a package its own evaluation. */
function startPath(files: readonly SourceFile[]): readonly Violation[] {
  const atStart = ({ typeOnly, dynamic }: Import) => !typeOnly && !dynamic;
  const loaded = reach(files, { from: ENTRIES.start, follow: atStart });
  const allowedPackages: readonly string[] = ENTRIES.startPackages;
  return files.filter(({ path }) => loaded.has(path)).flatMap(({ path, imports }) =>
    imports.filter((edge) => {
      const name = packageName(edge.target);
      const isLate = name !== undefined && !allowedPackages.includes(name);
      return atStart(edge) && (isLate || edge.target.startsWith("node:"));
    }).map(({ target, line }) => ({
      rule: "start" as const,
      path,
      line,
      message: `the shim loads this file at its start: import ${target} lazily, or not at all`,
    }))
  );
}

function thirdParties(files: readonly SourceFile[]): readonly Violation[] {
  const doors = new Map<string, Violation[]>();
  for (const { path, imports } of files) {
    for (const { target, line } of imports) {
      const name = packageName(target);
      if (name === undefined) continue;
      const before = doors.get(name) ?? [];
      if (before.some((door) => door.path === path)) continue;
      const message = `${name} enters through ${before[0]?.path ?? path} already`;
      doors.set(name, [...before, { rule: "third party", path, line, message }]);
    }
  }
  return [...doors.values()].flatMap((entries) => entries.slice(1));
}

/** The package behind a resolved specifier, or undefined for a built-in module or a file. */
export function packageName(target: string): string | undefined {
  const named = /^(npm|jsr):\/?((?:@[^/@]+\/)?[^/@]+)/.exec(target);
  if (named !== null) return named[2];
  return /^https?:/.test(target) ? new URL(target).origin : undefined;
}

// INVARIANT: Only gateway/clear.ts makes Cleared; only Cleared can be sent.
function clearedImports(file: SourceFile): readonly Violation[] {
  if (roomOf(file.path) === CLEARED.room) return [];
  return file.imports.filter((edge) => edge.target === CLEARED.file && takesMaker(file, edge))
    .map(({ line }) => ({
      rule: "cleared",
      path: file.path,
      line,
      message: `only ${CLEARED.room} uses the makers of ${CLEARED.file}`,
    }));
}

/** False only for named imports of types and open values. */
function takesMaker({ text }: SourceFile, { specifier, typeOnly }: Import): boolean {
  if (typeOnly) return false;
  const parts = text.split(`"${specifier}"`).slice(0, -1);
  const open: readonly string[] = CLEARED.open;
  return parts.some((before) => {
    const named = /(?:^|\n)(?:import|export) (type )?\{([^{}]*)\} from $/.exec(before);
    if (named === null) return true;
    const [, typed, names = ""] = named;
    if (typed !== undefined) return false;
    return names.split(",").map((name) => name.trim())
      .some((name) => name !== "" && !name.startsWith("type ") && !open.includes(name));
  });
}
