/**
 * Arguments that are opened as files or folders.
 * @module
 */

import type { ArgumentFacts, InferredKind, ToolFacts } from "./facts.ts";
import { vocabulary } from "./words.ts";

/** Guesses `path` from a name that says so. */
export function guessNamedPath(argument: ArgumentFacts, tool: ToolFacts): InferredKind | undefined {
  const { name } = argument;
  if (!PATH_NAMES.includes(name.last) && !isFileName(name.list)) return undefined;
  return pathBecause(`its name says "${name.list.join(" ")}"`, { argument, tool });
}

/** Guesses `path` from a description or a tool that says so. */
export function guessPath(argument: ArgumentFacts, tool: ToolFacts): InferredKind | undefined {
  const because = reasonFor(argument, tool);
  return because === undefined ? undefined : pathBecause(because, { argument, tool });
}

function pathBecause(
  because: string,
  { argument, tool }: { readonly argument: ArgumentFacts; readonly tool: ToolFacts },
): InferredKind {
  const access = isWritten(argument, tool) ? "write" : "read";
  return { kind: { kind: "path", access }, enforced: !isElsewhere(argument, tool), because };
}

function reasonFor({ name, description }: ArgumentFacts, tool: ToolFacts): string | undefined {
  const start = description.list.slice(0, 8);
  const isPath = start.some((word) => PATH_NAMES.includes(word)) || isFileName(start);
  if (name.has("file", "files")) {
    if (PATTERNS.includes(name.last) || name.has("id", "ids", "content", "contents", "type")) {
      return undefined;
    }
    return isPath || tool.says(...FILES) ? "it names a file" : undefined;
  }
  if (name.last === "name" && start.some((word) => FILES.includes(word))) {
    return "its description speaks of the name of a file";
  }
  if (!ENDS.includes(name.last)) return undefined;
  if (isPath) return "its description speaks of a path";
  return tool.name.has(...FILES) ? `it is the ${name.last} of files` : undefined;
}

const PATH_NAMES = vocabulary(
  "path paths filepath filepaths filename filenames pathname dir dirs directory " +
    "directories folder folders cwd workdir dirname",
);
const PATTERNS = vocabulary("pattern patterns glob globs regex filter query");
/** Names that say nothing of what they are the end of. */
const ENDS = vocabulary(
  "source destination src dest dst from to input output target location root workspace",
);
const FILES = vocabulary("file files directory directories folder folders filesystem");

/** `file name` and `name of the file`, in few words. */
function isFileName(words: readonly string[]): boolean {
  const at = words.indexOf("name");
  if (at < 0) return false;
  return words[at - 1] === "file" || words[at - 1] === "folder";
}

function isWritten({ name, description }: ArgumentFacts, tool: ToolFacts): boolean {
  if (name.has("cwd", "workdir", "source", "src", "from", "input")) return false;
  if (name.has("output", "destination", "dest", "dst", "save")) return true;
  if (description.has("output", "destination", "save", "saved")) return true;
  return tool.name.has(...WRITES) ||
    (!tool.name.has(...READS) &&
      tool.start.list.some((word) => VERBS.has(word)));
}

const READS = vocabulary("read get list search find view show open stat grep");
const WRITES = vocabulary(
  "write create edit move delete remove save append rename copy update replace make " +
    "mkdir patch insert touch",
);
const VERBS: ReadonlySet<string> = new Set(WRITES.flatMap((verb) => [verb, `${verb}s`]));

/** Whether the path may not be one on a disk that the roots speak of. */
function isElsewhere({ name, description }: ArgumentFacts, tool: ToolFacts): boolean {
  if (description.has("url", "urls", "uri", ...STRUCTURES) || name.has(...STRUCTURES)) return true;
  if (REMOTE.some((sibling) => tool.siblings.has(sibling))) return true;
  const urlElsewhere = tool.siblings.has("url") || tool.siblings.has("uri");
  return !urlElsewhere && tool.says("url", "urls", "uri", "http", "https", "endpoint", "s3");
}

/** What has paths and is no file system. */
const STRUCTURES = vocabulary(
  "jsonpath xpath api endpoint route property selector svg http https request secret",
);
/** Arguments that say in which remote place the path stands. */
const REMOTE = vocabulary(
  "owner bucket bucketname container projectid workspaceid siteid driveid org " +
    "organization host account shareid repoid",
);
