/**
 * Tells secrets from what only looks like one: published examples, placeholders, filler.
 * @module
 */

/** What issuers print in their own documentation, behind the literal beginning, and what passes for a real one otherwise. */
const PUBLISHED: ReadonlySet<string> = new Set([
  "16C7e42F292c6912E7710c838347Ae178B4a", // GitHub, "About authentication".
  "16C7e42F292c69C2E7C10c838347Ae178B4a", // GitHub, "Authorizing OAuth apps".
  "SyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", // Google, "Authenticate by using API keys".
  "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr", // SendGrid.
  "110201543HdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", // Telegram, "Bots: an introduction".
  "4eC39HqLyjWDarjtT1zdp7dc", // Stripe's key for its own documentation.
  "17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy", // Slack, "Token types".
  "k4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs", // Discord, "Reference".
]);

/** Words that stand in placeholders; by chance in one of some ten thousand real secrets. */
const FILLER =
  /example|sample|placeholder|your|xxxx|redact|changeme|dummy|fake|insert|replace|notreal|secret|token|password|passwd|deadbeef|abcabc|foobar|\.\.\.|\*\*\*|<|\{\{|\$\{/i;

/** Bits a character; 16 random characters of Base32 have 3.5, a word repeated has 2. */
const LEAST_ENTROPY = 2.75;
const LONGEST_RUN = 6;

/** Whether the changing part of a secret stands in its issuer's documentation. */
export function isPublished(secret: string): boolean {
  return PUBLISHED.has(secret);
}

/** Whether the changing part of a secret was written by a person and not drawn. The first 96 characters tell. */
export function looksMadeUp(secret: string): boolean {
  const text = secret.slice(0, 96);
  return FILLER.test(text) || !isVaried(text) || longestRun(text) >= LONGEST_RUN || repeats(text);
}

/** Whether a text has the entropy of something drawn; keys in their containers have runs and words too. */
export function isVaried(text: string): boolean {
  return entropyOf(text) >= LEAST_ENTROPY;
}

/** Shannon's entropy of its characters, in bits a character; whatever is not ASCII counts as one sort. */
function entropyOf(text: string): number {
  const counts = new Uint8Array(129);
  for (let at = 0; at < text.length; at++) {
    const sort = Math.min(text.charCodeAt(at), 128);
    counts[sort] = (counts[sort] ?? 0) + 1;
  }
  let bits = 0;
  for (const count of counts) {
    if (count > 0) bits -= count / text.length * Math.log2(count / text.length);
  }
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
    if (text.startsWith(text.slice(period))) return true;
  }
  return false;
}
