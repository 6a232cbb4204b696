/**
 * An upstream of `aegis.yaml` as a `serve` run reaches it.
 * @module
 */

import type { ShownSettings, TargetSettings } from "../config/aegis.ts";
import type { ServedCredential } from "../serve_credential.ts";
import type { ServedTarget } from "../serve_target.ts";
import { DEFAULT_MAX_CHILDREN } from "./serve_defaults.ts";

/** The upstream, with what the file leaves out. */
export function servedTarget(target: TargetSettings): ServedTarget {
  if (target.kind === "stdio") {
    const { argv, env, maxChildren = DEFAULT_MAX_CHILDREN } = target;
    return { kind: "stdio", argv, env, maxChildren };
  }
  const { kind, url, shown } = target;
  return { kind, url, shown: shown.map((each) => credentialOf(each, url)) };
}

function credentialOf(shown: ShownSettings, url: URL): ServedCredential {
  switch (shown.kind) {
    case "header": {
      const { header, from } = shown;
      return from.kind === "env"
        ? { kind: "environment", header, variable: from.variable }
        : { kind: "header_file", header, path: from.path };
    }
    case "token": {
      const { from } = shown;
      return from.kind === "env"
        ? { kind: "token_environment", variable: from.variable }
        : { kind: "token_file", path: from.path };
    }
    case "grant":
      return { ...shown, resource: shown.resource ?? url.href };
  }
}
