/**
 * What is safe at one upstream: what the operator says, and what holds where nothing is said.
 * @module
 */

import type {
  CommandProfile,
  InspectionRules,
  PathRules,
  ResultRules,
  SqlDialect,
  UrlRules,
} from "../access/inspection.ts";
import type { PolicyDocument } from "./document.ts";
import type { PathSettings, ProfileSettings } from "./inspect_settings.ts";

/** What may be fetched where nothing is said: public addresses under names that are public. */
export const DEFAULT_URLS: UrlRules = {
  schemes: ["http", "https"],
  allowHosts: undefined,
  denyNames: [
    "localhost",
    "*.localhost", // RFC 6761 §6.3
    "*.local", // RFC 6762
    "*.internal", // reserved by ICANN for private use; cloud metadata
    "*.lan",
    "*.corp",
    "*.home.arpa", // RFC 8375
    "*.svc", // Kubernetes
    "*.svc.cluster.local",
    "*.consul",
  ],
  denySuffixes: [
    "nip.io",
    "sslip.io",
    "xip.io",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "rbndr.us",
    "1u.ms",
  ],
  allowNetworks: [],
};

/** What is done with results where nothing is said. */
export const DEFAULT_RESULTS: ResultRules = {
  hidden: "remove",
  secrets: "redact",
  injection: "mark",
};

/** Programs that run what they are given, where a profile does not name its own. */
export const DEFAULT_NO_INLINE_CODE: readonly string[] = [
  "bun",
  "deno",
  "lua",
  "node",
  "osascript",
  "perl",
  "php",
  "pwsh",
  "python",
  "python2",
  "python3",
  "Rscript",
  "ruby",
  "tclsh",
];

/** What no command names, where a profile does not say it itself. */
export const DEFAULT_SENSITIVE: readonly string[] = [
  "/etc/passwd",
  "/etc/shadow",
  "/etc/sudoers",
  "/proc/*/environ",
  "~/.ssh",
  "~/.aws",
  "~/.gnupg",
  "~/.netrc",
  "~/.kube/config",
  "~/.git-credentials",
  "**/.env",
  "**/*.pem",
  "**/id_rsa",
  "**/id_ed25519",
];

const DEFAULT_DIALECT: SqlDialect = "postgres";

/** Whose rules are wanted. */
export interface InspectedUpstream {
  readonly name: string | null;
  /** Whether it was started here, and so sees the same files. */
  readonly isLocal: boolean;
}

/** The rules for one upstream: each group its own, else the document's, else the default. */
export function inspectionOf(
  { inspect, servers, defaults }: PolicyDocument,
  { name, isLocal }: InspectedUpstream,
): InspectionRules {
  const own = name === null ? undefined : servers.get(name)?.inspect;
  const paths = own?.paths ?? inspect?.paths;
  return {
    level: defaults.arguments,
    paths: pathRules(paths, isLocal),
    commands: profiles(own?.commands ?? inspect?.commands, paths),
    urls: own?.urls ?? inspect?.urls ?? DEFAULT_URLS,
    dialect: dialectAt({ inspect, servers }, name),
    results: own?.results ?? inspect?.results ?? DEFAULT_RESULTS,
  };
}

/** The dialect of SQL at a server where nothing else is said. */
export function dialectAt(
  { inspect, servers }: Pick<PolicyDocument, "inspect" | "servers">,
  server: string | null,
): SqlDialect {
  const own = server === null ? undefined : servers.get(server)?.inspect;
  return own?.dialect ?? inspect?.dialect ?? DEFAULT_DIALECT;
}

function pathRules(paths: PathSettings | undefined, isLocal: boolean): PathRules | undefined {
  if (paths?.roots === undefined) return undefined;
  return { ...paths, roots: paths.roots, local: paths.local ?? isLocal };
}

function profiles(
  settings: ReadonlyMap<string, ProfileSettings> | undefined,
  paths: PathSettings | undefined,
): ReadonlyMap<string, CommandProfile> {
  const found = new Map<string, CommandProfile>();
  for (const [name, profile] of settings ?? []) {
    const writeRoots = profile.writeRoots ?? paths?.roots ?? [];
    const cwd = paths?.cwd ?? paths?.roots?.[0];
    found.set(name, { ...profile, writeRoots, cwd, home: paths?.home });
  }
  return found;
}
