/**
 * What the operator says of arguments: what each one is, and what is safe. Data only: the policy
 * reads it, the inspection judges by it.
 * @module
 */

/** The grammars of SQL that can be read. */
export type SqlDialect = "postgres" | "mysql" | "sqlite";

/** Which statements an argument may hold. `read`: one that changes nothing. `dml`: one INSERT, or one UPDATE or DELETE whose WHERE can be false. `any`: whatever parses. */
export type SqlProfile = "read" | "dml" | "any";

/** What the upstream does with an argument. */
export type ArgumentKind =
  /** Opens it as a file or folder. */
  | { readonly kind: "path"; readonly access: "read" | "write" }
  /** Gives it to a shell. */
  | { readonly kind: "command"; readonly profile: string }
  /** Hands it to the command of the same call, which may be one that runs what it reads. */
  | { readonly kind: "stdin" }
  /** Runs the command of the same call in it: a folder, judged as a path too. */
  | { readonly kind: "workdir" }
  /** Runs it as a program and its arguments, without a shell. */
  | { readonly kind: "argv"; readonly profile: string }
  /** Puts it into a command line as one word. */
  | { readonly kind: "shellarg" }
  /** Runs it as SQL. */
  | { readonly kind: "sql"; readonly dialect: SqlDialect; readonly profile: SqlProfile }
  /** Puts it into a SQL statement as one value. */
  | { readonly kind: "sqlvalue" }
  /** Fetches it. */
  | { readonly kind: "url" }
  /** Connects to it. */
  | { readonly kind: "host" }
  /** Text for people or models. */
  | { readonly kind: "text" }
  /** Source code, written to a file. */
  | { readonly kind: "code" }
  /** Matches with it. */
  | { readonly kind: "regex" }
  /** A name or number that means something to the upstream alone. */
  | { readonly kind: "id" }
  /** Nobody looks into it; only controls and hidden characters are looked for. */
  | { readonly kind: "opaque" };

/** Where files may be. Paths are absolute, with `/`, without `.` and `..`. */
export interface PathRules {
  /** Folders that may be read and written. None: every path is outside. */
  readonly roots: readonly string[];
  /** What relative paths start from; the first root when there is none. */
  readonly cwd: string | undefined;
  /** The agent's home, for `~`; a path that begins with `~` is refused all the same. */
  readonly home: string | undefined;
  /** Globs of files inside the roots that stay closed: `**` spans folders, `*` stays in one. */
  readonly deny: readonly string[];
  /** Globs of files that are open although `deny` names them. */
  readonly except: readonly string[];
  /** Whether the globs are compared without case. */
  readonly ignoreCase: boolean;
  /** Whether the proxy sees the same files, so that links can be followed. */
  readonly local: boolean;
}

/** What a shell command may do. */
export interface CommandProfile {
  /** Programs and builtins that may run, by their bare name. */
  readonly allow: ReadonlySet<string>;
  /** Whether programs named by a path inside the working folder may run. */
  readonly projectScripts: boolean;
  /** Programs of `allow` that may not be given code to run, inline or on stdin. */
  readonly noInlineCode: ReadonlySet<string>;
  /** What may not be named: paths, `~/…` and globs. */
  readonly sensitive: readonly string[];
  /** Where a command may write, delete, move and change modes; folders and devices. */
  readonly writeRoots: readonly string[];
  /** The working folder, for relative paths. */
  readonly cwd: string | undefined;
  /** The agent's home, for `~` and `$HOME`. */
  readonly home: string | undefined;
}

/** What may be fetched or connected to. */
export interface UrlRules {
  /** Without the colon: `https`. */
  readonly schemes: readonly string[];
  /** When set, only these: `example.com`, or `*.example.com` for all below it. */
  readonly allowHosts: readonly string[] | undefined;
  /** Names that stay closed: `localhost`, `*.internal`. Names of a single label always do, unless allowed. */
  readonly denyNames: readonly string[];
  /** Names that resolve to whatever address they spell; they, and all below them, stay closed. */
  readonly denySuffixes: readonly string[];
  /** Networks that are open although they are not global: `10.1.0.0/16`, `fd00::/8`. */
  readonly allowNetworks: readonly string[];
}

/** What is done with what stands in results. */
export interface ResultRules {
  /** Hidden characters and escape sequences of terminals. */
  readonly hidden: "remove" | "refuse" | "off";
  /** Live-looking secrets. */
  readonly secrets: "redact" | "refuse" | "off";
  /** Text that addresses the model as instructions; a heuristic. */
  readonly injection: "mark" | "refuse" | "off";
}

/** How far arguments are looked into. `off`: not at all. `strict`: an undeclared one fails `check`. */
export type InspectionLevel = "off" | "standard" | "strict";

/** The rules that hold for one upstream. */
export interface InspectionRules {
  /** How far arguments are looked into. */
  readonly level: InspectionLevel;
  /** Undefined when the operator declares no roots: then no path is judged by where it leads. */
  readonly paths: PathRules | undefined;
  /** By name; a command whose profile is not there is refused. */
  readonly commands: ReadonlyMap<string, CommandProfile>;
  /** What may be fetched. */
  readonly urls: UrlRules;
  /** The dialect where nothing is said. */
  readonly dialect: SqlDialect;
  /** What is done with answers. */
  readonly results: ResultRules;
}

/** The declared kinds of one tool's arguments, by JSON pointer; a `*` stands for every item or value. */
export type ArgumentKinds = ReadonlyMap<string, ArgumentKind>;
