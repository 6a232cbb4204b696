/**
 * Programs that list, copy, move, pack and remove files.
 * @module
 */

import type { ProgramSyntax } from "../program_syntax.ts";

const COPY: ProgramSyntax = {
  effect: "write",
  values: { write: "-t --target-directory", text: "-S --suffix" },
  operands: ["file"],
  last: "write",
};

const CHANGE_MODE: ProgramSyntax = {
  effect: "write",
  values: { file: "--reference" },
  operands: ["text", "write"],
  instead: "--reference",
};

const TOUCH: ProgramSyntax = {
  effect: "write",
  values: { text: "-d --date -t --time", file: "-r --reference" },
  operands: ["write"],
};

const SQUEEZE: ProgramSyntax = {
  effect: "write",
  values: { text: "-S --suffix -b -F --format -T --threads" },
  operands: ["write"],
  modes: [{
    when: "-c --stdout --to-stdout -l --list -t --test -h --help -V --version",
    effect: "read",
    operands: ["file"],
  }],
};

const TAR: ProgramSyntax = {
  effect: "write",
  values: {
    write: "-f --file",
    file: "-T --files-from -X --exclude-from -g --listed-incremental --newer --index-file",
    folder: "-C --directory",
    text:
      "-b --blocking-factor -H --format -N --after-date --exclude --transform --xform --owner --group --mode --mtime --strip-components --label -V --checkpoint -L --tape-length -K --starting-file --sort --suffix --hole-detection --quoting-style --warning --totals",
    program: "-I --use-compress-program",
  },
  denied:
    "--checkpoint-action --to-command --rsh-command --rmt-command -F --info-script --new-volume-script",
  operands: ["file"],
};

/** By name. */
export const FILE_PROGRAMS: { readonly [name: string]: ProgramSyntax } = {
  ls: {
    effect: "read",
    values: { text: "-I --ignore --hide -w --width -T --tabsize --color --sort --time" },
    operands: ["file"],
  },
  tree: {
    effect: "read",
    values: { text: "-P -I -L --filelimit --timefmt --sort --charset -H -T", write: "-o" },
    operands: ["file"],
  },
  stat: { effect: "read", values: { text: "-c --format --printf -f" }, operands: ["file"] },
  file: { effect: "read", values: { file: "-f -m", text: "-F -e -P" }, operands: ["file"] },
  du: {
    effect: "read",
    values: {
      text: "-d --max-depth -B --block-size -t --threshold --exclude --time",
      file: "-X --files0-from",
    },
    operands: ["file"],
  },
  df: { effect: "read", values: { text: "-B -t -x --block-size --type" }, operands: ["file"] },
  readlink: { effect: "read", operands: ["file"] },
  realpath: {
    effect: "read",
    values: { file: "--relative-to --relative-base" },
    operands: ["file"],
  },
  basename: { effect: "read", values: { text: "-s --suffix" }, operands: ["text"] },
  dirname: { effect: "read", operands: ["text"] },
  pwd: { effect: "read", operands: ["text"] },
  cd: { effect: "read", operands: ["file"] },
  pushd: { effect: "read", operands: ["file"] },
  popd: { effect: "read", operands: ["text"] },
  cp: COPY,
  install: {
    ...COPY,
    values: { write: "-t --target-directory", text: "-S --suffix -m --mode -o -g --owner --group" },
    modes: [{ when: "-d --directory", operands: ["write"] }],
  },
  ln: { ...COPY, operands: ["file"], last: "write" },
  mv: {
    effect: "delete",
    values: { write: "-t --target-directory", text: "-S --suffix" },
    operands: ["delete"],
    last: "write",
    modes: [{ when: "-t --target-directory", operands: ["delete"] }],
  },
  rm: { effect: "delete", operands: ["delete"] },
  rmdir: { effect: "delete", operands: ["delete"] },
  unlink: { effect: "delete", operands: ["delete"] },
  shred: {
    effect: "delete",
    values: { text: "-n -s --iterations --size", file: "--random-source" },
    operands: ["delete"],
  },
  mkdir: { effect: "write", values: { text: "-m --mode" }, operands: ["write"] },
  mkfifo: { effect: "write", values: { text: "-m --mode" }, operands: ["write"] },
  mktemp: {
    effect: "write",
    values: { write: "-p --tmpdir", text: "--suffix" },
    operands: ["write"],
    modes: [{ when: "-u --dry-run", effect: "read", operands: ["text"] }],
  },
  touch: TOUCH,
  truncate: {
    effect: "write",
    values: { text: "-s --size", file: "-r --reference" },
    operands: ["write"],
  },
  chmod: CHANGE_MODE,
  chown: CHANGE_MODE,
  chgrp: CHANGE_MODE,
  chattr: { effect: "write", operands: ["text", "write"] },
  setfacl: {
    effect: "write",
    values: { text: "-m -x --modify --remove" },
    operands: ["write"],
  },
  dd: { effect: "write", operands: ["setting"], plain: true },
  tar: TAR,
  bsdtar: TAR,
  gzip: SQUEEZE,
  gunzip: SQUEEZE,
  bzip2: SQUEEZE,
  bunzip2: SQUEEZE,
  xz: SQUEEZE,
  unxz: SQUEEZE,
  zcat: { effect: "read", operands: ["file"] },
  bzcat: { effect: "read", operands: ["file"] },
  xzcat: { effect: "read", operands: ["file"] },
  zip: {
    effect: "write",
    values: {
      text: "-n --suffixes -t -tt -P --password -s --split-size -i --include -x --exclude",
      write: "-O --output-file -b --temp-path",
      file: "-@",
    },
    denied: "-TT --unzip-command",
    oneDash: true,
    operands: ["write", "file"],
    modes: [
      { when: "-m --move", effect: "delete", operands: ["write", "delete"] },
    ],
  },
  unzip: {
    effect: "write",
    values: { write: "-d", text: "-P -x" },
    operands: ["file", "text"],
    modes: [{ when: "-l -t -p -Z -v -z", effect: "read", operands: ["file", "text"] }],
  },
  split: {
    effect: "write",
    values: {
      text:
        "-a --suffix-length -b --bytes -C --line-bytes -l --lines -n --number -t --separator --additional-suffix",
      shell: "--filter",
    },
    attached: "-d -x",
    operands: ["file", "write"],
  },
  patch: {
    effect: "write",
    values: {
      text: "-p --strip -F --fuzz -B -D -V -Y -z -g --prefix --suffix --ifdef",
      file: "-i --input",
      write: "-o --output -r --reject-file -d --directory",
    },
    operands: ["write", "file"],
  },
  dos2unix: {
    effect: "write",
    operands: ["write"],
    modes: [
      { when: "-n --newfile", operands: ["file"], last: "write" },
      { when: "-O --to-stdout -i --info", effect: "read", operands: ["file"] },
    ],
  },
  unix2dos: {
    effect: "write",
    operands: ["write"],
    modes: [
      { when: "-n --newfile", operands: ["file"], last: "write" },
      { when: "-O --to-stdout -i --info", effect: "read", operands: ["file"] },
    ],
  },
  rsync: {
    effect: "write",
    values: {
      program: "-e --rsh --rsync-path",
      file: "--exclude-from --include-from --files-from",
      text: "--exclude --include -f --filter --max-size --min-size --bwlimit",
    },
    operands: ["file"],
    last: "write",
    modes: [
      {
        when: "--delete --remove-source-files",
        effect: "delete",
        operands: ["file"],
        last: "write",
      },
    ],
  },
};
