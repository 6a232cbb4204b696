/**
 * Nodes into upstreams, each under a path of its own.
 * @module
 */

import { itemsOf, textOf, textsOf, valueOf, type YamlNode } from "../yaml/node.ts";
import { quoted } from "../yaml/shape_faults.ts";
import type { UpstreamSettings } from "./aegis.ts";
import { buildTarget } from "./build_target.ts";
import { type Building, oneOf, pathIn } from "./building.ts";
import { pathFault } from "./upstream_keys.ts";

/** Options of {@linkcode buildUpstreams}. */
export interface UpstreamsOptions extends Building {
  /** The policy of those that name none. */
  readonly policy: YamlNode | undefined;
}

/** Builds them; reports names and paths that two of them claim. */
export function buildUpstreams(
  list: YamlNode | undefined,
  options: UpstreamsOptions,
): readonly UpstreamSettings[] {
  const { problems } = options;
  const taken: Taken = { names: new Map(), paths: new Map() };
  if (list?.kind === "list" && list.items.length === 0) {
    problems.at(list, {
      code: "empty-list",
      message: "There is no upstream",
      hint: "Add one: { name: fs, command: [npx, some-server], policy: policies.yaml }",
    });
  }
  return itemsOf(list).flatMap((node) => upstreamOf(node, { ...options, taken }) ?? []);
}

/** What upstreams have claimed, and in which line. */
interface Taken {
  readonly names: Map<string, number>;
  readonly paths: Map<string, { readonly line: number; readonly what: string }>;
}

interface Around extends UpstreamsOptions {
  readonly taken: Taken;
}

function upstreamOf(node: YamlNode, around: Around): UpstreamSettings | undefined {
  if (node.kind !== "map") return undefined;
  const { problems, policy } = around;
  const target = buildTarget(node, around);
  const name = textOf(valueOf(node, "name"));
  const policyNode = valueOf(node, "policy") ?? policy;
  const policyFile = pathIn(problems.file, policyNode);
  if (policyNode === undefined) {
    problems.at(node, {
      code: "missing-key",
      message: 'The key "policy" is missing in an upstream',
      hint: 'Add "policy:" here, or once for the whole file',
    });
  }
  const audiences = valueOf(node, "audiences");
  if (audiences?.kind === "list" && audiences.items.length === 0) {
    problems.at(audiences, {
      code: "empty-list",
      message: 'The list "audiences" is empty',
      hint: "Name one, or remove the key",
    });
  }
  if (name === undefined) return undefined;
  claimName(node, name, around);
  const paths = pathsOf(node, name, around);
  if (target === undefined || policyFile === undefined) return undefined;
  return {
    name,
    ...paths,
    target,
    policyFile,
    audiences: textsOf(audiences),
    scopes: textsOf(valueOf(node, "scopes")),
  };
}

function claimName(node: YamlNode, name: string, { problems, taken }: Around): void {
  const at = valueOf(node, "name") ?? node;
  const line = taken.names.get(name);
  if (line === undefined) {
    taken.names.set(name, problems.position(at.offset).line);
    return;
  }
  problems.at(at, {
    code: "name-taken",
    message: `Another upstream is called ${quoted(name)}`,
    hint: `It stands in line ${line}; rules could not tell them apart`,
  });
}

function pathsOf(
  node: YamlNode,
  name: string,
  around: Around,
): Pick<UpstreamSettings, "path" | "ssePath"> {
  const mode = oneOf(["http", "sse"], valueOf(node, "mode"));
  const written = valueOf(node, "path");
  const path = textOf(written) ?? `/${name}/mcp`;
  if (written === undefined && pathFault(path) !== undefined) {
    around.problems.at(valueOf(node, "name") ?? node, {
      code: "missing-key",
      message: `The name ${quoted(name)} makes no path`,
      hint: 'Add "path:", as in /fs/mcp',
    });
    return { path: null, ssePath: null };
  }
  const ssePath = textOf(valueOf(node, "ssePath")) ??
    path.slice(0, path.lastIndexOf("/") + 1) + "sse";
  const stray = valueOf(node, "ssePath");
  if (stray !== undefined && mode === "http") {
    around.problems.at(stray, {
      code: "stray-key",
      message: '"ssePath" means nothing with mode: http',
      hint: "Remove one of them",
    });
  }
  const paths = {
    path: mode === "sse" ? null : path,
    ssePath: mode === "http" ? null : ssePath,
  };
  if (paths.path !== null) {
    claimPath(node, { path: paths.path, key: "path", what: "endpoint" }, around);
  }
  if (paths.ssePath !== null) {
    claimPath(node, { path: paths.ssePath, key: "ssePath", what: "HTTP+SSE" }, around);
  }
  return paths;
}

function claimPath(
  node: YamlNode,
  { path, key, what }: {
    readonly path: string;
    readonly key: "path" | "ssePath";
    readonly what: string;
  },
  { problems, taken }: Around,
): void {
  const at = valueOf(node, key) ?? valueOf(node, "path") ?? node;
  const other = taken.paths.get(path);
  if (other === undefined) {
    taken.paths.set(path, { line: problems.position(at.offset).line, what });
    return;
  }
  const wanted = `the ${what} of this upstream`;
  problems.at(at, {
    code: "path-taken",
    message: `${
      quoted(path)
    } is wanted for ${wanted}, and is the ${other.what} of line ${other.line}`,
    hint: key === "ssePath"
      ? "Give it another ssePath, or mode: http where HTTP+SSE is not needed"
      : "Give it another path",
  });
}
