/**
 * Configuration keys of well-known programs that run code, or that say where packages come from.
 * @module
 */

/** What setting a key amounts to. */
export type SettingDanger = "none" | "runs" | "command" | "registry";

/** Keys of git's `core` section that run nothing, in lower case. Any other one is refused. */
const HARMLESS_CORE = new Set([
  ...["abbrev", "autocrlf", "bare", "bigfilethreshold", "checkstat", "commentchar", "compression"],
  ...["commitgraph", "deltabasecachelimit", "eol", "excludesfile", "filemode", "fscache"],
  ...["fsync", "fsyncmethod", "hidedotfiles", "ignorecase", "ignorestat", "logallrefupdates"],
  ...["longpaths", "looseCompression", "loosecompression", "multipackindex", "notesref"],
  ...["packedgitlimit", "packedgitwindowsize", "precomposeunicode", "preloadindex"],
  ...["protecthfs", "protectntfs", "quotepath", "repositoryformatversion", "safecrlf"],
  ...["sharedrepository", "sparsecheckout", "sparsecheckoutcone", "splitindex", "symlinks"],
  ...["trustctime", "untrackedcache", "usereplacerefs", "warnambiguousrefs", "whitespace"],
]);
/** Last names of keys whose value is a program or a command line. */
const COMMAND_NAMES = new Set([
  ...["editor", "pager", "fsmonitor", "sshcommand", "askpass", "gitproxy", "helper", "external"],
  ...[
    "textconv",
    "driver",
    "clean",
    "smudge",
    "process",
    "program",
    "cmd",
    "command",
    "difffilter",
  ],
  ...["packobjectshook", "uploadpack", "receivepack", "defaultkeycommand", "tunnel", "sendmailcmd"],
  ...["tocmd", "cccmd", "headercmd", "browser", "alternaterefscommand", "interpreter", "extcmd"],
]);
/** Keys that are refused whatever their value: where hooks, further settings or protocols come from. */
const RUN_NAMES = new Set([
  ...["core.hookspath", "core.attributesfile", "core.worktree", "include.path", "protocol.allow"],
  ...["protocol.ext.allow", "init.templatedir", "core.sshcommand", "sendemail.smtpserver"],
]);

/** A key of git's configuration. `value` is empty when only the key is known. */
export function gitSetting(key: string, value: string): SettingDanger {
  const name = key.toLowerCase();
  const section = name.split(".")[0] ?? "";
  const last = name.split(".").at(-1) ?? "";
  if (RUN_NAMES.has(name)) return "runs";
  if (section === "includeif" || (section === "remote" && last === "vcs")) return "runs";
  if (section === "alias") return value === "" || value.startsWith("!") ? "runs" : "none";
  if (section === "submodule" && last === "update") return value.startsWith("!") ? "runs" : "none";
  if (section === "pager") return value === "" || isSwitch(value) ? "none" : "command";
  if (COMMAND_NAMES.has(last)) {
    if (section === "credential") return harmlessHelper(value) ? "none" : "runs";
    if (last !== "editor" && last !== "pager" && !isSwitch(value) && value !== "") return "runs";
    return value === "" || isSwitch(value) ? "none" : "command";
  }
  if (section === "core") return HARMLESS_CORE.has(last) ? "none" : "runs";
  if ((section === "difftool" || section === "mergetool") && last === "path") return "command";
  return "none";
}

function isSwitch(value: string): boolean {
  return /^(?:true|false|yes|no|on|off|0|1)$/i.test(value);
}

function harmlessHelper(value: string): boolean {
  return /^(?:|(?:store|cache)(?: --timeout[= ][0-9]+)?|osxkeychain|manager(?:-core)?|libsecret)$/
    .test(value);
}

/** A setting of npm, pnpm or yarn. */
export function nodeSetting(key: string): SettingDanger {
  const name = key.toLowerCase().replaceAll("_", "-");
  if (name.endsWith("registry") || name.endsWith("registryserver")) return "registry";
  if (/^npmscopes|^npmregistries/.test(name)) return "registry";
  return [
      ...["script-shell", "shell", "git", "editor", "viewer", "browser", "node-options"],
      ...["onload-script", "init-module", "userconfig", "globalconfig", "yarnpath", "yarn-path"],
      ...["plugins", "pnpmfile", "global-pnpmfile"],
    ].includes(name)
    ? "runs"
    : "none";
}

/** A setting of pip, Bundler, Composer or Cargo. */
export function packageSetting(key: string): SettingDanger {
  const name = key.toLowerCase();
  if (
    /(?:index-url|find-links|trusted-host|no-index)$/.test(name) ||
    /^(?:repo|repos|repositories|mirror|source|sources|registry|registries)(?:$|[.=])/.test(name) ||
    name.includes("mirror.") || name.includes("registry")
  ) return "registry";
  return /(?:linker|runner|rustc|rustdoc|wrapper|credential-provider)(?:$|=|\b)/.test(name) ||
      name.startsWith("alias") || name.startsWith("scripts.")
    ? "runs"
    : "none";
}

/** Files that package managers read their settings from. */
const PACKAGE_FILES = new Set([
  ...[".npmrc", ".yarnrc", ".yarnrc.yml", "pip.conf", "pip.ini", "bunfig.toml", "nuget.config"],
  ...[".condarc", ".pydistutils.cfg", ".gemrc"],
]);
const PACKAGE_PATHS = ["/.cargo/config", "/.cargo/config.toml", "/.bundle/config"];

/** Whether a file says where packages come from. */
export function isPackageFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return PACKAGE_FILES.has(name) || PACKAGE_PATHS.some((end) => path.endsWith(end));
}

/** Whether text for such a file says where packages come from. */
export function setsRegistry(text: string): boolean {
  return /registry|index|source|mirror|repositor|proxy|find-links|trusted/i.test(text);
}
