/**
 * What a rule for secrets is made of.
 *
 * A rule is a literal the secret begins with and the exact shape of what follows. The shapes are
 * bounded: none can match, or try to match, more than a few hundred characters from one place, so
 * that looking at every place of a text stays linear.
 * @module
 */

/** A test of what the shape alone cannot tell. */
export type SecretProof =
  /** The last six characters may be the CRC-32 of those before, in base 62; then no doubt is left. */
  | "crc32"
  /** A signed JSON web token: the header names an algorithm, the claims are an object. */
  | "jwt"
  /** The first part is a number of 17 to 20 digits in Base64. */
  | "snowflake"
  /** A password that people would not write as an example, for a host that is not this machine. */
  | "connection"
  /** The body of a key in Base64, with or without its last line. */
  | "key-block";

/** How one kind of secret is recognised. */
export interface SecretRule {
  /** `<issuer>-<what>`, in kebab-case and stable. */
  readonly rule: string;
  /** What it begins with; exact. */
  readonly starts: readonly string[];
  /** What follows, matched at its place. A group stands for the secret itself, where what surrounds it is none. */
  readonly rest: RegExp;
  /** What belongs to it in front of the beginning: that many characters of a kind, and no more. */
  readonly before?: { readonly of: RegExp; readonly min: number; readonly max: number };
  /**
   * The characters that may not stand directly before. None: the beginning is unmistakable anywhere.
   * Where the rest may hold the beginning itself, this also keeps the search linear.
   */
  readonly notAfter?: RegExp;
  readonly proof?: SecretProof;
}

/** What no word goes on behind. */
export const WORD = /[0-9A-Za-z]/;
/** What no token goes on behind. */
export const TOKEN = /[0-9A-Za-z_-]/;
/** What stands between a name and its value: `= "`, `: '`, ` => `, ` is `. */
export const ASSIGN = String.raw`["'\x60]?[ \t]{0,4}(?:=>|:=|=|:|is)?[ \t]{0,4}["'\x60]?`;
