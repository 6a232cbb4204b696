/**
 * Package managers.
 * @module
 */

import type { ProgramSyntax } from "../program_syntax.ts";
import { NODE } from "./runtimes.ts";

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
  },
  denied: "--userconfig --globalconfig",
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
  node: NODE,
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
};
