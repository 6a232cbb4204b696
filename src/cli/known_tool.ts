/**
 * One tool as its server lists it, for a question about a call of it.
 * @module
 */

import type { ToolAnnotations, ToolListing } from "../access/request.ts";
import type { Limits } from "../base/limits.ts";
import { stringMember } from "../base/json.ts";
import { CliError, EXIT } from "./exit.ts";
import { annotationsOf } from "./exposure.ts";
import { toolListings } from "./known_arguments.ts";
import { LIST_TIMEOUT_MS, listServer } from "./list_server.ts";
import type { Target } from "./target.ts";

/** What a server says of one of its tools. */
export interface ListedTool {
  readonly listing: ToolListing;
  readonly annotations: ToolAnnotations;
}

/**
 * Starts a server and asks what it says of one tool.
 *
 * @throws {SpawnError} when it cannot be started.
 * @throws {CliError} when it does not say what it offers, or lists no such tool.
 */
export async function listedTool(
  name: string,
  { target, limits }: { readonly target: Target; readonly limits: Limits },
): Promise<ListedTool> {
  const { tools } = await listServer(target, { limits, timeoutMs: LIST_TIMEOUT_MS });
  const tool = tools.find((each) => stringMember(each, "name") === name);
  const listing = toolListings({ tools }).find((each) => each.name === name);
  if (tool === undefined || listing === undefined) {
    throw new CliError(`Cannot explain a call of "${name}": the server lists no such tool`, {
      exit: EXIT.failed,
      hint: `It lists ${tools.flatMap((each) => stringMember(each, "name") ?? []).join(", ")}`,
    });
  }
  return { listing, annotations: annotationsOf(tool) };
}
