/**
 * Lists in which an inspection has cleaned a name.
 * @module
 */

import type { JsonObject } from "../base/json.ts";
import { type ListMethod, readList, withItems } from "../mcp/lists.ts";
import type { Settled } from "./questions.ts";

/** Where a list comes from. */
interface Listed {
  readonly method: ListMethod;
  /** The list as the policy judged it; undefined when it was refused. */
  readonly before: JsonObject | undefined;
  readonly revision: string | null;
}

/**
 * The list without what got another name on its way. Whoever calls that name calls something else than
 * what was listed, and judged.
 */
// INVARIANT: Nothing hidden is callable, and nothing is hidden that some call could reach.
export function withoutRenamed(settled: Settled, { method, before, revision }: Listed): Settled {
  if (settled.kind === "refused" || before === undefined || settled.result === before) {
    return settled;
  }
  const was = readList(method, before);
  const is = readList(method, settled.result);
  if (!was.ok || !is.ok || was.value.items.length !== is.value.items.length) {
    const detail = "its list cannot be told from the one that was judged";
    return { kind: "refused", reason: { code: "upstream_failed", detail } };
  }
  const { items } = is.value;
  const kept = items.filter(({ name }, at) => name === was.value.items[at]?.name);
  if (kept.length === items.length) return settled;
  return {
    ...settled,
    result: withItems(is.value, kept, { revision }),
    changes: [...settled.changes, `hidden-names ${items.length - kept.length}`],
    changed: true,
  };
}
