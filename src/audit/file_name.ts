/**
 * Names of audit files: a second writer's, and those of a chain that grew.
 * @module
 */

/** The path of one writer: `audit.jsonl` for the first, `audit.2.jsonl` for the second. */
export function writerPath(path: string, writer: number): string {
  if (writer === 1) return path;
  const { stem, extension } = split(path);
  return `${stem}.${writer}${extension}`;
}

/** The path of one file of a writer: `audit.jsonl`, then `audit-0002.jsonl`. */
export function segmentPath(path: string, segment: number): string {
  if (segment === 1) return path;
  const { stem, extension } = split(path);
  return `${stem}-${String(segment).padStart(4, "0")}${extension}`;
}

/** The numbers above 1 of the files that a writer has in a directory's list, largest first. */
export function segmentNumbers(path: string, names: Iterable<string>): readonly number[] {
  const { stem, extension } = split(baseName(path));
  const numbers: number[] = [];
  for (const name of names) {
    if (!name.startsWith(`${stem}-`) || !name.endsWith(extension)) continue;
    const digits = name.slice(stem.length + 1, name.length - extension.length);
    if (!/^\d{4,9}$/.test(digits)) continue;
    const number = Number(digits);
    if (number > 1 && segmentPath(name.slice(0, stem.length) + extension, number) === name) {
      numbers.push(number);
    }
  }
  return numbers.sort((a, b) => b - a);
}

/** The part of a path behind its last separator. */
export function baseName(path: string): string {
  return path.slice(separatorEnd(path));
}

/** The part of a path before its last separator, `.` when there is none. */
export function directoryOf(path: string): string {
  const end = separatorEnd(path);
  return end === 0 ? "." : end === 1 ? path.slice(0, 1) : path.slice(0, end - 1);
}

function split(path: string): { readonly stem: string; readonly extension: string } {
  const start = separatorEnd(path);
  const dot = path.lastIndexOf(".");
  return dot > start
    ? { stem: path.slice(0, dot), extension: path.slice(dot) }
    : { stem: path, extension: "" };
}

function separatorEnd(path: string): number {
  const slash = path.lastIndexOf("/");
  const backslash = Deno.build.os === "windows" ? path.lastIndexOf("\\") : -1;
  return Math.max(slash, backslash) + 1;
}
