/**
 * What a command would do, told by its program and the shape of its arguments.
 *
 * Only complete commands count: `rm` in a sentence has no path behind it, and `sh` no script.
 * @module
 */
import type { ShellWord } from "./shell_line.ts";

/** What a command does that nobody puts into a plain value. */
export type CommandEffect = "download" | "run" | "delete" | "write" | "read" | "probe";

/** Programs in front of the program that they run. */
const WRAPPERS: ReadonlySet<string> = new Set(
  ["sudo", "doas", "env", "nohup", "exec", "command", "time", "busybox", "xargs", "nice", "setsid"],
);

/** Programs that run what stands on their standard input, or a file. */
const INTERPRETERS: ReadonlySet<string> = new Set(
  ("sh bash zsh dash ksh ash fish python python2 python3 perl ruby node php lua deno bun " +
    "powershell pwsh").split(" "),
);

/** Words of a sentence in one command; a second one makes it prose. */
const MAX_PLAIN_WORDS = 1;

/** Where a command may find a script: nowhere, in a pipe, or in a file that was fetched before. */
export type CommandInput = "nothing" | "pipe" | "download";

type Shape = (args: readonly string[]) => boolean;

const PROGRAMS: ReadonlyMap<string, { readonly effect: CommandEffect; readonly shape: Shape }> =
  new Map([
    ...programs(
      "download",
      "curl wget fetch aria2c lynx w3m tftp ftp sftp scp rsync iwr",
      someTarget,
    ),
    ...programs("download", "certutil bitsadmin invoke-webrequest nslookup dig telnet", someTarget),
    ...programs("run", "nc ncat netcat socat", (args) => someTarget(args) || hostAndPort(args)),
    ...programs("run", [...INTERPRETERS].join(" "), codeOrFile),
    ...programs("run", "source . eval cmd mshta rundll32 regsvr32 osascript", codeOrFile),
    ...programs("run", "shutdown", (args) => args.some(isFlag)),
    ...programs("delete", "rm rmdir unlink shred del erase rd truncate wipefs", somePath),
    ...programs("delete", "mkfs mkfs.ext4 mkfs.xfs", somePath),
    ...programs("delete", "dd", (args) => args.some((arg) => arg.startsWith("of="))),
    ...programs("delete", "find", (args) => args.some((arg) => /^-(?:delete|exec)$/.test(arg))),
    ...programs("write", "touch tee mv cp chmod chown ln crontab", someSystemPath),
    ...programs("write", "echo printf", (args) => args.includes(">") && someSystemPath(args)),
    ...programs(
      "read",
      "cat head tail less more tac nl od xxd strings base64 type grep",
      someSystemPath,
    ),
    ...programs("probe", "whoami", (args) => args.length === 0),
    ...programs("probe", "uname ifconfig ipconfig netstat", (args) => args.some(isFlag)),
    ...programs("probe", "ls dir", someSystemPath),
    ...programs("probe", "sleep", (args) => /^[0-9]+s?$/.test(args.join(" "))),
    ...programs("probe", "ping", (args) => args.some(isFlag) && someTarget(args)),
    ...programs("probe", "net", ([what]) => what === "user" || what === "localgroup"),
  ]);

/** What a command does; `undefined` for anything that is not complete or harms nobody by itself. */
export function commandEffect(
  words: readonly ShellWord[],
  input: CommandInput,
): CommandEffect | undefined {
  const [program, ...args] = unwrapped(words);
  if (program === undefined) return undefined;
  const name = programName(program.text);
  const known = PROGRAMS.get(name);
  if (known === undefined) return undefined;
  if (known.effect === "probe") {
    return known.shape(args.map(({ text }) => text)) ? "probe" : undefined;
  }
  if (args.filter(isPlainWord).length > MAX_PLAIN_WORDS) return undefined;
  const texts = args.map(({ text }) => text);
  return known.shape(texts) || (INTERPRETERS.has(name) && takesScript(texts, input))
    ? known.effect
    : undefined;
}

/** The name of a program without folder and `.exe`, in small letters. */
export function programName(word: string): string {
  const name = word.slice(Math.max(word.lastIndexOf("/"), word.lastIndexOf("\\")) + 1);
  return name.toLowerCase().replace(/\.exe$/, "");
}

function programs(
  effect: CommandEffect,
  names: string,
  shape: Shape,
): (readonly [string, { readonly effect: CommandEffect; readonly shape: Shape }])[] {
  return names.split(" ").map((name) => [name, { effect, shape }] as const);
}

function unwrapped(words: readonly ShellWord[]): readonly ShellWord[] {
  let at = 0;
  while (at < words.length && WRAPPERS.has(programName(words[at].text))) {
    at++;
    while (at < words.length && isFlag(words[at].text)) at++;
  }
  return words.slice(at);
}

/** A word as sentences have it, perhaps with a mark behind it. */
function isPlainWord({ text, quoted }: ShellWord): boolean {
  return !quoted && /^[\p{L}\p{M}’]+[,.!?:)]*$/u.test(text);
}

function isFlag(arg: string): boolean {
  return /^-{1,2}[A-Za-z0-9]|^\/[A-Za-z]{1,3}$|^-$/.test(arg);
}

/** A host, an address, a URL, or what is known only when it runs. */
function someTarget(args: readonly string[]): boolean {
  return args.some((arg) => /^[^.:]*(?::\/\/|[$`]|[.:][\p{L}\p{N}[])/u.test(arg) && !isFlag(arg));
}

function takesScript(args: readonly string[], input: CommandInput): boolean {
  switch (input) {
    case "nothing":
      return false;
    case "pipe":
      return args.every(isFlag);
    case "download":
      return args.length === 1 && !isFlag(args[0]);
  }
}

function hostAndPort(args: readonly string[]): boolean {
  const at = args.findIndex((arg) => !isFlag(arg));
  return at >= 0 && /^[0-9]{1,5}$/.test(args[at + 1] ?? "");
}

/** Inline code behind a flag, an interactive shell, or a script from anywhere but the working folder. */
function codeOrFile(args: readonly string[]): boolean {
  const [first, ...rest] = args;
  if (first === undefined) return false;
  if (/^-[a-z]*i$/.test(first)) return true;
  if (isFlag(first)) return rest.length > 0 && /^[-/][a-z]+$/i.test(first);
  return /^(?:\/[^/]|[~$`<]|[A-Za-z][A-Za-z0-9+.-]*:\/\/|[A-Za-z]:\\|\\\\)/.test(first);
}

/** A path, a glob, a drive or an expansion. */
function somePath(args: readonly string[]): boolean {
  return args.some((arg) => !isFlag(arg) && /[/\\*~$]|^[A-Za-z]:/.test(arg)) ||
    (args.length > 1 && isFlag(args[0]) && !isFlag(args[1]));
}

/** An absolute path, one of the home, or one on a drive. */
function someSystemPath(args: readonly string[]): boolean {
  return args.some((arg) =>
    /^(?:\/[A-Za-z.*]|~|\$HOME|[A-Za-z]:[\\\w]|%[A-Z]+%)/.test(arg) && !/^\/.$/.test(arg)
  );
}
