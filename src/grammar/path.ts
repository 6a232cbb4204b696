/**
 * The parts of a path: where it starts and the names it goes through, without asking a disk.
 * @module
 */

/** Where a path starts. */
export type PathStart =
  /** At the working folder. */
  | { readonly kind: "relative" }
  /** At the root of the tree. */
  | { readonly kind: "root" }
  /** At a Windows drive: `C:\` (`rooted`) or `C:`, the drive's own working folder. */
  | { readonly kind: "drive"; readonly drive: string; readonly rooted: boolean }
  /** At another machine: `\\server\share`, or a `file:` URL with a host. */
  | { readonly kind: "share" }
  /** At somebody's home: `~` or `~name`. */
  | { readonly kind: "home" }
  /** It is a URL of another scheme than `file`. */
  | { readonly kind: "url"; readonly scheme: string };

/** A path taken apart. */
export interface ParsedPath {
  readonly start: PathStart;
  /** The names between separators as written, `.` and `..` included, empty ones left out. */
  readonly segments: readonly string[];
}

/** A folder or file of one tree, without `.` and `..`. */
export interface Place {
  /** The drive in small letters with its colon, empty where there are no drives. */
  readonly drive: string;
  readonly segments: readonly string[];
}

/** How a path is read. */
export interface ParsePathOptions {
  /** Whether `\` separates like `/`. */
  readonly backslash: boolean;
}

/** Takes a path apart. Linear. */
export function parsePath(text: string, { backslash }: ParsePathOptions): ParsedPath {
  const { start, rest } = readStart(text, false);
  const names = backslash ? rest.split(/[/\\]/) : rest.split("/");
  return { start, segments: names.filter((name) => name !== "") };
}

/** Goes through segments from a place; `..` at the root of a tree stays there. */
export function resolvePath(from: Place, segments: readonly string[]): Place {
  const at = [...from.segments];
  for (const name of segments) {
    if (name === "..") at.pop();
    else if (name !== "." && name !== "") at.push(name);
  }
  return { drive: from.drive, segments: at };
}

/** Whether a place is a folder itself or stands somewhere in it. On drives case does not count. */
export function isWithin(place: Place, folder: Place): boolean {
  if (place.drive !== folder.drive || place.segments.length < folder.segments.length) return false;
  return folder.segments.every((name, i) => {
    const other = place.segments[i] ?? "";
    return other === name || (place.drive !== "" && other.toLowerCase() === name.toLowerCase());
  });
}

interface Started {
  readonly start: PathStart;
  readonly rest: string;
}

/** `inUrl`: what is left of a `file:` URL, where `~` means nothing. */
function readStart(text: string, inUrl: boolean): Started {
  if (text.startsWith("\\\\")) return { start: { kind: "share" }, rest: text };
  if (text.startsWith("~") && !inUrl) return { start: { kind: "home" }, rest: text };
  const drive = /^([a-z]):([/\\]?)/i.exec(text);
  if (drive !== null) {
    const [all, letter = "", slash] = drive;
    const name = `${letter.toLowerCase()}:`;
    return {
      start: { kind: "drive", drive: name, rooted: slash !== "" },
      rest: text.slice(all.length),
    };
  }
  const scheme = schemeOf(text);
  if (scheme === "file") return readFileUrl(text);
  if (scheme !== undefined) return { start: { kind: "url", scheme }, rest: text };
  const rooted = text.startsWith("/") || text.startsWith("\\");
  return { start: { kind: rooted ? "root" : "relative" }, rest: text };
}

/** RFC 8089: `file:///path`, `file://localhost/path`, `file:/path`; a drive may follow the slash. */
function readFileUrl(text: string): Started {
  const authority = /^(?:file:)+(?:[/\\]{2}([^/\\]*))?/i.exec(text);
  const host = authority?.[1] ?? "";
  const rest = text.slice(authority?.[0].length ?? 0);
  if (host !== "" && host.toLowerCase() !== "localhost") {
    return { start: { kind: "share" }, rest };
  }
  return readStart(/^[/\\][a-z][:|]/i.test(rest) ? rest.slice(1).replace("|", ":") : rest, true);
}

/** Schemes whose URLs need no slash after the colon, from IANA's registry and the stream wrappers of PHP and Java. */
const SLASHLESS: ReadonlySet<string> = new Set([
  ...["http", "https", "ws", "wss", "ftp", "file"], // special in the WHATWG URL Standard
  ...["about", "blob", "data", "javascript", "vbscript", "view-source", "mailto", "urn", "tel"],
  ...["jar", "url", "netdoc", "php", "phar", "expect", "zip", "glob"],
]);

/**
 * The scheme of a URL in small letters. `notes: draft.md` begins like one (RFC 3986 §3.1) but is a
 * name: a URL goes on with a slash, or its scheme is one that needs none.
 */
function schemeOf(text: string): string | undefined {
  const found = /^([a-z][a-z0-9+.-]+):([/\\]?)/i.exec(text);
  if (found === null) return undefined;
  const scheme = (found[1] ?? "").toLowerCase();
  return found[2] !== "" || SLASHLESS.has(scheme) ? scheme : undefined;
}
