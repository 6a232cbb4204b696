/**
 * Tells secrets from what only looks like one: published examples, placeholders, filler.
 * @module
 */

/** Examples that issuers print in their own documentation, and that pass for real ones. */
const PUBLISHED: ReadonlySet<string> = new Set([
  "AKIAI44QH8DHBEXAMPLE",
  "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
]);

/** Words that stand in placeholders; by chance in one of some ten thousand real secrets. */
const FILLER =
  /example|sample|placeholder|your|xxxx|redact|changeme|dummy|fake|insert|replace|notreal|secret|token|password|passwd|deadbeef|abcabc|foobar|\.\.\.|\*\*\*|<|\{\{|\$\{/i;

/** Bits a character; 16 random characters of Base32 have 3.5, a word repeated has 2. */
const LEAST_ENTROPY = 2.75;
const LONGEST_RUN = 6;

/** Whether the changing part of a secret was written by a person and not drawn. At most a few hundred characters are read. */
export function looksMadeUp(secret: string): boolean {
  const text = secret.slice(0, 256);
  return PUBLISHED.has(text) || FILLER.test(text) || entropyOf(text) < LEAST_ENTROPY ||
    longestRun(text) >= LONGEST_RUN || repeats(text);
}

/** Shannon's entropy of its characters, in bits a character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count / text.length * Math.log2(count / text.length);
  return bits;
}

function longestRun(text: string): number {
  let longest = 0;
  let run = 0;
  for (let at = 0; at < text.length; at++) {
    run = text[at] === text[at - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Whether it is one piece three times or more. */
function repeats(text: string): boolean {
  for (let period = 1; period * 3 <= text.length; period++) {
    if (text.slice(period) === text.slice(0, -period)) return true;
  }
  return false;
}
