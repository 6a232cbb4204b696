/**
 * Regular expressions that are matched in time linear in the text: RE2 reads them, never V8.
 * @module
 */

import { RE2JS, RE2JSException } from "re2js";

/** A compiled expression. */
export interface LinearRegex {
  /** Tells whether the expression matches somewhere in a text. */
  test(text: string): boolean;
  /** `/source/flags`; ajv takes it as the key of its cache, so it differs wherever the expression does. */
  toString(): string;
  /** RE2 instructions: the most that one character can cost. */
  readonly size: number;
}

const MAX_SOURCE_LENGTH = 10_000; // UTF-16 units
const MAX_PROGRAM_SIZE = 20_000; // RE2 instructions; the time per character grows with them

/**
 * Compiles an ECMAScript regular expression for RE2.
 *
 * Flags: `i`, `m`, `s`; `u` and `v` are accepted and change nothing, as code points are matched
 * always. Where the two languages differ RE2 decides: `\s` and `\w` are ASCII, `.` takes all but a
 * line feed.
 *
 * @throws {SyntaxError} for what RE2 cannot do (lookaround, backreferences, a counted repetition
 * above 1000), for what does not parse, and for what is too large.
 */
export function linearRegex(source: string, flags = ""): LinearRegex {
  if (source.length > MAX_SOURCE_LENGTH) throw tooLarge();
  const compiled = compile(source, flagBits(flags));
  const size = compiled.programSize();
  if (size > MAX_PROGRAM_SIZE) throw tooLarge();
  return {
    test: (text) => compiled.test(text),
    toString: () => `/${source}/${flags}`,
    size,
  };
}

function compile(source: string, bits: number): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(forRe2(source)), bits);
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    throw new SyntaxError(`Cannot compile a regular expression: ${cause.message}`, { cause });
  }
}

function tooLarge(): SyntaxError {
  return new SyntaxError("Cannot compile a regular expression: it is too large");
}

function flagBits(flags: string): number {
  let bits = 0;
  for (const flag of flags) {
    if (flag === "i") bits |= RE2JS.CASE_INSENSITIVE;
    else if (flag === "m") bits |= RE2JS.MULTILINE;
    else if (flag === "s") bits |= RE2JS.DOTALL;
    else if (flag !== "u" && flag !== "v") {
      throw new SyntaxError(`Cannot compile a regular expression: unknown flag "${flag}"`);
    }
  }
  return bits;
}

/** Spells a pair of surrogate escapes as one code point, and a named Unicode property as RE2 does. */
function forRe2(source: string): string {
  return source.replaceAll(
    /\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|([pP])\{(?:Script|sc|General_Category|gc)=([A-Za-z_]{1,40})\}|[^])/g,
    (escape, high?: string, low?: string, property?: string, name?: string) => {
      if (high !== undefined && low !== undefined) {
        const code = 0x10000 + (parseInt(high, 16) - 0xd800) * 0x400 + parseInt(low, 16) - 0xdc00;
        return `\\x{${code.toString(16)}}`;
      }
      return property === undefined ? escape : `\\${property}{${name}}`;
    },
  );
}
