/**
 * Arguments that nothing runs: texts, source code, expressions to match with, names.
 * @module
 */

import type { ArgumentFacts, InferredKind, ToolFacts } from "./facts.ts";
import { vocabulary } from "./words.ts";

/** Guesses `id` where the schema lists the values. */
export function guessListed({ listed }: ArgumentFacts): InferredKind | undefined {
  if (!listed) return undefined;
  return { kind: { kind: "id" }, enforced: true, because: "the schema lists its values" };
}

/** Guesses `regex` from the name or the description. */
export function guessRegex({ name, description }: ArgumentFacts): InferredKind | undefined {
  const said = name.has("regex", "regexp") || description.has("regex", "regexp") ||
    description.list.some((word, index) =>
      word === "regular" && description.list[index + 1]?.startsWith("expression")
    );
  if (!said || !(name.has("regex", "regexp") || MATCHERS.includes(name.last))) return undefined;
  return { kind: { kind: "regex" }, enforced: true, because: "it is a regular expression" };
}

/** Guesses `code` where the name says so, or where a text becomes part of a file. */
export function guessCode({ name }: ArgumentFacts, tool: ToolFacts): InferredKind | undefined {
  const because = name.has(...CODE)
    ? `its name says "${name.list.join(" ")}"`
    : FILE_PARTS.includes(name.last) && isAboutFiles(tool)
    ? "it becomes part of a file"
    : undefined;
  return because === undefined ? undefined : { kind: { kind: "code" }, enforced: true, because };
}

/** Guesses `text` from the name or a description that speaks of text. */
export function guessText({ name, description, within }: ArgumentFacts): InferredKind | undefined {
  const named = TEXTS.includes(name.last) || name.has("headers") || within.has("headers");
  if (!named && !description.list.slice(0, 6).some((word) => TEXT_WORDS.includes(word))) {
    return undefined;
  }
  const because = named
    ? `its name says "${name.list.join(" ")}"`
    : "its description speaks of text";
  return { kind: { kind: "text" }, enforced: true, because };
}

/** Guesses `host` from the name or the format. Not enforced: servers on the own machine are ordinary. */
export function guessHost({ name, format }: ArgumentFacts): InferredKind | undefined {
  if (!HOSTS.includes(name.last) && !HOST_FORMATS.includes(format)) return undefined;
  return { kind: { kind: "host" }, enforced: false, because: "it names a host" };
}

/** Guesses `id` from a format of one word, or the name. */
export function guessId({ name, format }: ArgumentFacts): InferredKind | undefined {
  const because = WORD_FORMATS.includes(format)
    ? `its format is ${format}`
    : IDS.includes(name.last)
    ? `its name says "${name.list.join(" ")}"`
    : undefined;
  return because === undefined ? undefined : { kind: { kind: "id" }, enforced: true, because };
}

function isAboutFiles(tool: ToolFacts): boolean {
  return tool.says("file", "files", "pdf", "source") || tool.siblings.has("path") ||
    tool.siblings.has("filepath");
}

const MATCHERS = vocabulary("pattern patterns filter grep match query include");
const CODE = vocabulary("code snippet script javascript function patch diff");
const FILE_PARTS = vocabulary("content contents text string data lines block");
const TEXTS = vocabulary(
  "text message messages content contents body title description comment comments note " +
    "notes summary prompt question answer reply subject caption query search term topic " +
    "reason label observation observations instructions feedback resolution pattern " +
    "patterns string thought channel heading bio keyword",
);
const TEXT_WORDS = vocabulary("text message description human sentence comment");
const HOSTS = vocabulary("host hostname domain ip server address");
const HOST_FORMATS = vocabulary("hostname idn-hostname ipv4 ipv6");
const WORD_FORMATS = vocabulary("uuid date date-time time duration email");
const IDS = vocabulary(
  "id ids uuid key type name names status mode ref format language locale timezone " +
    "version cursor sha hash branch tag commit remote email date time token since until " +
    "range category order sort color unit units currency country city table column sheet " +
    "shell element target owner repo author",
);
