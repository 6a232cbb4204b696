/**
 * The kind of an argument as an operator or a preset writes it: `path(write)`,
 * `sql(postgres, read)`, `{ kind: command, profile: build }`.
 * @module
 */

import type { ArgumentKind, SqlDialect, SqlProfile } from "../access/inspection.ts";
import type { Action } from "../access/request.ts";
import { nearest } from "../base/diagnostic.ts";
import { err, ok, type Result } from "../base/result.ts";
import type { Fault } from "../yaml/problems.ts";
import { quoted } from "../yaml/shape_faults.ts";

/** A kind as declared; what it leaves open is settled by {@linkcode settledKind}. */
export type DeclaredKind =
  | { readonly kind: "path"; readonly access: "read" | "write" | undefined }
  | {
    readonly kind: "sql";
    readonly dialect: SqlDialect | undefined;
    readonly profile: SqlProfile | undefined;
  }
  | Exclude<ArgumentKind, { readonly kind: "path" | "sql" }>;

/** The name of a kind. */
export type KindName = ArgumentKind["kind"];

/** The words that a kind takes in brackets, in their order; each may be left out. */
const PARTS: Readonly<Record<KindName, readonly KindPart[]>> = {
  path: ["access"],
  command: ["profile"],
  stdin: [],
  workdir: [],
  argv: ["profile"],
  shellarg: [],
  sql: ["dialect", "profile"],
  sqlvalue: [],
  url: [],
  host: [],
  text: [],
  code: [],
  regex: [],
  id: [],
  opaque: [],
};

/** What more is said of a kind. */
export type KindPart = "access" | "dialect" | "profile";

/** Words for the parts of a kind. */
export type KindParts = Readonly<Partial<Record<KindPart, string>>>;

/** The profile of commands where none is named. */
export const DEFAULT_PROFILE = "default";

export const KIND_NAMES: readonly KindName[] = Object.keys(PARTS).filter(isKindName);
export const DIALECTS: readonly SqlDialect[] = ["postgres", "mysql", "sqlite"];
const SQL_PROFILES: readonly SqlProfile[] = ["read", "dml", "any"];
const ACCESSES: readonly ("read" | "write")[] = ["read", "write"];

/** Reads a kind that is written as text. */
export function kindFromText(text: string): Result<DeclaredKind, Fault> {
  const match = /^\s*([A-Za-z_-]*)\s*(?:\(([^()]*)\)\s*)?$/.exec(text);
  if (match === null) return err(notWritten(text));
  const [, name = "", inside] = match;
  if (!isKindName(name)) return err(unknownKind(name));
  const known = PARTS[name];
  const words = inside === undefined ? [] : inside.split(",").map((word) => word.trim());
  if (words.length > known.length || words.includes("")) {
    return err({
      code: "bad-kind",
      message: `${quoted(text)} is not a way to write the kind ${name}`,
      hint: `Write ${waysToWrite(name)}`,
    });
  }
  const parts: Partial<Record<KindPart, string>> = {};
  words.forEach((word, i) => {
    const part = known[i];
    if (part !== undefined) parts[part] = word;
  });
  return kindOf(name, parts);
}

/** Makes a kind of its name and the words that go with it. */
export function kindOf(name: KindName, parts: KindParts): Result<DeclaredKind, Fault> {
  const surplus = Object.keys(parts).find((part) => !PARTS[name].some((known) => known === part));
  if (surplus !== undefined) {
    return err({
      code: "bad-kind",
      message: `The kind ${name} has no ${surplus}`,
      hint: `Write ${waysToWrite(name)}`,
    });
  }
  switch (name) {
    case "path": {
      const access = oneOf(parts.access, { of: ACCESSES, what: "an access" });
      return access.ok ? ok({ kind: name, access: access.value }) : access;
    }
    case "sql": {
      const dialect = oneOf(parts.dialect, { of: DIALECTS, what: "a dialect of SQL" });
      if (!dialect.ok) return dialect;
      const profile = oneOf(parts.profile, { of: SQL_PROFILES, what: "a profile of SQL" });
      return profile.ok
        ? ok({ kind: name, dialect: dialect.value, profile: profile.value })
        : profile;
    }
    case "command":
    case "argv":
      return ok({ kind: name, profile: parts.profile ?? DEFAULT_PROFILE });
    default:
      return ok({ kind: name });
  }
}

/** What settles the parts that a declaration leaves open. */
export interface KindCircumstances {
  /** What the tool does. */
  readonly action: Action;
  /** Whether this very argument decides what a call does. */
  readonly decides: boolean;
  /** The dialect where nothing is said. */
  readonly dialect: SqlDialect;
}

/**
 * Fills in what a declaration leaves open. A path is for reading where the tool only reads. SQL may
 * do what its tool may: `any` where the statement itself decides the action, `dml` for a tool that
 * writes or deletes, and else `read`.
 */
export function settledKind(
  declared: DeclaredKind,
  { action, decides, dialect }: KindCircumstances,
): ArgumentKind {
  switch (declared.kind) {
    case "path":
      return { kind: "path", access: declared.access ?? (action === "read" ? "read" : "write") };
    case "sql": {
      const changes = action === "write" || action === "delete";
      const profile = decides ? "any" : changes ? "dml" : "read";
      return {
        kind: "sql",
        dialect: declared.dialect ?? dialect,
        profile: declared.profile ?? profile,
      };
    }
    default:
      return declared;
  }
}

/** Every way to write a kind: `sql, sql(dialect), sql(dialect, profile)`. */
function waysToWrite(name: KindName): string {
  const parts = PARTS[name];
  const ways = parts.map((_, i) => `${name}(${parts.slice(0, i + 1).join(", ")})`);
  return [name, ...ways].join(" or ");
}

function notWritten(text: string): Fault {
  const fault = {
    code: "bad-kind",
    message: `${quoted(text)} is not a kind of argument`,
  };
  const open = /^\s*([a-z]+)\s*\([^)]*$/.exec(text)?.[1];
  return open === undefined
    ? { ...fault, hint: "Write one word, or a word and its parts in brackets: path(write)" }
    : { ...fault, hint: `Between braces a comma ends a text: quote it, "${open}(…, …)"` };
}

function unknownKind(name: string): Fault {
  const near = nearest(name, KIND_NAMES);
  return {
    code: "unknown-kind",
    message: `${quoted(name)} is not a kind of argument`,
    hint: near === undefined ? `Write one of ${KIND_NAMES.join(", ")}` : `Did you mean "${near}"?`,
  };
}

function oneOf<Word extends string>(
  word: string | undefined,
  { of, what }: { readonly of: readonly Word[]; readonly what: string },
): Result<Word | undefined, Fault> {
  if (word === undefined) return ok(undefined);
  const found = of.find((candidate) => candidate === word);
  return found === undefined
    ? err({
      code: "bad-kind",
      message: `${quoted(word)} is not ${what}`,
      hint: `Write one of ${of.join(", ")}`,
    })
    : ok(found);
}

export function isKindName(word: string): word is KindName {
  return Object.hasOwn(PARTS, word);
}
