/**
 * How an upstream is reached, and what it is shown.
 * @module
 */

import {
  itemsOf,
  namesIn,
  numberOf,
  textOf,
  textsOf,
  valueOf,
  type YamlNode,
} from "../yaml/node.ts";
import type { Problems } from "../yaml/problems.ts";
import type { SecretPlace, ShownSettings, TargetSettings } from "./aegis.ts";
import { type Building, oneOf, pathIn } from "./building.ts";
import { isOpenToAll } from "./value_keys.ts";

/** What means something for one kind of upstream alone. */
const OF_URL = ["transport", "headers", "token", "credentials"];
const OF_COMMAND = ["env", "maxChildren"];

/** Builds it; reports keys that do not go together. */
export function buildTarget(node: YamlNode, building: Building): TargetSettings | undefined {
  const { problems } = building;
  const [url, command] = [valueOf(node, "url"), valueOf(node, "command")];
  if ((url === undefined) === (command === undefined)) {
    problems.at(command ?? node, {
      code: url === undefined ? "missing-key" : "two-targets",
      message: url === undefined
        ? "An upstream needs a url or a command"
        : "An upstream is reached by its url, or started by its command, not both",
      hint: url === undefined ? 'Add "url:" or "command:"' : "Remove one of them",
    });
    return undefined;
  }
  strayKeys(node, { keys: url === undefined ? OF_URL : OF_COMMAND, problems });
  return url === undefined ? commandOf(node, building) : urlOf(node, url, problems);
}

function strayKeys(
  node: YamlNode,
  { keys, problems }: { readonly keys: readonly string[]; readonly problems: Problems },
): void {
  for (const key of keys) {
    const stray = valueOf(node, key);
    if (stray === undefined) continue;
    const kind = keys === OF_URL ? "command" : "url";
    problems.at(stray, {
      code: "stray-key",
      message: `"${key}" means nothing for an upstream with a ${kind}`,
      hint: "Remove it",
    });
  }
}

function commandOf(
  node: YamlNode,
  { problems, split }: Building,
): TargetSettings | undefined {
  const command = valueOf(node, "command");
  const text = textOf(command);
  const words = text === undefined ? { ok: true as const, value: textsOf(command) } : split(text);
  if (command === undefined || command.kind === "broken") return undefined;
  if (!words.ok) {
    problems.at(command, {
      code: "bad-command",
      message: words.error.message,
      hint: "Mind the quotes, or write the command as a list of words",
    });
    return undefined;
  }
  if (words.value[0] === undefined || words.value[0] === "") {
    problems.at(command, { code: "bad-command", message: "The command is empty" });
    return undefined;
  }
  return {
    kind: "stdio",
    argv: words.value,
    env: textsOf(valueOf(node, "env")),
    maxChildren: numberOf(valueOf(node, "maxChildren")),
  };
}

function urlOf(
  node: YamlNode,
  written: YamlNode,
  problems: Problems,
): TargetSettings | undefined {
  const url = URL.parse(textOf(written) ?? "");
  const kind = oneOf(["streamable", "sse"], valueOf(node, "transport")) === "sse" ? "sse" : "http";
  const shown = shownOf(node, { kind, problems });
  if (url === null) return undefined;
  if (shown.length > 0 && isOpenToAll(url)) {
    problems.at(written, {
      code: "open-credential",
      severity: "warning",
      message: "What is shown to this upstream goes there unencrypted",
      hint: "Use https, unless the network is your own",
    });
  }
  return { kind, url, shown };
}

function shownOf(
  node: YamlNode,
  { kind, problems }: { readonly kind: "http" | "sse"; readonly problems: Problems },
): readonly ShownSettings[] {
  const shown: ShownSettings[] = [];
  const names = new Set<string>();
  const show = (at: YamlNode, header: string, one: ShownSettings | undefined) => {
    if (names.has(header)) {
      problems.at(at, {
        code: "header-twice",
        message: `The upstream would be shown two headers "${header}"`,
        hint: "Keep one of headers, token and credentials for it",
      });
    }
    names.add(header);
    if (one !== undefined) shown.push(one);
  };
  for (const [name, value] of namesIn(valueOf(node, "headers"))) {
    const header = name.toLowerCase();
    const from = secretAt(value, problems);
    show(value, header, from === undefined ? undefined : { kind: "header", header, from });
  }
  const token = valueOf(node, "token");
  if (token !== undefined) {
    const from = secretAt(token, problems);
    show(token, "authorization", from === undefined ? undefined : { kind: "token", from });
  }
  const credentials = valueOf(node, "credentials");
  if (credentials?.kind === "map" && credentials.entries.size === 0) {
    problems.at(credentials, {
      code: "missing-key",
      message: "The credentials are empty",
      hint: "Add clientCredentials or tokenExchange, or remove the key",
    });
  }
  for (const grant of ["clientCredentials", "tokenExchange"] as const) {
    const at = valueOf(credentials, grant);
    if (at === undefined) continue;
    if (grant === "tokenExchange" && kind === "sse") {
      problems.at(at, {
        code: "stray-key",
        message: "Tokens cannot be exchanged for an upstream of HTTP+SSE",
        hint: "Its one stream would outlive them; use clientCredentials",
      });
    }
    show(at, "authorization", grantOf(at, { grant, problems }));
  }
  return shown;
}

function grantOf(
  node: YamlNode,
  { grant, problems }: {
    readonly grant: "clientCredentials" | "tokenExchange";
    readonly problems: Problems;
  },
): ShownSettings | undefined {
  const tokenEndpoint = textOf(valueOf(node, "tokenEndpoint"));
  const clientId = textOf(valueOf(node, "clientId"));
  const secret = valueOf(node, "clientSecret");
  const clientSecret = secret === undefined ? undefined : secretAt(secret, problems);
  if (tokenEndpoint === undefined || clientId === undefined || clientSecret === undefined) {
    return undefined;
  }
  return {
    kind: "grant",
    grant,
    tokenEndpoint,
    clientId,
    clientSecret,
    authMethod: oneOf(
      ["client_secret_basic", "client_secret_post"],
      valueOf(node, "authMethod"),
    ),
    resource: textOf(valueOf(node, "resource")),
    scopes: itemsOf(valueOf(node, "scopes")).flatMap((scope) => textOf(scope) ?? []),
  };
}

function secretAt(node: YamlNode, problems: Problems): SecretPlace | undefined {
  if (node.kind !== "map") return undefined;
  const variable = textOf(valueOf(node, "env"));
  const path = pathIn(problems.file, valueOf(node, "file"));
  if (node.entries.has("env") === node.entries.has("file")) {
    problems.at(node, {
      code: "secret-place",
      message: "A secret is in one place: a variable or a file",
      hint: "Write { env: NAME } or { file: PATH }",
    });
    return undefined;
  }
  if (variable !== undefined) return { kind: "env", variable };
  return path === undefined ? undefined : { kind: "file", path };
}
