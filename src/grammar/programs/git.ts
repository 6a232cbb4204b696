/**
 * git, by its subcommands.
 * @module
 */

import type { ProgramSyntax } from "../program_syntax.ts";

const RUN: ProgramSyntax = { effect: "execute", operands: ["argv"], leading: true };

const GIT_CLONE: ProgramSyntax = {
  effect: "write",
  values: {
    program: "-u --upload-pack",
    setting: "-c --config",
    file: "--reference --reference-if-able --bundle-uri",
    write: "--separate-git-dir",
    text: "-b --branch -o --origin --depth --shallow-since --shallow-exclude --filter -j --jobs",
  },
  denied: "--template",
  operands: ["file", "write"],
};
const GIT_READ: ProgramSyntax = {
  effect: "read",
  values: {
    text:
      "--format --pretty --grep --author --since --until --after --before -n --max-count -S -G -L --sort --contains --diff-filter -U --committer -e",
    write: "-o --output",
    program: "-O --open-files-in-pager -x --extcmd",
  },
  attached: "-O --open-files-in-pager",
  operands: ["file"],
};
const GIT_WRITE: ProgramSyntax = {
  effect: "write",
  values: {
    text:
      "-m --message --author --date -C -c --reuse-message --reedit-message --fixup --squash --trailer -b -B --track -s --strategy -X --strategy-option --cleanup -u -M --onto",
    file: "-F --file -t --template --pathspec-from-file",
  },
  attached: "-u",
  operands: ["file"],
};
const GIT_REMOTE: ProgramSyntax = {
  effect: "execute",
  values: {
    program: "--upload-pack --receive-pack --exec",
    text: "--depth --filter -o --push-option --shallow-since -j --jobs --refmap -s --strategy",
    file: "--reference",
  },
  operands: ["file"],
};
const GIT_DELETE: ProgramSyntax = {
  effect: "delete",
  values: { text: "-e --exclude", file: "--pathspec-from-file" },
  operands: ["delete"],
};

/** The whole of it. */
export const GIT: ProgramSyntax = {
  effect: "execute",
  values: {
    folder: "-C --work-tree --git-dir --super-prefix",
    setting: "-c --config-env",
    text: "--namespace",
  },
  operands: ["text", "file"],
  subcommands: {
    clone: GIT_CLONE,
    init: {
      effect: "write",
      values: {
        write: "--separate-git-dir",
        text: "-b --initial-branch --object-format",
      },
      denied: "--template",
      operands: ["write"],
    },
    config: {
      effect: "write",
      values: { file: "--blob", write: "-f --file", text: "--type --default" },
      operands: ["setting"],
    },
    status: GIT_READ,
    log: GIT_READ,
    show: GIT_READ,
    diff: GIT_READ,
    blame: GIT_READ,
    shortlog: GIT_READ,
    "rev-parse": GIT_READ,
    "rev-list": GIT_READ,
    "ls-files": GIT_READ,
    "ls-tree": GIT_READ,
    "cat-file": GIT_READ,
    describe: GIT_READ,
    "for-each-ref": GIT_READ,
    "merge-base": GIT_READ,
    "range-diff": GIT_READ,
    "diff-tree": GIT_READ,
    "diff-files": GIT_READ,
    "diff-index": GIT_READ,
    "name-rev": GIT_READ,
    grep: {
      ...GIT_READ,
      values: { ...GIT_READ.values, file: "-f" },
      operands: ["text", "file"],
      instead: "-e -f",
    },
    difftool: { ...GIT_READ, effect: "execute" },
    reflog: { ...GIT_READ, subcommands: { expire: GIT_DELETE, delete: GIT_DELETE } },
    archive: {
      effect: "write",
      values: {
        write: "-o --output",
        text: "--format --prefix",
        program: "--exec",
        file: "--remote --add-file",
      },
      operands: ["text", "file"],
    },
    "format-patch": {
      effect: "write",
      values: { write: "-o --output-directory" },
      operands: ["text"],
    },
    bundle: { effect: "write", operands: ["text", "write", "text"] },
    add: GIT_WRITE,
    commit: GIT_WRITE,
    tag: {
      ...GIT_WRITE,
      modes: [{ when: "-d --delete", effect: "delete", operands: ["text"] }],
    },
    merge: GIT_WRITE,
    revert: GIT_WRITE,
    "cherry-pick": GIT_WRITE,
    notes: GIT_WRITE,
    stash: { ...GIT_WRITE, subcommands: { drop: GIT_DELETE, clear: GIT_DELETE } },
    switch: GIT_WRITE,
    checkout: GIT_WRITE,
    restore: GIT_WRITE,
    reset: { effect: "delete", operands: ["file"] },
    branch: {
      effect: "write",
      values: { text: "-u --set-upstream-to --contains --merged --sort --format -t --track" },
      attached: "-t --track",
      operands: ["text"],
      modes: [{ when: "-d -D --delete", effect: "delete", operands: ["text"] }],
    },
    mv: { effect: "write", operands: ["delete"], last: "write" },
    rm: GIT_DELETE,
    clean: GIT_DELETE,
    fetch: GIT_REMOTE,
    pull: GIT_REMOTE,
    push: GIT_REMOTE,
    "ls-remote": GIT_REMOTE,
    "fetch-pack": GIT_REMOTE,
    "send-pack": GIT_REMOTE,
    remote: { effect: "execute", values: { text: "-t -m" }, operands: ["text"] },
    rebase: {
      effect: "execute",
      values: { shell: "-x --exec", text: "-s -X --onto --strategy" },
      operands: ["text"],
    },
    bisect: { effect: "execute", operands: ["text"], subcommands: { run: RUN } },
    submodule: {
      effect: "execute",
      operands: ["text", "file"],
      subcommands: { foreach: { effect: "execute", operands: ["shellwords"], leading: true } },
    },
    "filter-branch": {
      effect: "execute",
      values: {
        shell:
          "--env-filter --tree-filter --index-filter --parent-filter --msg-filter --commit-filter --tag-name-filter --setup",
      },
      operands: ["text"],
    },
    worktree: {
      effect: "write",
      values: { text: "-b -B" },
      operands: ["text"],
      subcommands: {
        add: { effect: "write", values: { text: "-b -B --reason" }, operands: ["write", "text"] },
        remove: { effect: "delete", operands: ["delete"] },
      },
    },
    apply: {
      effect: "write",
      values: { write: "--directory", text: "-p -C --exclude --include" },
      operands: ["file"],
    },
    am: { effect: "write", operands: ["file"] },
    "send-email": {
      effect: "execute",
      values: { shell: "--sendmail-cmd --to-cmd --cc-cmd --header-cmd", program: "--smtp-server" },
      operands: ["file"],
    },
  },
};
