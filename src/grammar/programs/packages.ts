/**
 * Package managers, git, containers and clusters.
 * @module
 */

import type { ProgramSyntax } from "../program_syntax.ts";

const RUN: ProgramSyntax = { effect: "execute", operands: ["argv"], leading: true };
const TEXT: ProgramSyntax = { effect: "execute", operands: ["text"] };

const NPX: ProgramSyntax = {
  effect: "execute",
  values: {
    shell: "-c --call",
    registry: "--registry",
    text: "-p --package -w --workspace",
    folder: "--prefix",
    program: "--shell --script-shell --node-arg",
  },
  operands: ["argv"],
  leading: true,
};

const NODE_PACKAGES: ProgramSyntax = {
  effect: "execute",
  values: {
    registry: "--registry",
    folder: "--prefix -C --dir --cwd",
    text: "-w --workspace --tag --otp --loglevel --omit --filter -F",
    program: "--script-shell --git --shell --editor",
    file: "--userconfig --globalconfig",
  },
  operands: ["file"],
};
const NODE_CONFIG: ProgramSyntax = {
  effect: "write",
  values: { folder: "--location" },
  operands: ["setting"],
};
const NODE_SUBCOMMANDS: { readonly [name: string]: ProgramSyntax } = {
  exec: NPX,
  x: NPX,
  dlx: NPX,
  config: {
    ...NODE_CONFIG,
    subcommands: {
      set: NODE_CONFIG,
      get: { ...TEXT, effect: "read" },
      delete: TEXT,
      list: TEXT,
      ls: TEXT,
    },
  },
  c: { ...NODE_CONFIG, subcommands: { set: NODE_CONFIG } },
  set: NODE_CONFIG,
  explore: { effect: "execute", operands: ["text", "argv"], leading: true },
};

const PIP_INSTALL: ProgramSyntax = {
  effect: "execute",
  values: {
    registry: "-i --index-url --extra-index-url -f --find-links --trusted-host --pypi-url",
    file: "-r --requirement -c --constraint -e --editable --cert",
    write: "-t --target --root --prefix -d --dest -w --wheel-dir --src --log --cache-dir",
    text: "--proxy --python-version --platform --only-binary --no-binary --progress-bar",
    program: "--python",
  },
  operands: ["text"],
};
const PIP: ProgramSyntax = {
  ...PIP_INSTALL,
  subcommands: { config: { effect: "write", operands: ["text", "setting"] } },
};

const GIT_CLONE: ProgramSyntax = {
  effect: "write",
  values: {
    program: "-u --upload-pack",
    setting: "-c --config",
    file: "--reference --reference-if-able --bundle-uri",
    write: "--separate-git-dir",
    folder: "--template",
    text: "-b --branch -o --origin --depth --shallow-since --shallow-exclude --filter -j --jobs",
  },
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

const GIT: ProgramSyntax = {
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
        folder: "--template",
        write: "--separate-git-dir",
        text: "-b --initial-branch --object-format",
      },
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
      values: { folder: "--directory", text: "-p -C --exclude --include" },
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

const IN_CONTAINER: ProgramSyntax = {
  effect: "execute",
  values: {
    text: "-u --user -w --workdir -e --env --detach-keys --index",
    file: "--env-file",
  },
  denied: "--privileged",
  operands: ["text", "argv"],
  leading: true,
};
const DOCKER_RUN: ProgramSyntax = {
  effect: "execute",
  values: {
    setting: "-v --volume --mount --pid --ipc --uts --userns --cgroupns --cap-add --security-opt",
    file: "--env-file --label-file",
    write: "--cidfile",
    text:
      "-e --env -p --publish --name --network --net -u --user -w --workdir -h --hostname --entrypoint -l --label -m --memory --cpus --restart --platform --add-host --dns --expose --link --log-driver --log-opt --gpus --shm-size --tmpfs --ulimit --health-cmd --pull --stop-signal --cap-drop -a --attach --network-alias --ip",
  },
  denied: "--privileged --device --device-cgroup-rule --volumes-from",
  operands: ["text"],
  leading: true,
};
const COMPOSE: ProgramSyntax = {
  effect: "execute",
  values: {
    file: "-f --file --env-file",
    text: "-p --project-name --profile",
    folder: "--project-directory",
  },
  operands: ["text"],
  subcommands: {
    exec: IN_CONTAINER,
    run: {
      ...DOCKER_RUN,
    },
  },
};
const DOCKER: ProgramSyntax = {
  effect: "execute",
  values: {
    text: "-H --host -c --context --log-level -l",
    file: "--tlscacert --tlscert --tlskey",
    folder: "--config",
  },
  operands: ["text"],
  subcommands: {
    run: DOCKER_RUN,
    create: DOCKER_RUN,
    exec: IN_CONTAINER,
    container: {
      effect: "execute",
      operands: ["text"],
      subcommands: { run: DOCKER_RUN, create: DOCKER_RUN, exec: IN_CONTAINER },
    },
    compose: COMPOSE,
    cp: { effect: "write", operands: ["file"], last: "write" },
    save: { effect: "write", values: { write: "-o --output" }, operands: ["text"] },
    export: { effect: "write", values: { write: "-o --output" }, operands: ["text"] },
    build: {
      effect: "execute",
      values: {
        file: "-f --file",
        write: "-o --output --iidfile --metadata-file",
        text:
          "-t --tag --build-arg --target --platform --label --network --cache-from --progress --secret --ssh",
      },
      denied: "--allow",
      operands: ["file"],
    },
    ps: { effect: "read", operands: ["text"] },
    images: { effect: "read", operands: ["text"] },
    logs: { effect: "read", operands: ["text"] },
    inspect: { effect: "read", operands: ["text"] },
  },
};

const KUBE_TEXT =
  "-n --namespace -c --container --context --cluster --user -l --selector -o --output --field-selector --pod-running-timeout --request-timeout --image --sort-by -p --patch --type --replicas --tail --since";
const KUBECTL: ProgramSyntax = {
  effect: "execute",
  values: { text: KUBE_TEXT, file: "--kubeconfig -f --filename -k --kustomize" },
  operands: ["text"],
  subcommands: {
    exec: {
      effect: "execute",
      values: { text: KUBE_TEXT, file: "-f --filename" },
      operands: ["text", "argv"],
    },
    run: {
      effect: "execute",
      values: { text: KUBE_TEXT, setting: "--overrides" },
      denied: "--privileged",
      operands: ["text"],
    },
    debug: {
      effect: "execute",
      values: { text: KUBE_TEXT, setting: "--profile" },
      operands: ["setting"],
    },
    cp: { effect: "write", values: { text: KUBE_TEXT }, operands: ["file"], last: "write" },
    get: { effect: "read", values: { text: KUBE_TEXT }, operands: ["text"] },
    describe: { effect: "read", values: { text: KUBE_TEXT }, operands: ["text"] },
    logs: { effect: "read", values: { text: KUBE_TEXT }, operands: ["text"] },
    delete: {
      effect: "delete",
      values: { text: KUBE_TEXT, file: "-f --filename" },
      operands: ["text"],
    },
  },
};

/** By name. */
export const PACKAGE_PROGRAMS: { readonly [name: string]: ProgramSyntax } = {
  npx: NPX,
  bunx: NPX,
  npm: { ...NODE_PACKAGES, subcommands: NODE_SUBCOMMANDS },
  pnpm: { ...NODE_PACKAGES, subcommands: NODE_SUBCOMMANDS },
  yarn: {
    ...NODE_PACKAGES,
    subcommands: { ...NODE_SUBCOMMANDS, npm: TEXT },
  },
  pip: PIP,
  pip3: PIP,
  uv: {
    ...PIP_INSTALL,
    subcommands: { run: RUN, pip: PIP, tool: { ...TEXT, subcommands: { run: RUN } } },
  },
  uvx: RUN,
  pipx: { ...TEXT, subcommands: { run: RUN } },
  poetry: {
    ...TEXT,
    subcommands: { run: RUN, source: { effect: "write", operands: ["registry"] } },
  },
  pipenv: { ...TEXT, subcommands: { run: RUN } },
  bundle: {
    ...TEXT,
    subcommands: { exec: RUN, config: { effect: "write", operands: ["setting"] } },
  },
  gem: {
    effect: "execute",
    values: { registry: "-s --source" },
    operands: ["text"],
    subcommands: {
      sources: { effect: "write", values: { registry: "-a --add" }, operands: ["text"] },
    },
  },
  composer: {
    ...TEXT,
    values: { registry: "--repository --repository-url", folder: "-d --working-dir" },
    subcommands: {
      config: { effect: "write", operands: ["setting"] },
      exec: RUN,
    },
  },
  git: GIT,
  gh: {
    effect: "execute",
    values: {
      text:
        "-t --title -b --body -R --repo -H --head -B --base -l --label -a --assignee -m --milestone -q --jq --template -f --raw-field -n --notes --message -X --method -r --reviewer -o --org",
      file: "-F --body-file --notes-file --input",
      write: "-D --dir -O --output",
    },
    operands: ["file"],
    subcommands: {
      alias: {
        effect: "execute",
        operands: ["text"],
        subcommands: {
          set: { effect: "execute", operands: ["text", "setting"], denied: "-s --shell" },
        },
      },
      config: {
        effect: "execute",
        operands: ["text"],
        subcommands: {
          set: { effect: "execute", values: { text: "-h --host" }, operands: ["setting"] },
        },
      },
      secret: TEXT,
      variable: { effect: "execute", values: { file: "-f --env-file" }, operands: ["text"] },
      api: {
        effect: "execute",
        values: {
          text:
            "-f --raw-field -H --header -X --method -q --jq -t --template -p --preview --hostname",
          file: "-F --field --input",
        },
        operands: ["text"],
      },
    },
  },
  docker: DOCKER,
  podman: DOCKER,
  "docker-compose": COMPOSE,
  kubectl: KUBECTL,
};
