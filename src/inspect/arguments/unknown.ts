/**
 * Arguments of which nobody knows what the upstream does with them.
 *
 * Any of them may be prose, code or a file name, so only what is unmistakable as a whole value is
 * refused. Declaring a kind for the argument looks closer.
 * @module
 */
import { countLeadingClimbs } from "../../grammar/climb.ts";
import type { CommandEffect } from "../../grammar/command_effect.ts";
import { type Host, readHost, readHostPort } from "../../grammar/host.ts";
import { loadsByLookup } from "../../grammar/lookup.ts";
import { decodingRounds } from "../../grammar/percent.ts";
import { findShellBreakout } from "../../grammar/shell_breakout.ts";
import { findSqlBreakout } from "../../grammar/sql_breakout.ts";
import type { Objection } from "../objection.ts";

/** One step up is a neighbour; two at the start are a way out. */
const MIN_CLIMBS = 2;

/** Longer text without white space is no URL, path or single word that is worth decoding. */
const MAX_TOKEN_LENGTH = 8192;

/** Most names of arguments, and half of what they hold: nothing in it leads or goes on anywhere. */
const PLAIN_WORD = /^[\w-]*$/;

/** Says what is wrong with a value of unknown use, if it is unmistakable. */
export function examineUnknown(value: string): Objection | undefined {
  if (PLAIN_WORD.test(value)) return undefined;
  const text = value.trim();
  const isToken = text.length <= MAX_TOKEN_LENGTH && !/\s/.test(text);
  if (!text.includes("\n") && countLeadingClimbs(text) >= MIN_CLIMBS) return TRAVERSAL;
  return (isToken ? examineToken(text) : undefined) ?? examineBreakout(text);
}

const TRAVERSAL: Objection = {
  rule: "unknown-traversal",
  detail: "begins with several steps up to parent folders",
};

/** What has no white space: a URL, a host, or something encoded. */
function examineToken(text: string): Objection | undefined {
  if (/^(?:file:[/\\]|gopher:[/\\]{2})/i.test(text)) {
    return { rule: "unknown-local-url", detail: "is a file: or gopher: URL" };
  }
  if (leadsToMetadata(text)) {
    return {
      rule: "unknown-metadata",
      detail: "leads to a service where clouds serve credentials",
    };
  }
  for (const decoded of decodingRounds(text).slice(1)) {
    const objection = examineBreakout(decoded);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

/** Whether a URL in any spelling, or a host with or without port and path, is a metadata service. */
function leadsToMetadata(text: string): boolean {
  if (/^(?:[a-z][a-z0-9+.-]*:)?[/\\]{2}|^https?:/i.test(text)) {
    const rest = text.replace(/^[a-z][a-z0-9+.-]*:/i, "");
    const hostname = URL.parse(`http:${rest}`)?.hostname;
    return hostname !== undefined && isMetadata(readHost(hostname));
  }
  const bare = /^[^/?#]*/.exec(text)?.[0] ?? "";
  // A number alone is a number, and a word alone a word.
  return /[.:]/.test(bare) && isMetadata(readHostPort(bare).host);
}

function isMetadata(host: Host): boolean {
  switch (host.kind) {
    case "address":
      return host.readings.some(({ metadata }) => metadata);
    case "name":
      return host.metadata;
    case "invalid":
      return false;
  }
}

function examineBreakout(text: string): Objection | undefined {
  if (!text.includes("\n") && loadsByLookup(text)) {
    return { rule: "unknown-lookup", detail: "makes a Java logger fetch and run code" };
  }
  const shell = findShellBreakout(text);
  if (shell !== undefined) {
    return {
      rule: `unknown-shell-${shell.by}`,
      detail: `goes on as a shell command that ${describeEffect(shell.effect)}`,
    };
  }
  const sql = findSqlBreakout(text);
  return sql === undefined ? undefined : {
    rule: `unknown-sql-${sql}`,
    detail: "ends one SQL value and goes on with SQL of its own",
  };
}

function describeEffect(effect: CommandEffect): string {
  switch (effect) {
    case "download":
      return "downloads or sends something";
    case "run":
      return "runs code";
    case "delete":
      return "deletes";
    case "write":
      return "changes files of the system";
    case "read":
      return "reads files of the system";
    case "probe":
      return "tries whether commands run";
  }
}
