/**
 * Arguments that the upstream fetches: where a URL leads, whether all parsers agree on that, and
 * whether it carries a secret away.
 * @module
 */
import type { UrlRules } from "../../access/inspection.ts";
import { decodingRounds } from "../../grammar/percent.ts";
import { readUrl, type UrlFault } from "../../grammar/url.ts";
import type { Objection } from "../objection.ts";
import { judgeDestination } from "./destination.ts";

/** What a URL is judged by. */
export interface UrlOptions {
  /** The operator's rules. */
  readonly rules: UrlRules;
  /** Whether a text holds a live-looking secret. Asked about the URL and what it becomes decoded, together. */
  readonly hasSecret: (texts: readonly string[]) => boolean;
}

/** Says what is wrong with a URL, if anything is. */
export function examineUrl(value: string, options: UrlOptions): Objection | undefined {
  const { rules, hasSecret } = options;
  const url = readUrl(value);
  if (url.scheme !== undefined && !rules.schemes.includes(url.scheme)) {
    return {
      rule: "url-scheme",
      detail: `has a scheme that is not allowed: only ${list(rules.schemes)}`,
    };
  }
  if (url.kind === "faulty") return { rule: `url-${url.fault}`, detail: describeFault(url.fault) };
  if (url.host === undefined && rules.allowHosts !== undefined) {
    return { rule: "url-without-host", detail: "has no host, and only some hosts are allowed" };
  }
  const objection = url.host === undefined ? undefined : judgeDestination(url.host, rules);
  if (objection !== undefined) return objection;
  return hasSecret(readings(value))
    ? { rule: "url-secret", detail: "carries what looks like a live secret" }
    : undefined;
}

function list(schemes: readonly string[]): string {
  return schemes.join(", ").slice(0, 80);
}

function describeFault(fault: UrlFault): string {
  switch (fault) {
    case "control":
      return "has a control character, which some programs drop and others keep";
    case "white-space":
      return "has white space around the URL";
    case "scheme":
      return "is no absolute URL";
    case "backslash":
      return "has a backslash, which some programs take for a slash";
    case "slashes":
      return "has not exactly two slashes in front of its host";
    case "userinfo":
      return "has a user part that some programs take for the host";
    case "unreadable":
      return "is no valid URL";
  }
}

/** The text as it stands and decoded, at last also as a form decodes it, with `+` for a space. */
function readings(value: string): readonly string[] {
  const rounds = decodingRounds(value);
  const last = rounds[rounds.length - 1];
  return last.includes("+") ? [...rounds, last.replaceAll("+", " ")] : rounds;
}
