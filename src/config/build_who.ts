/**
 * Nodes into who may be proved, and how.
 * @module
 */

import {
  flagOf,
  itemsOf,
  namesIn,
  numberOf,
  textOf,
  textsOf,
  valueOf,
  type YamlNode,
} from "../yaml/node.ts";
import type { Problems } from "../yaml/problems.ts";
import { trustedUrl } from "../base/trusted_url.ts";
import { quoted } from "../yaml/shape_faults.ts";
import type { IssuerSettings, WhoSettings } from "./aegis.ts";
import type { ApiKeyEntry } from "./api_keys.ts";
import { oneOf, pathIn } from "./building.ts";
import { claimPath } from "./claim_path.ts";
import { ALGORITHMS } from "./who_keys.ts";

/** Builds it; reports what only shows when several keys are seen together. */
export function buildWho(root: YamlNode, problems: Problems): WhoSettings {
  const tokens = valueOf(root, "tokens");
  const keys = valueOf(root, "apiKeys");
  return {
    principal: textOf(valueOf(root, "principal")),
    roles: textsOf(valueOf(root, "roles")),
    issuers: issuersOf(valueOf(root, "issuers"), problems),
    apiKeys: apiKeysOf(keys, problems),
    apiKeyFile: pathIn(problems.file, keys),
    skewSeconds: numberOf(valueOf(tokens, "skew")),
    requireAtJwt: flagOf(valueOf(tokens, "requireAtJwt")) ?? false,
  };
}

function issuersOf(
  list: YamlNode | undefined,
  problems: Problems,
): readonly IssuerSettings[] {
  const issuers: IssuerSettings[] = [];
  for (const node of itemsOf(list)) {
    const issuer = issuerOf(node, problems);
    if (issuer === undefined) continue;
    if (issuers.some((other) => other.issuer === issuer.issuer)) {
      problems.at(node, {
        code: "listed-twice",
        message: `The issuer ${quoted(issuer.issuer)} is given twice`,
        hint: "Keep one of them",
      });
    }
    issuers.push(issuer);
  }
  return issuers;
}

function issuerOf(node: YamlNode, problems: Problems): IssuerSettings | undefined {
  const issuer = textOf(valueOf(node, "issuer"));
  if (issuer === undefined) return undefined;
  const jwksUri = textOf(valueOf(node, "jwksUri"));
  const jwksFile = pathIn(problems.file, valueOf(node, "jwksFile"));
  if (jwksUri !== undefined && jwksFile !== undefined) {
    problems.at(node, {
      code: "two-key-sets",
      message: "The keys of an issuer are at jwksUri or in jwksFile, not both",
      hint: "Remove one of them",
    });
  }
  const isFound = trustedUrl(issuer) !== undefined && !issuer.includes("?");
  if (valueOf(node, "jwksUri") === undefined && jwksFile === undefined && !isFound) {
    problems.at(valueOf(node, "issuer") ?? node, {
      code: "no-keys",
      message: "The keys of this issuer cannot be found: it is no https URL without a query",
      hint: "Add jwksUri or jwksFile",
    });
  }
  for (const key of ["audiences", "algorithms", "roles"]) {
    const list = valueOf(node, key);
    if (list?.kind !== "list" || list.items.length > 0) continue;
    problems.at(list, {
      code: "empty-list",
      message: `The list "${key}" is empty`,
      hint: "Name one, or remove the key",
    });
  }
  return {
    issuer,
    jwksUri,
    jwksFile,
    audiences: textsOf(valueOf(node, "audiences")),
    algorithms: itemsOf(valueOf(node, "algorithms")).flatMap((item) =>
      oneOf(ALGORITHMS, item) ?? []
    ),
    roles: itemsOf(valueOf(node, "roles")).map((claim) => {
      const text = textOf(claim);
      return text === undefined ? textsOf(claim) : claimPath(text);
    }),
    roleMap: roleMapOf(valueOf(node, "roleMap")),
  };
}

function roleMapOf(node: YamlNode | undefined): IssuerSettings["roleMap"] {
  if (node === undefined) return undefined;
  return Object.fromEntries([...namesIn(node)].map(([value, roles]) => [value, textsOf(roles)]));
}

function apiKeysOf(list: YamlNode | undefined, problems: Problems): readonly ApiKeyEntry[] {
  const keys: ApiKeyEntry[] = [];
  for (const node of itemsOf(list)) {
    const id = textOf(valueOf(node, "id"));
    const hash = textOf(valueOf(node, "hash"));
    if (id === undefined || hash === undefined) continue;
    if (keys.some((other) => other.id === id || other.hash === hash)) {
      problems.at(node, {
        code: "listed-twice",
        message: `The id or the hash of ${quoted(id)} is that of another key`,
        hint: "Give each key an id and a hash of its own",
      });
    }
    keys.push({
      id,
      hash,
      roles: textsOf(valueOf(node, "roles")),
      scopes: textsOf(valueOf(node, "scopes")),
    });
  }
  return keys;
}
