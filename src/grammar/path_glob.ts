/**
 * Globs over paths: `*` is any text inside one name, `**` as a whole name is any number of folders,
 * none included; everything else stands for itself.
 * @module
 */

/** A glob taken apart into names. */
export interface PathGlob {
  readonly names: readonly GlobName[];
}

/** One name of a glob: what stands between its wildcards, or any number of names. */
export type GlobName =
  | { readonly kind: "name"; readonly pieces: readonly string[] }
  | { readonly kind: "folders" };

/** Compiles the names of a glob; a leading and a trailing slash do not count. */
export function compilePathGlob(text: string): PathGlob {
  const names = text.split("/").filter((name) => name !== "").map((name): GlobName =>
    name === "**" ? { kind: "folders" } : { kind: "name", pieces: name.split(/\*+/) }
  );
  return { names };
}

/** Whether a path's names, from the root of the tree, are matched. At most names × names of the glob comparisons. */
export function matchesPathGlob({ names }: PathGlob, path: readonly string[]): boolean {
  let inGlob = 0;
  let inPath = 0;
  let retryGlob = -1;
  let retryPath = 0;
  while (inPath < path.length) {
    const name = names[inGlob];
    if (name?.kind === "folders") {
      retryGlob = ++inGlob;
      retryPath = inPath;
    } else if (name?.kind === "name" && matchesName(name.pieces, path[inPath] ?? "")) {
      inGlob++;
      inPath++;
    } else if (retryGlob >= 0) {
      inGlob = retryGlob;
      inPath = ++retryPath;
    } else {
      return false;
    }
  }
  while (names[inGlob]?.kind === "folders") inGlob++;
  return inGlob === names.length;
}

/** Each piece is taken where it first occurs; the last one must end the name. */
function matchesName(pieces: readonly string[], name: string): boolean {
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return name === first;
  const last = pieces[pieces.length - 1] ?? "";
  const end = name.length - last.length;
  if (end < first.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= end;
}
