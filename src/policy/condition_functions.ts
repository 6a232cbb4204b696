/**
 * The functions that conditions may call beside CEL's own. To add one, append it here; one whose
 * parser is loaded later is appended by whoever loads it, in the list given to `compileCondition`.
 * @module
 */

import { err, ok, type Result } from "../base/result.ts";
import { type Address, holdsAddress, type Network, readNetwork } from "../grammar/address.ts";
import { readHostPort } from "../grammar/host.ts";
import { linearRegex } from "../grammar/linear_regex.ts";
import { readUrl } from "../grammar/url.ts";
import { globSource, type ResolvedPath, resolvePath, under } from "./condition_paths.ts";
import type { ConditionFunction, ConditionFunctions, SubjectTest } from "./condition_types.ts";

const MAX_REGEX_SIZE = 500; // RE2 instructions

const RE: ConditionFunction = {
  kind: "test",
  signature: "re(string, string): bool",
  summary: "Whether an RE2 expression matches somewhere in a text; the expression is a literal",
  unitsPerChar: MAX_REGEX_SIZE,
  literalOnly: true,
  compile(pattern) {
    return regexTest(pattern, (subject) => subject);
  },
};

const UNDER: ConditionFunction = {
  kind: "test",
  signature: "under(string, string): bool",
  summary:
    "Whether an absolute path is a folder or inside it, `.` and `..` resolved; links are not followed",
  unitsPerChar: 4,
  literalOnly: false,
  compile(root) {
    const folder = resolvePath(root);
    if (folder === undefined || !folder.isAbsolute) {
      return err('a folder is an absolute path: "/srv/project"');
    }
    return ok({ unitsPerChar: 4, holds: (path) => under(soundPath(path, "absolute"), folder) });
  },
};

const GLOB: ConditionFunction = {
  kind: "test",
  signature: "glob(string, string): bool",
  summary:
    "Whether a path, `.` and `..` resolved, matches: `*` and `?` stay in one folder, `**` spans them",
  unitsPerChar: MAX_REGEX_SIZE,
  literalOnly: false,
  compile(pattern) {
    return regexTest(globSource(pattern), (path) => soundPath(path, "any").text);
  },
};

const HOST: ConditionFunction = {
  kind: "text",
  signature: "host(string): string",
  summary:
    "The host of a URL: a name in small letters, or an address in plain notation, without port",
  unitsPerChar: 30,
  call([url = ""]) {
    const reading = readUrl(url);
    if (reading.kind === "faulty" || reading.host === undefined) throw unreadable("a URL");
    const { host } = reading;
    if (host.kind === "name") return host.name;
    const [address, ...others] = host.kind === "address" ? host.readings : [];
    if (address === undefined || others.length > 0) throw unreadable("the host of a URL");
    return address.text;
  },
};

const IN_CIDR: ConditionFunction = {
  kind: "test",
  signature: "in_cidr(string, string): bool",
  summary:
    "Whether an address, in any notation, is in a network; a name is in none, as it is not resolved",
  unitsPerChar: 30,
  literalOnly: false,
  compile(text) {
    const network = readNetwork(text);
    if (network === undefined) return err('a network is an address and a length: "10.0.0.0/8"');
    return ok({ unitsPerChar: 30, holds: (subject) => inNetwork(subject, network) });
  },
};

/** What conditions may call. */
export const CONDITION_FUNCTIONS: ConditionFunctions = [RE, UNDER, GLOB, HOST, IN_CIDR];

/** A test by regular expression of what becomes of a subject. */
function regexTest(
  source: string,
  prepare: (subject: string) => string,
): Result<SubjectTest, string> {
  try {
    const compiled = linearRegex(source);
    if (compiled.size > MAX_REGEX_SIZE) return err("it is too large");
    return ok({
      // A deterministic automaton takes 20 ns; where there is none, time grows with the size.
      unitsPerChar: 8 + compiled.size,
      holds: (subject) => compiled.test(prepare(subject)),
    });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return err(error.message.replace(/^Cannot compile a regular expression: /, ""));
  }
}

/** A path that can be judged. A test of any other is an error, so that no deny overlooks it. */
function soundPath(path: string, wanted: "absolute" | "any"): ResolvedPath {
  const resolved = resolvePath(path);
  if (resolved === undefined || (wanted === "absolute" && !resolved.isAbsolute)) {
    throw unreadable("a path");
  }
  return resolved;
}

/** A text in which readers see different addresses, some in the network and some not, is an error. */
function inNetwork(text: string, network: Network): boolean {
  const { host } = readHostPort(text);
  if (host.kind === "invalid") throw unreadable("an address");
  if (host.kind === "name") return false;
  const isIn = (address: Address) => holdsAddress(network, address);
  const found = host.readings.some(isIn);
  if (found && !host.readings.every(isIn)) throw unreadable("an address");
  return found;
}

function unreadable(what: string): RangeError {
  return new RangeError(`Cannot judge ${what}: programs do not agree on it`);
}
