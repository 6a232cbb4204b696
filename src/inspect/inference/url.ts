/**
 * Arguments that are fetched.
 * @module
 */

import type { ArgumentFacts, InferredKind, ToolFacts } from "./facts.ts";
import { vocabulary } from "./words.ts";

/** Guesses `url` from the format or the name. Enforced unless something else than a web address may stand there. */
export function guessUrl(argument: ArgumentFacts, tool: ToolFacts): InferredKind | undefined {
  const { name, format } = argument;
  const formatted = format === "uri" || format === "url" || format === "iri";
  const named = name.has("url", "urls");
  const loosely = name.has("uri", "uris", "link", "links", "href", "webpage");
  if (!formatted && !named && !loosely) return undefined;
  const because = formatted ? `its format is ${format}` : `its name says "${name.list.join(" ")}"`;
  const web = named || argument.description.has(...WEB) || tool.says(...WEB);
  return { kind: { kind: "url" }, enforced: web && !mayBeElse(argument, tool), because };
}

const WEB = vocabulary("url urls http https web website fetch fetches download");

/** Whether the words allow other schemes, relative references, or a connection that is no fetch. */
function mayBeElse({ name, description }: ArgumentFacts, tool: ToolFacts): boolean {
  return description.has(...OTHER_SCHEMES, "path", "relative") ||
    name.has(...CONNECTIONS) || description.has(...CONNECTIONS) || tool.name.has(...CONNECTIONS);
}

const OTHER_SCHEMES = vocabulary("ssh git file ftp sftp s3 data base64 ws wss");
const CONNECTIONS = vocabulary(
  "connection connect database db dsn jdbc redis postgres mysql mongodb broker clone " +
    "remote repository repo resource",
);
