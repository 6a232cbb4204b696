/**
 * Programs that print, search and edit text.
 * @module
 */

import type { ProgramSyntax } from "../program_syntax.ts";

const READ: ProgramSyntax = { effect: "read", operands: ["file"] };
const SAY: ProgramSyntax = { effect: "read", operands: ["text"], plain: true };

const GREP: ProgramSyntax = {
  effect: "read",
  values: {
    text:
      "-e --regexp -A -B -C -m --max-count --after-context --before-context --context --include --exclude --exclude-dir -d -D --label --color --colour --binary-files",
    file: "-f --file --exclude-from",
  },
  operands: ["text", "file"],
  instead: "-e --regexp -f --file",
};

const AWK: ProgramSyntax = {
  effect: "read",
  values: {
    text: "-F --field-separator -W --lint",
    setting: "-v --assign",
    script: "-f --file -E --exec",
    awk: "-e --source",
    write: "-o --pretty-print -d --dump-variables -p --profile",
    denied: "-l --load",
  },
  attached: "-o -d -p -L --lint",
  operands: ["awk", "file"],
  instead: "-f --file -e --source -E --exec",
  modes: [{
    when: "-i --include",
    effect: "write",
    operands: ["file", "awk", "write"],
  }],
  leading: true,
};

const SED: ProgramSyntax = {
  effect: "read",
  values: {
    sed: "-e --expression",
    script: "-f --file",
    text: "-l --line-length -i --in-place",
  },
  attached: "-i --in-place",
  operands: ["sed", "file"],
  instead: "-e --expression -f --file",
  modes: [{ when: "-i --in-place", effect: "write", operands: ["sed", "write"] }],
};

const DIGEST: ProgramSyntax = READ;

/** By name. */
export const TEXT_PROGRAMS: { readonly [name: string]: ProgramSyntax } = {
  echo: SAY,
  printf: SAY,
  yes: SAY,
  seq: SAY,
  expr: SAY,
  true: SAY,
  false: SAY,
  ":": SAY,
  sleep: SAY,
  date: {
    effect: "read",
    values: {
      text: "-d --date -I --iso-8601 --rfc-3339 -s --set",
      file: "-f --file -r --reference",
    },
    attached: "-I",
    operands: ["text"],
    modes: [{ when: "-s --set", effect: "execute", operands: ["text"] }],
  },
  cal: SAY,
  cat: READ,
  tac: READ,
  rev: READ,
  nl: { effect: "read", values: { text: "-b -d -f -h -i -l -n -s -v -w" }, operands: ["file"] },
  od: { effect: "read", values: { text: "-A -j -N -S -t -w" }, attached: "-w", operands: ["file"] },
  hexdump: { effect: "read", values: { text: "-e -n -s", file: "-f" }, operands: ["file"] },
  strings: { effect: "read", values: { text: "-n -t -e -T -s" }, operands: ["file"] },
  head: { effect: "read", values: { text: "-n -c --lines --bytes" }, operands: ["file"] },
  tail: {
    effect: "read",
    values: { text: "-n -c --lines --bytes -s --sleep-interval --pid" },
    operands: ["file"],
  },
  wc: { effect: "read", values: { file: "--files0-from" }, operands: ["file"] },
  cut: {
    effect: "read",
    values: { text: "-b -c -d -f --bytes --characters --delimiter --fields --output-delimiter" },
    operands: ["file"],
  },
  tr: { effect: "read", operands: ["text"] },
  fold: { effect: "read", values: { text: "-w --width" }, operands: ["file"] },
  fmt: { effect: "read", values: { text: "-w --width -p -g" }, operands: ["file"] },
  column: {
    effect: "read",
    values: { text: "-c -s -o -N -t -x -R -H -T -E -O -W -n -l" },
    attached: "-t -x -n",
    operands: ["file"],
  },
  paste: { effect: "read", values: { text: "-d --delimiters" }, operands: ["file"] },
  join: {
    effect: "read",
    values: { text: "-1 -2 -a -e -j -o -t -v" },
    operands: ["file"],
  },
  comm: { effect: "read", values: { text: "--output-delimiter" }, operands: ["file"] },
  cmp: { effect: "read", values: { text: "-i -n" }, operands: ["file", "file", "text"] },
  diff: {
    effect: "read",
    values: {
      text:
        "-U -C -W -I -x -F -L --label --old-line-format --new-line-format --unchanged-line-format --exclude --unified --color",
      file: "-X --exclude-from -S --from-file --to-file",
    },
    operands: ["file"],
  },
  tsort: READ,
  look: { effect: "read", values: { text: "-t" }, operands: ["text", "file"] },
  grep: GREP,
  egrep: GREP,
  fgrep: GREP,
  zgrep: GREP,
  rg: {
    effect: "read",
    values: {
      text:
        "-e --regexp -g --glob --iglob -t --type -T --type-not -A -B -C -m --max-count -M -r --replace -E --encoding -d --max-depth --sort --color --type-add -j --threads --max-columns",
      file: "-f --file --ignore-file",
      program: "--pre --hostname-bin",
    },
    operands: ["text", "file"],
    instead: "-e --regexp -f --file --files",
  },
  sort: {
    effect: "read",
    values: {
      text: "-k -t -S --key --field-separator --buffer-size --parallel --batch-size --sort",
      write: "-o --output -T --temporary-directory",
      file: "--files0-from --random-source",
      program: "--compress-program",
    },
    operands: ["file"],
    modes: [{ when: "-o --output", effect: "write", operands: ["file"] }],
  },
  uniq: {
    effect: "read",
    values: { text: "-f -s -w --skip-fields --skip-chars --check-chars --group -D" },
    attached: "-D --group",
    operands: ["file", "write"],
  },
  shuf: {
    effect: "read",
    values: {
      text: "-i --input-range -n --head-count",
      write: "-o --output",
      file: "--random-source",
    },
    operands: ["file"],
    modes: [{ when: "-e --echo", operands: ["text"] }],
  },
  tee: { effect: "read", operands: ["write"] },
  iconv: {
    effect: "read",
    values: { text: "-f -t --from-code --to-code", write: "-o --output" },
    operands: ["file"],
  },
  base64: { effect: "read", values: { text: "-w --wrap" }, operands: ["file"] },
  base32: { effect: "read", values: { text: "-w --wrap" }, operands: ["file"] },
  xxd: {
    effect: "read",
    values: { text: "-c -g -l -s -o -n" },
    oneDash: true,
    operands: ["file", "write"],
  },
  md5sum: DIGEST,
  sha1sum: DIGEST,
  sha256sum: DIGEST,
  sha512sum: DIGEST,
  cksum: { effect: "read", values: { text: "-a --algorithm -l" }, operands: ["file"] },
  less: {
    effect: "read",
    values: {
      text: "-b -h -j -p -P -x -y -z -#",
      write: "-o -O --log-file --LOG-FILE",
      file: "-k -T -t",
    },
    operands: ["file"],
  },
  zless: READ,
  more: READ,
  awk: AWK,
  gawk: AWK,
  mawk: AWK,
  nawk: AWK,
  sed: SED,
  gsed: SED,
  jq: {
    effect: "read",
    values: { script: "-f --from-file", folder: "-L", text: "--arg --argjson --indent" },
    operands: ["text", "file"],
    instead: "-f --from-file",
  },
  yq: {
    effect: "read",
    values: {
      script: "--from-file",
      text: "-o -p -I --output-format --input-format --arg --indent",
    },
    operands: ["text", "file"],
    modes: [{ when: "-i --inplace", effect: "write", operands: ["text", "write"] }],
  },
  bc: { effect: "read", values: { text: "-e --expression" }, operands: ["file"] },
  pandoc: {
    effect: "execute",
    values: {
      script: "-L --lua-filter",
      write: "-o --output --extract-media --log",
      text:
        "-f --from --read -r -t --to -w --write -M --metadata -V --variable --toc-depth --columns --highlight-style --pdf-engine-opt",
      program: "-F --filter --pdf-engine",
      file: "-d --defaults --template -c --css -H -B -A --bibliography --csl --data-dir",
    },
    operands: ["file"],
  },
  convert: {
    effect: "write",
    oneDash: true,
    values: { write: "-write" },
    operands: ["file"],
    last: "write",
  },
  ffmpeg: {
    effect: "write",
    oneDash: true,
    values: {
      file: "-i -attach",
      text:
        "-f -c -codec -c:v -c:a -c:s -vcodec -acodec -b -b:v -b:a -ss -t -to -r -s -vf -af -filter_complex -map -preset -crf -ar -ac -pix_fmt -vframes -frames:v -q:v -q:a -qscale -aspect -loglevel -metadata -threads -movflags -loop -framerate -start_number -profile:v -level -tune -g -sseof -safe",
      write: "-passlogfile -vstats_file -report",
    },
    operands: ["write"],
  },
};
