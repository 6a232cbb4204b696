/** Invented secrets, put together at run time so that no scanner takes this file for a leak. */

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ALPHABETS = {
  alnum: `0123456789${LETTERS}`,
  letters: LETTERS,
  upper: "234567ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  hex: "0123456789abcdef",
  digits: "0123456789",
  base64: `0123456789${LETTERS}+/`,
  url: `0123456789${LETTERS}-_`,
} as const;

/** Draws characters: the same for the same seed. */
export function draw(alphabet: keyof typeof ALPHABETS, length: number, seed = 7): string {
  const characters = ALPHABETS[alphabet];
  let state = seed * 2654435761 % 4294967296;
  let text = "";
  while (text.length < length) {
    state = (state * 1664525 + 1013904223) % 4294967296;
    text += characters.charAt(Math.floor(state / 65536) % characters.length);
  }
  return text;
}

const json = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");

/** One secret for each of many rules. */
export const SECRETS: readonly (readonly [rule: string, secret: string])[] = [
  ["aws-access-key-id", `AKIA${draw("upper", 16)}`],
  ["aws-access-key-id", `ASIA${draw("upper", 16, 8)}`],
  ["google-api-key", `AIza${draw("url", 35)}`],
  ["google-oauth-secret", `GOCSPX-${draw("url", 28)}`],
  ["digitalocean-token", `dop_v1_${draw("hex", 64)}`],
  ["github-token", `ghp_${draw("alnum", 36)}`],
  ["github-token", `ghs_${draw("alnum", 36, 9)}`],
  ["github-fine-grained-token", `github_pat_${draw("alnum", 22)}_${draw("alnum", 59)}`],
  ["gitlab-token", `glpat-${draw("url", 20)}`],
  ["npm-token", `npm_${draw("alnum", 36)}`],
  ["pypi-token", `pypi-AgEIcHlwaS5vcmc${draw("url", 120)}`],
  ["slack-token", `xoxb-${draw("digits", 12)}-${draw("digits", 13)}-${draw("alnum", 24)}`],
  ["slack-app-token", `xapp-1-A${draw("upper", 10)}-${draw("digits", 13)}-${draw("hex", 64)}`],
  ["discord-bot-token", `${btoa("184930275610384756")}.${draw("url", 6)}.${draw("url", 27)}`],
  ["telegram-bot-token", `${draw("digits", 9)}:AA${draw("url", 33)}`],
  ["anthropic-key", `sk-ant-api03-${draw("url", 93)}AA`],
  ["openai-key", `sk-proj-${draw("url", 74)}T3BlbkFJ${draw("url", 74)}`],
  ["openai-key", `sk-${draw("alnum", 20)}T3BlbkFJ${draw("alnum", 20)}`],
  ["huggingface-token", `hf_${draw("letters", 34)}`],
  ["stripe-key", `sk_live_${draw("alnum", 24)}`],
  ["shopify-token", `shpat_${draw("hex", 32)}`],
  ["sendgrid-key", `SG.${draw("url", 22)}.${draw("url", 43)}`],
  ["twilio-key", `SK${draw("hex", 32)}`],
  ["mailchimp-key", `${draw("hex", 32)}-us14`],
  ["azure-client-secret", `${draw("alnum", 3)}8Q~${draw("alnum", 34)}`],
  [
    "jwt",
    `${json({ alg: "HS256", typ: "JWT" })}.${json({ sub: "u-82", iat: 1 })}.${draw("url", 43)}`,
  ],
  ["private-key", pem("RSA PRIVATE KEY", "\n")],
  ["private-key", pem("OPENSSH PRIVATE KEY", "\\n")],
  ["private-key", openSsh()],
];

/** A key block with three lines. */
export function pem(label: string, newline: string): string {
  const lines = [1, 2, 3].map((seed) => draw("base64", 64, seed));
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join(newline);
}

/** The first line holds a magic word, names and lengths, which are mostly zeros. */
function openSsh(): string {
  const head = btoa(
    "openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01\0\0\x003\0\0\0\x0b",
  );
  const label = "OPENSSH PRIVATE KEY";
  const body = head.replaceAll("=", "").padEnd(70, draw("base64", 70));
  return `-----BEGIN ${label}-----\n${body}\n${draw("base64", 40)}==\n-----END ${label}-----`;
}
