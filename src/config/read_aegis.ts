/**
 * Bytes into what `aegis.yaml` says and everything that is wrong with them, all at once.
 * @module
 */

import type { Diagnostic } from "../base/diagnostic.ts";
import { DEFAULT_LIMITS, type Limits } from "../base/limits.ts";
import { checkShape } from "../yaml/check_shape.ts";
import { flagOf, numberOf, textOf, textsOf, valueOf, type YamlNode } from "../yaml/node.ts";
import { parseYaml } from "../yaml/parse.ts";
import { Problems } from "../yaml/problems.ts";
import { decode } from "../yaml/text.ts";
import type { AegisFile, ListenSettings } from "./aegis.ts";
import { AEGIS } from "./aegis_keys.ts";
import { buildUpstreams } from "./build_upstreams.ts";
import { buildWho } from "./build_who.ts";
import { type Building, oneOf, pathIn, type SplitWords } from "./building.ts";
import { limitsIn } from "./limit_keys.ts";
import { type Overrides, reachFaults } from "./reach_faults.ts";

/** Options of {@linkcode readAegis}. */
export interface ReadAegisOptions {
  /** The file as the operator named it. Paths in it are relative to it. */
  readonly file: string;
  readonly limits?: Pick<Limits, "maxPolicyFileBytes">;
  /** Splits a command that is written as one text. */
  readonly split: SplitWords;
  /** What is said elsewhere and goes before the file. Default: nothing. */
  readonly over?: Overrides;
}

/** A file as read. */
export interface AegisReading {
  /** Absent when there are errors. */
  readonly aegis: AegisFile | undefined;
  /** Everything wrong: errors first, each kind in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the file, YAML or JSON. Never throws for what it holds. */
export function readAegis(source: string | Uint8Array, options: ReadAegisOptions): AegisReading {
  const { file, limits = DEFAULT_LIMITS, split, over = {} } = options;
  const maxBytes = limits.maxPolicyFileBytes;
  const decoded = decode(source, { file, what: "configuration", maxBytes });
  if (!decoded.ok) return { aegis: undefined, diagnostics: [decoded.error] };
  const problems = new Problems(file, decoded.value);
  const root = parseYaml(decoded.value, problems);
  if (root === undefined || (root.kind === "scalar" && root.value === null)) {
    if (!problems.failed) problems.atOffset(0, EMPTY);
    return { aegis: undefined, diagnostics: problems.list() };
  }
  checkShape(root, AEGIS, problems);
  const aegis = build(root, { problems, split });
  reachFaults(root, { aegis, problems, over });
  return { aegis: problems.failed ? undefined : aegis, diagnostics: problems.list() };
}

/** Whether a file is one of these, and not a policy: it speaks of upstreams. */
export function isAegis(source: string | Uint8Array): boolean {
  const maxBytes = DEFAULT_LIMITS.maxPolicyFileBytes;
  const decoded = decode(source, { file: "", what: "", maxBytes });
  if (!decoded.ok || !decoded.value.includes("upstreams")) return false;
  const root = parseYaml(decoded.value, new Problems("", decoded.value));
  return valueOf(root, "upstreams") !== undefined && valueOf(root, "principals") === undefined;
}

const EMPTY = {
  code: "empty-file",
  message: "The configuration is empty",
  hint: "Start with a list of upstreams",
  path: "",
};

function build(root: YamlNode, building: Building): AegisFile {
  const { file } = building.problems;
  const at = (key: string) => valueOf(root, key);
  const path = (node: YamlNode | undefined) => pathIn(file, node);
  const audit = at("audit");
  const to = textOf(valueOf(audit, "to"));
  const pins = textOf(at("pins"));
  return {
    file,
    listen: listenOf(at("listen"), file),
    upstreams: buildUpstreams(at("upstreams"), { ...building, policy: at("policy") }),
    who: buildWho(root, building.problems),
    rateLimit: numberOf(at("rateLimit")),
    audit: {
      to: to === "stderr" || to === "none" ? to : path(valueOf(audit, "to")),
      keyFile: path(valueOf(audit, "key")),
      arguments: flagOf(valueOf(audit, "arguments")) ?? false,
    },
    pins: pins === "none" ? pins : path(at("pins")),
    log: {
      level: oneOf(["DEBUG", "INFO", "WARNING", "ERROR"], valueOf(at("log"), "level")),
      format: oneOf(["text", "json"], valueOf(at("log"), "format")),
    },
    limits: limitsIn(at("limits")),
  };
}

function listenOf(node: YamlNode | undefined, file: string): ListenSettings {
  const publicUrl = textOf(valueOf(node, "publicUrl"));
  const tls = valueOf(node, "tls");
  const cert = pathIn(file, valueOf(tls, "cert"));
  const key = pathIn(file, valueOf(tls, "key"));
  return {
    host: textOf(valueOf(node, "host")),
    port: numberOf(valueOf(node, "port")),
    publicUrl: publicUrl === undefined ? undefined : URL.parse(publicUrl) ?? undefined,
    allowHosts: textsOf(valueOf(node, "allowHosts")),
    allowOrigins: textsOf(valueOf(node, "allowOrigins")),
    tls: cert === undefined || key === undefined ? undefined : { cert, key },
    adminPort: numberOf(valueOf(node, "adminPort")),
    trustedProxies: textsOf(valueOf(node, "trustedProxies")),
    keepAliveSeconds: numberOf(valueOf(node, "keepAlive")),
  };
}
