/**
 * Paths as conditions compare them: by segment, in text alone.
 * @module
 */

/** A path without `.`, `..` and empty segments. */
export interface ResolvedPath {
  readonly isAbsolute: boolean;
  readonly segments: readonly string[];
  readonly text: string;
}

/**
 * Resolves a path in text. `\` separates as `/` does, since it does for some upstreams.
 *
 * @returns `undefined` for what is empty, holds a control character, begins with `~` or a drive.
 */
export function resolvePath(path: string): ResolvedPath | undefined {
  if (path === "" || /\p{Cc}|^~|^[A-Za-z]:/u.test(path)) return undefined;
  const parts = path.replaceAll("\\", "/").split("/");
  const isAbsolute = parts[0] === "";
  const segments: string[] = [];
  for (const part of parts) {
    if (part === "" || part === ".") continue;
    if (part !== "..") segments.push(part);
    else if (segments.length > 0 && segments.at(-1) !== "..") segments.pop();
    else if (!isAbsolute) segments.push(part);
  }
  return { isAbsolute, segments, text: (isAbsolute ? "/" : "") + segments.join("/") };
}

/** Tells whether a path is a folder or inside it. */
export function under(path: ResolvedPath, folder: ResolvedPath): boolean {
  return path.isAbsolute === folder.isAbsolute &&
    path.segments.length >= folder.segments.length &&
    folder.segments.every((segment, i) => segment === path.segments[i]);
}

/** A glob as the source of a regular expression: `**` spans folders, `*` and `?` stay in one. */
export function globSource(glob: string): string {
  const inner = glob.replace(/\*\*\/|\*\*|[^]/gu, (part) => {
    switch (part) {
      case "**/":
        return "(?s:.*/)?";
      case "**":
        return "(?s:.*)";
      case "*":
        return "[^/]*";
      case "?":
        return "[^/]";
      default:
        return /^[A-Za-z0-9_/]$/.test(part) ? part : `\\x{${part.codePointAt(0)?.toString(16)}}`;
    }
  });
  return `^(?:${inner})$`;
}
