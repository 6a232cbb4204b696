/**
 * Programs and builtins that run other programs, or change the shell.
 * @module
 */

import type { ProgramSyntax } from "../program_syntax.ts";

const SHELL: ProgramSyntax = {
  effect: "execute",
  leading: true,
  values: { shell: "-c", text: "-o -O", file: "--rcfile --init-file" },
  operands: ["script", "file"],
  instead: "-c",
  modes: [{ when: "-c", operands: ["text"] }],
};
const PLAIN: ProgramSyntax = { effect: "read", operands: ["text"], plain: true };
const DECLARE: ProgramSyntax = { effect: "read", operands: ["setting"] };
const ARGV: ProgramSyntax = { effect: "read", operands: ["argv"], leading: true };
const KEYWORD: ProgramSyntax = { effect: "read", operands: ["file"], plain: true };

/** By name. */
export const WRAPPERS: { readonly [name: string]: ProgramSyntax } = {
  // Shells: the option that takes the text is read before this table is asked.
  sh: SHELL,
  bash: SHELL,
  dash: SHELL,
  zsh: SHELL,
  ksh: SHELL,
  ash: SHELL,
  fish: SHELL,
  busybox: ARGV,
  eval: { effect: "execute", operands: ["shellwords"], plain: true },
  source: { effect: "execute", operands: ["script", "text"], plain: true },
  ".": { effect: "execute", operands: ["script", "text"], plain: true },
  trap: { effect: "read", operands: ["shell", "text"] },
  alias: { effect: "read", operands: ["setting"] },
  exec: { effect: "read", values: { text: "-a" }, operands: ["argv"], leading: true },
  command: {
    ...ARGV,
    modes: [{ when: "-v -V", effect: "read", operands: ["text"] }],
  },
  builtin: ARGV,
  coproc: ARGV,
  nohup: ARGV,
  setsid: ARGV,
  time: {
    effect: "read",
    values: { write: "-o --output", text: "-f --format" },
    operands: ["argv"],
    leading: true,
  },
  nice: {
    effect: "read",
    values: { text: "-n --adjustment" },
    operands: ["argv"],
    leading: true,
  },
  ionice: {
    effect: "read",
    values: { text: "-c -n -p --class --classdata" },
    operands: ["argv"],
    leading: true,
  },
  timeout: {
    effect: "read",
    values: { text: "-k --kill-after -s --signal" },
    operands: ["text", "argv"],
    leading: true,
  },
  stdbuf: {
    effect: "read",
    values: { text: "-i -o -e --input --output --error" },
    operands: ["argv"],
    leading: true,
  },
  chroot: {
    effect: "execute",
    values: { text: "--userspec --groups" },
    operands: ["folder", "argv"],
    leading: true,
  },
  taskset: { effect: "read", operands: ["text", "argv"], leading: true },
  flock: {
    effect: "read",
    values: { shell: "-c --command", text: "-w --timeout -E" },
    operands: ["write", "argv"],
    leading: true,
  },
  strace: {
    effect: "read",
    values: { text: "-e -s -p -u", write: "-o" },
    operands: ["argv"],
    leading: true,
  },
  watch: {
    effect: "read",
    values: { text: "-n --interval -q --equexit -s --shotsdir" },
    operands: ["shellwords"],
    leading: true,
    modes: [{ when: "-x --exec", operands: ["argv"] }],
  },
  sudo: {
    effect: "execute",
    values: { text: "-u --user -g --group -p --prompt -h --host -r -t -C -T -U", folder: "-D -R" },
    operands: ["argv"],
    leading: true,
  },
  doas: {
    effect: "execute",
    values: { text: "-u", file: "-C" },
    operands: ["argv"],
    leading: true,
  },
  su: {
    effect: "execute",
    values: { shell: "-c --command", program: "-s --shell" },
    operands: ["text"],
  },
  ssh: {
    effect: "execute",
    values: {
      text: "-b -c -D -E -e -I -J -L -l -m -O -p -Q -R -S -W -w",
      setting: "-o",
      file: "-i -F",
    },
    operands: ["text", "shellwords"],
    leading: true,
  },
  xargs: {
    effect: "read",
    values: {
      file: "-a --arg-file",
      text:
        "-d --delimiter -E -I --replace -L --max-lines -n --max-args -P --max-procs -s --max-chars -i -e -l --eof --process-slot-var",
    },
    attached: "-i -e -l --replace --max-lines --eof",
    operands: ["argv"],
    leading: true,
  },
  parallel: { effect: "execute", operands: ["shellwords"], leading: true },
  entr: ARGV,
  script: { effect: "execute", values: { shell: "-c --command" }, operands: ["write"] },
  // Builtins without a program of their own.
  export: DECLARE,
  declare: DECLARE,
  typeset: DECLARE,
  local: DECLARE,
  readonly: DECLARE,
  let: { effect: "read", operands: ["setting"], plain: true },
  unset: DECLARE,
  read: {
    effect: "read",
    values: { text: "-p -d -n -N -t -u -i", setting: "-a" },
    operands: ["setting"],
  },
  mapfile: {
    effect: "read",
    values: { shell: "-C", text: "-c -d -n -O -s -u" },
    operands: ["setting"],
  },
  getopts: { effect: "read", operands: ["text", "setting"] },
  "[": KEYWORD,
  "[[": KEYWORD,
  test: KEYWORD,
  set: PLAIN,
  shopt: PLAIN,
  shift: PLAIN,
  exit: PLAIN,
  return: PLAIN,
  break: PLAIN,
  continue: PLAIN,
  wait: PLAIN,
  type: PLAIN,
  which: PLAIN,
  hash: PLAIN,
  umask: PLAIN,
  ulimit: PLAIN,
  history: {
    effect: "read",
    values: { text: "-d", write: "-w -a -c", file: "-r -n" },
    attached: "-w -a -c -r -n",
    operands: ["text"],
    modes: [
      { when: "-w -a", effect: "write", operands: ["write"] },
      { when: "-r -n", effect: "read", operands: ["file"] },
    ],
  },
  uname: PLAIN,
  whoami: PLAIN,
  id: PLAIN,
  hostname: { effect: "read", operands: ["setting"], plain: true },
  nproc: PLAIN,
  uptime: PLAIN,
  free: PLAIN,
  ps: PLAIN,
  pgrep: PLAIN,
  top: PLAIN,
  kill: { effect: "execute", operands: ["text"], plain: true },
};
