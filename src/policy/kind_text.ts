/**
 * A kind of argument as an operator would write it.
 * @module
 */

import type { ArgumentKind } from "../access/inspection.ts";
import { DEFAULT_PROFILE } from "./argument_kind.ts";

/** `path(write)`, `sql(postgres, read)`, `command`. */
export function kindText(kind: ArgumentKind): string {
  switch (kind.kind) {
    case "path":
      return `path(${kind.access})`;
    case "command":
    case "argv":
      return kind.profile === DEFAULT_PROFILE ? kind.kind : `${kind.kind}(${kind.profile})`;
    case "sql":
      return `sql(${kind.dialect}, ${kind.profile})`;
    case "stdin":
    case "workdir":
    case "shellarg":
    case "sqlvalue":
    case "url":
    case "host":
    case "text":
    case "code":
    case "regex":
    case "id":
    case "opaque":
      return kind.kind;
  }
}
