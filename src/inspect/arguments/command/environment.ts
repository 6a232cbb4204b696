/**
 * Variables that change which programs run, what they load, or where packages come from.
 * @module
 */

/** What setting a variable amounts to. */
export type VariableDanger =
  | { readonly kind: "none" }
  | { readonly kind: "runs" }
  | { readonly kind: "registry" }
  /** The value is itself a command line. */
  | { readonly kind: "command" };

/** Whatever their value. */
const ALWAYS = new Set([
  ...[
    "PATH",
    "BASH_ENV",
    "ENV",
    "PROMPT_COMMAND",
    "LESSOPEN",
    "LESSCLOSE",
    "SHELLOPTS",
    "BASHOPTS",
  ],
  ...["GIT_SSH", "GIT_EXEC_PATH", "GIT_EXTERNAL_DIFF", "GIT_ASKPASS", "GIT_TEMPLATE_DIR"],
  ...["GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_CONFIG_GLOBAL"],
  ...["GIT_CONFIG_SYSTEM", "SSH_ASKPASS", "PERL5OPT", "PERL5DB", "PYTHONSTARTUP", "PYTHONHOME"],
  ...["RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "RUSTC", "NPM_CONFIG_SCRIPT_SHELL"],
  ...["NPM_CONFIG_GIT", "NPM_CONFIG_NODE_OPTIONS", "TAR_OPTIONS", "ZIPOPT", "RSYNC_RSH", "CVS_RSH"],
  ...["GCONV_PATH", "GLIBC_TUNABLES", "PYTHONBREAKPOINT", "BASH_LOADABLES_PATH", "LD_PRELOAD"],
]);

/** By how they begin or end. */
const ALWAYS_SHAPES: readonly { readonly front: string; readonly end: string }[] = [
  { front: "LD_", end: "" },
  { front: "DYLD_", end: "" },
  { front: "GIT_", end: "COMMAND" },
  { front: "GIT_CONFIG_KEY_", end: "" },
  { front: "GIT_CONFIG_VALUE_", end: "" },
  { front: "BASH_FUNC_", end: "" },
];

/** Whose value is the name or command line of a program. */
const COMMANDS = new Set([
  ...["EDITOR", "VISUAL", "PAGER", "MANPAGER", "BROWSER", "SHELL", "GIT_EDITOR", "GIT_PAGER"],
  ...["GIT_SEQUENCE_EDITOR", "GH_PAGER", "GH_EDITOR", "GH_BROWSER", "PSQL_PAGER", "PSQL_EDITOR"],
  ...["KUBE_EDITOR", "SUDO_EDITOR", "FCEDIT", "SYSTEMD_PAGER", "BAT_PAGER", "DELTA_PAGER"],
]);

/** Options in a variable that make a program load or run something. */
const OPTION_VARIABLES: ReadonlyMap<string, readonly string[]> = new Map([
  ["NODE_OPTIONS", ["-r", "--require", "--import", "--loader", "--experimental-loader", "--eval"]],
  ["RUBYOPT", ["-r", "-e"]],
  ["JAVA_TOOL_OPTIONS", ["-javaagent", "-agent", "-XX:On"]],
  ["_JAVA_OPTIONS", ["-javaagent", "-agent", "-XX:On"]],
  ["JDK_JAVA_OPTIONS", ["-javaagent", "-agent", "-XX:On"]],
  ["MAVEN_OPTS", ["-javaagent", "-agent", "-XX:On"]],
  ["GRADLE_OPTS", ["-javaagent", "-agent", "-XX:On"]],
  ["GOFLAGS", ["-toolexec", "-exec", "-overlay"]],
  ["MAKEFLAGS", ["--eval", "-f", "--file", "--makefile"]],
  ["PHP_INI_SCAN_DIR", [""]],
]);

const REGISTRIES = new Set([
  ...["NPM_CONFIG_REGISTRY", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"],
  ...["PIP_TRUSTED_HOST", "PIP_CONFIG_FILE", "NPM_CONFIG_USERCONFIG", "NPM_CONFIG_GLOBALCONFIG"],
  ...["UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_INDEX", "YARN_REGISTRY"],
  ...["YARN_NPM_REGISTRY_SERVER", "GOPROXY", "GONOSUMDB", "GONOSUMCHECK", "GOSUMDB", "GOINSECURE"],
  ...["RUBYGEMS_HOST", "GEM_SOURCE", "COMPOSER_REPO_PACKAGIST", "POETRY_REPOSITORIES"],
  ...["DENO_REGISTRY_URL", "JSR_URL", "BUN_CONFIG_REGISTRY"],
]);
const REGISTRY_FRONTS = [
  ...["CARGO_REGISTRIES_", "CARGO_REGISTRY_", "CARGO_SOURCE_", "BUNDLE_MIRROR__"],
  ...["POETRY_REPOSITORIES_", "NUGET_"],
];

/** Judges one assignment; `value` is its text with marks for what is not fixed. */
export function variableDanger(name: string, value: string): VariableDanger {
  // npm reads its settings in any case.
  const key = /^npm_config_/i.test(name) ? name.toUpperCase() : name;
  const shaped = ALWAYS_SHAPES.some(({ front, end }) => key.startsWith(front) && key.endsWith(end));
  if (ALWAYS.has(key) || shaped) return { kind: "runs" };
  if (COMMANDS.has(key)) return { kind: "command" };
  if (REGISTRIES.has(key) || REGISTRY_FRONTS.some((front) => key.startsWith(front))) {
    return { kind: "registry" };
  }
  if (key.startsWith("NPM_CONFIG_") && key.endsWith("REGISTRY")) return { kind: "registry" };
  if (/^PS[0-4]$/.test(key)) return { kind: /\$\(|`/.test(value) ? "runs" : "none" };
  const options = OPTION_VARIABLES.get(key);
  const loads = options?.some((option) =>
    value.split(/[\s"']+/).some((word) => word.startsWith(option))
  );
  return { kind: loads === true ? "runs" : "none" };
}
