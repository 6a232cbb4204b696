/**
 * The profile of the command cases: an agent that works on one project.
 * @module
 */

import type { CommandProfile } from "../../../src/access/inspection.ts";

const ALLOWED =
  ": [ [[ alias awk base64 basename bc black bundle bunzip2 bzip2 cargo cat cd chmod cmake comm composer convert cp cut date declare deno df diff dirname docker dos2unix dotnet du echo egrep env eslint exit export expr false ffmpeg file find gawk gh git go gofmt gradle grep gunzip gzip head history iconv java javac jest join jq kill kubectl less let ln local ls make md5sum mkdir mktemp more mv mvn mypy nice node npm npx pandoc paste patch perl php pip pip3 pnpm popd prettier printf ps psql pushd pwd pytest python python3 rake read readlink realpath return rev rg rm rmdir ruby ruff rustc sed seq set shift shopt sleep sort split sqlite3 stat strings tac tail tar tee test time timeout touch tr trap tree true truncate tsc type typeset uname uniq unset unzip uptime vitest wait watch wc which whoami xargs xxd xz yarn yes yq zcat zip"
    .split(" ");

/** What the cases assume. */
export const PROFILE: CommandProfile = {
  allow: new Set(ALLOWED),
  projectScripts: true,
  noInlineCode: new Set(["deno", "node", "perl", "php", "python", "python3", "ruby"]),
  sensitive: [
    ...["/etc/passwd", "/etc/shadow", "/etc/sudoers", "~/.ssh", "~/.aws", "~/.gnupg", "~/.netrc"],
    ...["~/.kube/config", "~/.git-credentials", "/proc/*/environ", "**/.env", "**/*.pem"],
    "**/id_rsa",
  ],
  writeRoots: ["/srv/project", "/srv/docs", "/tmp", "/dev/null", "/dev/stdout", "/dev/stderr"],
  cwd: "/srv/project",
  home: "/home/agent",
};

/** The same with shells, `eval`, `sudo` and `ssh`, whose words are then judged in their turn. */
export const SHELL_PROFILE: CommandProfile = {
  ...PROFILE,
  allow: new Set([
    ...ALLOWED,
    ...["sh", "bash", "eval", "sudo", "ssh", "command", "exec", "nohup", "source", ".", "builtin"],
    ...["stdbuf", "setsid", "flock", "dd", "su"],
  ]),
};
