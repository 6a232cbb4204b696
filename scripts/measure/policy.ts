/**
 * The operator's policy that the labels assume, as a policy of ours.
 * @module
 */

import { type JsonObject, member, objectMember } from "../../src/base/json.ts";
import type { Corpus } from "./corpus.ts";

/** What the proxy is told: kinds and tools, tools alone, or nothing. */
export type MeasureMode = "declared" | "inferred" | "none";

/** The principal of every measured call. */
export const PRINCIPAL = "measure";

/** The policy's text; JSON is YAML. */
export function measuredPolicy(corpus: Corpus, mode: MeasureMode): string {
  return JSON.stringify({
    version: "1",
    defaults: { arguments: "standard", attempts: { capacity: 1_000_000, per: "1s" } },
    principals: { [PRINCIPAL]: { tools: [{ pattern: "*", actions: ["read", "execute"] }] } },
    inspect: inspectOf(corpus.context),
    servers: { measured: { tools: mode === "declared" ? declaredTools(corpus) : {} } },
  });
}

/** The name by which the policy knows the measured server. */
export const SERVER = "measured";

/** `inspect:` of a policy from a `context.json`. */
export function inspectOf(context: JsonObject): JsonObject {
  const commands = objectMember(context, "commands");
  const inline = objectMember(commands, "deny_inline_code");
  const url = objectMember(context, "url");
  const sql = objectMember(context, "sql");
  return {
    paths: {
      cwd: member(context, "cwd") ?? null,
      roots: member(context, "roots") ?? [],
      home: member(context, "home") ?? null,
      deny: texts(context, "deny_globs").map(anywhere),
      except: texts(context, "deny_globs_except").map(anywhere),
      ignore_case: member(context, "case_insensitive_deny") === true,
      local: false,
    },
    commands: {
      default: {
        allow: member(commands, "allow") ?? [],
        project_scripts: member(commands, "allow_project_scripts") === true,
        no_inline_code: member(inline, "programs") ?? [],
        sensitive: texts(commands, "sensitive_paths").map(anywhere),
        write_roots: member(commands, "write_roots") ?? [],
      },
    },
    urls: {
      schemes: member(url, "schemes") ?? [],
      // A phrase among the names speaks of names of one label, which are closed anyway.
      deny_names: texts(url, "deny_names").filter((name) => !name.includes(" ")),
      deny_suffixes: texts(url, "deny_rebinding_suffixes"),
      allow_networks: texts(url, "allow_networks"),
      ...(Array.isArray(member(url, "allow_hosts"))
        ? { allow_hosts: texts(url, "allow_hosts") }
        : {}),
    },
    sql: { dialect: member(objectMember(sql, "dialects"), "default") ?? "postgres" },
  };
}

/** Every tool with the true kinds of its arguments. */
export function declaredTools({ kinds, context }: Corpus): JsonObject {
  const dialects = objectMember(objectMember(context, "sql"), "dialects");
  const tools: Record<string, JsonObject> = {};
  for (const tool of Object.keys(kinds)) {
    const declared: Record<string, string> = {};
    for (const [pointer, kind] of Object.entries(objectMember(kinds, tool) ?? {})) {
      if (typeof kind !== "string") continue;
      const dialect = member(dialects, tool) ?? member(dialects, "default") ?? "postgres";
      declared[pointer] = kind === "sql"
        ? `sql(${dialect}, read)`
        : kind === "sql-dml"
        ? `sql(${dialect}, dml)`
        : kind;
    }
    tools[tool] = { action: "execute", arguments: declared };
  }
  return tools;
}

/** A glob that names no folder is meant in every one: `*.pem` is `**` and a slash before it. */
function anywhere(glob: string): string {
  return /^(?:\/|~(?:\/|$)|\*\*\/)/.test(glob) ? glob : `**/${glob.replace(/^\.\//, "")}`;
}

function texts(object: JsonObject | undefined, name: string): readonly string[] {
  const value = member(object, name);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
