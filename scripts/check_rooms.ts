/**
 * Fails when the tree breaks a house rule: `deno task rooms [ROOT]`.
 *
 * The rules are data in `rooms/table.ts`; the graph is the one `deno info` sees.
 * @module
 */

import { checkGraph } from "./rooms/graph_rules.ts";
import { checkSource } from "./rooms/source_rules.ts";
import { readSourceTree } from "./rooms/source_tree.ts";
import { formatViolation, type Violation } from "./rooms/violation.ts";

/** Reads the project under `root` and gives every broken rule, by file and line. */
export async function checkRooms(root: string): Promise<readonly Violation[]> {
  const files = await readSourceTree(root);
  const found = [...checkGraph(files), ...files.flatMap(checkSource)];
  return found.sort((a, b) => a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1);
}

if (import.meta.main) {
  const violations = await checkRooms(Deno.args[0] ?? ".");
  for (const violation of violations) console.error(formatViolation(violation));
  console.error(violations.length === 0 ? "rooms: in order" : `rooms: ${violations.length} broken`);
  Deno.exit(violations.length === 0 ? 0 : 1);
}
