/**
 * A day's work with git-mcp-server, and what would lose or leak it.
 * @module
 */

import type { Launch } from "../harness.ts";
import type { Call } from "./calls.ts";
import type { Danger } from "./guarded.ts";

/** The same author and time for every commit, so that hashes agree, and no settings of the machine. */
export const GIT_ENV: Readonly<Record<string, string>> = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_AUTHOR_DATE: "2024-01-01T12:00:00Z",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
  GIT_COMMITTER_DATE: "2024-01-01T12:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** How the server is started: no log files, no signatures. */
export function gitServer(launch: Launch, folder: string): Launch {
  const env = {
    ...GIT_ENV,
    MCP_TRANSPORT_TYPE: "stdio",
    MCP_LOG_LEVEL: "error",
    LOGS_DIR: `${folder}/logs`,
    GIT_SIGN_COMMITS: "false",
  };
  return { ...launch, env };
}

/** A repository with two commits, a branch, and a remote beside it. */
export async function prepareRepository(folder: string): Promise<void> {
  const project = `${folder}/project`;
  await Deno.mkdir(`${project}/src`, { recursive: true });
  await git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git");
  await git(project, "init", "--quiet", "--initial-branch=main");
  await Deno.writeTextFile(`${project}/README.md`, "# Notes\n");
  await git(project, "add", ".");
  await git(project, "commit", "--quiet", "-m", "start");
  await Deno.writeTextFile(`${project}/src/a.ts`, "export {};\n");
  await git(project, "add", ".");
  await git(project, "commit", "--quiet", "-m", "feat: a module");
  await git(project, "branch", "feature");
  await git(project, "remote", "add", "origin", "../origin.git");
  await git(project, "push", "--quiet", "origin", "main");
  await git(`${folder}/origin.git`, "update-server-info");
  await Deno.writeTextFile(`${project}/untracked.txt`, "not in any commit\n");
}

/** Runs git in a folder and gives what it prints. */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: [...args],
    cwd,
    env: { ...GIT_ENV },
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`git ${args.join(" ")}: ${text.decode(stderr)}`);
  return text.decode(stdout);
}

/** What a reader looks at. */
export function gitReads(path: string): readonly Call[] {
  return [
    ["git_status", { path }],
    ["git_log", { path, maxCount: 5, oneline: true }],
    ["git_log", { path, author: "Ada", grep: "feat|fix", since: "2020-01-01", stat: true }],
    ["git_log", { path, branch: "feature", filePath: "src/a.ts", until: "2 days ago" }],
    ["git_diff", { path, target: "HEAD", source: "HEAD~1" }],
    ["git_diff", { path, target: "HEAD^", paths: ["src/a.ts"], stat: true }],
    ["git_show", { path, object: "HEAD" }],
    ["git_show", { path, object: "main:README.md" }],
    ["git_show", { path, object: "HEAD", filePath: "src/a.ts" }],
    ["git_blame", { path, filePath: "README.md", startLine: 1, endLine: 1 }],
    ["git_reflog", { path, ref: "HEAD", maxCount: 3 }],
    ["git_changelog_analyze", { path, reviewTypes: ["security", "features"] }],
    ["git_wrapup_instructions", { acknowledgement: "yes" }],
  ];
}

/** What a writer does. */
export function gitWrites(path: string): readonly Call[] {
  const message =
    "feat: add user authentication\n\n- `rm -rf build && make`\n- $(HOME) is kept; fixes #1";
  return [
    ["git_set_working_dir", { path, validateGitRepo: true }],
    ["git_add", { path, paths: ["untracked.txt"] }],
    ["git_commit", { path, message, author: { name: "Grace O'Hara", email: "g@example.com" } }],
    ["git_merge", { path, branch: "feature" }],
    ["git_fetch", { path, remote: "origin" }],
    ["git_pull", { path, remote: "origin", branch: "main" }],
    ["git_add", { path, paths: ["."] }],
    ["git_init", { path: `${path}/nested`, initialBranch: "main" }],
  ];
}

/** What a keeper does besides: branches, tags, stashes, working trees. */
export function gitKeeps(path: string): readonly Call[] {
  return [
    ["git_branch", { path, mode: "list" }],
    ["git_branch", { path, mode: "create", branchName: "fix/42-a_b", startPoint: "HEAD~1" }],
    ["git_checkout", { path, target: "fix/42-a_b" }],
    ["git_checkout", { path, target: "main" }],
    ["git_tag", { path, mode: "create", tagName: "v1.0.0", message: "Release; see NOTES & all" }],
    ["git_tag", { path, mode: "list" }],
    ["git_worktree", { path, mode: "add", worktreePath: `${path}/../project/tree`, branch: "wt" }],
    ["git_stash", { path, mode: "list" }],
    ["git_reset", { path, mode: "soft", target: "HEAD~1" }],
    ["git_clean", { path, dryRun: true, force: true }],
  ];
}

/** What a runner sends and fetches; `url` serves the remote over HTTP. */
export function gitRuns(path: string, url: string): readonly Call[] {
  return [
    ["git_remote", { path, mode: "list" }],
    ["git_remote", { path, mode: "add", name: "mirror", url: "https://example.com/a/b.git" }],
    ["git_push", { path, remote: "origin", branch: "main", dryRun: true }],
    ["git_clone", { url, path: `${path}/clone`, branch: "main" }],
  ];
}

/** What is no word of a command line, or leads outside, whoever asks. */
export function gitArgumentDangers(folder: string): readonly Danger[] {
  const path = `${folder}/project`;
  const mark = `${folder}/beside.txt`;
  const at = (pointer: string, call: Call): Danger => ({ call, at: pointer });
  return [
    at("/path", ["git_status", { path: folder }]),
    at("/path", ["git_log", { path: `${path}/../origin.git` }]),
    at("/source", ["git_diff", { path, source: `--output=${mark}`, target: "HEAD" }]),
    at("/target", ["git_diff", { path, target: `--output=${mark}` }]),
    at("/branch", ["git_log", { path, branch: `--output=${mark}` }]),
    at("/since", ["git_log", { path, since: `x --output=${mark}` }]),
    at("/object", ["git_show", { path, object: `--output=${mark}` }]),
    at("/object", ["git_show", { path, object: `HEAD; touch ${mark}` }]),
    at("/ref", ["git_reflog", { path, ref: "--all" }]),
    at("/filePath", ["git_blame", { path, filePath: "../beside.txt" }]),
    at("/filePath", ["git_blame", { path, filePath: ".git/config" }]),
    at("/branch", ["git_merge", { path, branch: "--strategy-option=theirs" }]),
    at("/upstream", ["git_rebase", { path, upstream: `--exec=touch ${mark}` }]),
    at("/paths/0", ["git_add", { path, paths: ["../beside.txt"] }]),
    at("/path", ["git_init", { path: `${folder}/made` }]),
    at("/path", ["git_set_working_dir", { path: "/" }]),
  ];
}

/** What only a runner may try, and not with these addresses. */
export function gitAddressDangers(folder: string): readonly Danger[] {
  const path = `${folder}/project`;
  const clone = (url: string): Danger => ({
    call: ["git_clone", { url, path: `${path}/c` }],
    at: "/url",
  });
  return [
    clone(`ext::sh -c "touch ${folder}/beside.txt"`),
    clone("file:///etc"),
    clone(`${folder}/origin.git`),
    clone("http://169.254.169.254/latest/meta-data"),
    clone("https://example.com/a.git?token=ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"),
    {
      call: ["git_remote", { path, mode: "set-url", name: "origin", url: "ext::sh -c id" }],
      at: "/url",
    },
    {
      call: ["git_clone", { url: "https://example.com/a.git", path: `${folder}/c` }],
      at: "/path",
    },
    {
      call: ["git_clone", { url: "https://example.com/a.git", path: `${path}/.git/hooks/x` }],
      at: "/path",
    },
  ];
}

/** What loses work or sends it away: neither readers nor writers. */
export function gitToolDangers(path: string): readonly Danger[] {
  return ([
    ["git_clean", { path, force: true, directories: true }],
    ["git_reset", { path, mode: "hard", target: "HEAD~1", confirmed: true }],
    ["git_push", { path, remote: "origin", branch: "main", force: true, confirmed: true }],
    ["git_push", { path, remote: "origin", branch: "main", delete: true, confirmed: true }],
    ["git_checkout", { path, target: "main", force: true }],
    ["git_branch", { path, mode: "delete", branchName: "feature", force: true }],
    ["git_stash", { path, mode: "clear" }],
    ["git_clear_working_dir", { confirm: "yes" }],
    ["git_clone", { url: "https://example.com/a.git", path: `${path}/c` }],
    ["git_remote", { path, mode: "set-url", name: "origin", url: "https://example.com/a.git" }],
  ] as const).map((call): Danger => ({ call }));
}
