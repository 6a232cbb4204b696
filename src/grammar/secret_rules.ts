/**
 * What secrets look like, issuer by issuer.
 *
 * Each rule is a literal the secret begins with and the exact shape of what follows. The shapes are
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
  /** The characters that may not stand directly before. None: the beginning is unmistakable anywhere. */
  readonly notAfter?: RegExp;
  readonly proof?: SecretProof;
}

const WORD = /[0-9A-Za-z]/;
const TOKEN = /[0-9A-Za-z_-]/;
/** What stands between a name and its value: `= "`, `: '`, ` => `, ` is `. */
const ASSIGN = String.raw`["'\x60]?[ \t]{0,4}(?:=>|:=|=|:|is)?[ \t]{0,4}["'\x60]?`;

/** All rules. Where two begin alike, the longer beginning is tried first. */
export const SECRET_RULES: readonly SecretRule[] = [
  ...cloudRules(),
  ...codeRules(),
  ...chatRules(),
  ...modelRules(),
  ...paymentRules(),
  ...serviceRules(),
  ...generalRules(),
];

function cloudRules(): readonly SecretRule[] {
  return [
    { rule: "aws-access-key-id", starts: ["AKIA", "ASIA", "ABIA", "ACCA"], rest: /[0-9A-Z]{16}/y },
    {
      rule: "aws-secret-access-key",
      starts: [
        ...["aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "aws_secret_key", "AWS_SECRET_KEY"],
        ...["secretAccessKey", "SecretAccessKey", "secret access key", "Secret Access Key"],
        ...["secret_access_key", "SECRET_ACCESS_KEY", "Secret access key"],
      ],
      rest: new RegExp(`${ASSIGN}([0-9A-Za-z/+]{40})`, "y"),
    },
    { rule: "google-api-key", starts: ["AIza"], rest: /[0-9A-Za-z_-]{35}/y, notAfter: TOKEN },
    { rule: "google-oauth-secret", starts: ["GOCSPX-"], rest: /[0-9A-Za-z_-]{28}/y },
    {
      rule: "google-oauth-token",
      starts: ["ya29."],
      rest: /[0-9A-Za-z_.-]{60,256}/y,
      notAfter: TOKEN,
    },
    {
      rule: "azure-storage-key",
      starts: ["AccountKey=", "SharedAccessKey="],
      rest: /[0-9A-Za-z+/]{43}(?:[0-9A-Za-z+/]{43}=)?=/y,
    },
    {
      rule: "azure-client-secret",
      starts: ["8Q~", "7Q~"],
      rest: /[0-9A-Za-z_~.-]{31,34}/y,
      before: { of: /[0-9A-Za-z_~.-]/, min: 3, max: 3 },
    },
    {
      rule: "digitalocean-token",
      starts: ["dop_v1_", "doo_v1_", "dor_v1_"],
      rest: /[0-9a-f]{64}/y,
    },
    {
      rule: "alibaba-access-key-id",
      starts: ["LTAI"],
      rest: /[0-9A-Za-z]{17,20}/y,
      notAfter: WORD,
    },
    { rule: "vault-token", starts: ["hvs.", "hvb."], rest: /[0-9A-Za-z_-]{24,256}/y },
    {
      rule: "terraform-token",
      starts: [".atlasv1."],
      rest: /[0-9A-Za-z_=-]{60,70}/y,
      before: { of: /[0-9A-Za-z]/, min: 14, max: 14 },
    },
    {
      rule: "tailscale-key",
      starts: ["tskey-"],
      rest: /[a-z]{2,8}-[0-9A-Za-z]{6,24}-[0-9A-Za-z]{20,64}/y,
    },
    { rule: "flyio-token", starts: ["fm2_", "fm1r_", "fm1a_"], rest: /[0-9A-Za-z+/]{100,256}/y },
    { rule: "heroku-key", starts: ["HRKU-AA"], rest: /[0-9A-Za-z_-]{58}/y },
    { rule: "cloudinary-url", starts: ["cloudinary://"], rest: /[0-9]{15}:([0-9A-Za-z_-]{27})@/y },
    { rule: "supabase-token", starts: ["sbp_"], rest: /[0-9a-f]{40}/y },
    { rule: "supabase-key", starts: ["sb_secret_"], rest: /[0-9A-Za-z_-]{31}/y },
    { rule: "pulumi-token", starts: ["pul-"], rest: /[0-9a-f]{40}/y, notAfter: TOKEN },
    {
      rule: "databricks-token",
      starts: ["dapi"],
      rest: /[0-9a-f]{32}(?:-[0-9])?/y,
      notAfter: WORD,
    },
    {
      rule: "planetscale-token",
      starts: ["pscale_tkn_", "pscale_pw_", "pscale_oauth_"],
      rest: /[0-9A-Za-z_.=-]{32,64}/y,
    },
  ];
}

function codeRules(): readonly SecretRule[] {
  return [
    {
      rule: "github-token",
      starts: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
      rest: /[0-9A-Za-z]{36,251}/y,
      proof: "crc32",
    },
    {
      rule: "github-fine-grained-token",
      starts: ["github_pat_"],
      rest: /[0-9A-Za-z]{22}_[0-9A-Za-z]{59}/y,
    },
    {
      rule: "gitlab-token",
      starts: [
        ...["glpat-", "gldt-", "glrt-", "glft-", "glimt-", "glagent-", "glsoat-", "gloas-"],
        ...["glcbt-", "glptt-", "glffct-", "glwt-"],
      ],
      rest: /[0-9A-Za-z_-]{20,128}(?:\.[0-9a-z]{2}\.[0-9a-z]{7,9})?/y,
    },
    { rule: "gitlab-runner-token", starts: ["GR1348941"], rest: /[0-9A-Za-z_-]{20}/y },
    { rule: "npm-token", starts: ["npm_"], rest: /[0-9A-Za-z]{36}/y, proof: "crc32" },
    {
      rule: "pypi-token",
      // Base64 of the macaroon's location: pypi.org and test.pypi.org.
      starts: ["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"],
      rest: /[0-9A-Za-z_-]{50,512}/y,
    },
    { rule: "rubygems-token", starts: ["rubygems_"], rest: /[0-9a-f]{48}/y },
    { rule: "crates-token", starts: ["cio"], rest: /[0-9A-Za-z]{32}/y, notAfter: TOKEN },
    { rule: "nuget-key", starts: ["oy2"], rest: /[0-9a-z]{43}/y, notAfter: WORD },
    { rule: "docker-token", starts: ["dckr_pat_", "dckr_oat_"], rest: /[0-9A-Za-z_-]{27,40}/y },
    { rule: "atlassian-token", starts: ["ATATT3xFfG"], rest: /[0-9A-Za-z_=-]{100,256}/y },
    { rule: "bitbucket-token", starts: ["ATBB"], rest: /[0-9A-Za-z]{32}/y, notAfter: WORD },
    { rule: "sonarqube-token", starts: ["sqp_", "squ_", "sqa_"], rest: /[0-9a-f]{40}/y },
    { rule: "sentry-token", starts: ["sntryu_"], rest: /[0-9a-f]{64}/y },
    {
      rule: "sentry-token",
      starts: ["sntrys_eyJ"],
      rest: /[0-9A-Za-z+/=]{80,512}_[0-9A-Za-z+/]{43}/y,
    },
    { rule: "postman-key", starts: ["PMAK-"], rest: /[0-9a-f]{24}-[0-9a-f]{34}/y },
    {
      rule: "doppler-token",
      starts: ["dp.pt.", "dp.st.", "dp.sa.", "dp.ct."],
      rest: /(?:[a-z0-9_-]{2,35}\.)?[0-9A-Za-z]{40,44}/y,
    },
    { rule: "figma-token", starts: ["figd_"], rest: /[0-9A-Za-z_-]{40,64}/y },
    { rule: "jfrog-key", starts: ["AKCp"], rest: /[0-9A-Za-z]{69}/y, notAfter: WORD },
  ];
}

function chatRules(): readonly SecretRule[] {
  return [
    {
      rule: "slack-token",
      starts: ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-"],
      rest: /(?:2-)?(?:[0-9]{8,14}-){1,3}[0-9A-Za-z]{18,64}/y,
    },
    {
      rule: "slack-token",
      starts: ["xoxe.xoxb-1-", "xoxe.xoxp-1-", "xoxe-1-"],
      rest: /[0-9A-Za-z]{140,180}/y,
    },
    { rule: "slack-token", starts: ["xoxc-", "xoxd-"], rest: /[0-9A-Za-z%+/-]{40,256}/y },
    {
      rule: "slack-app-token",
      starts: ["xapp-"],
      rest: /[0-9]-[0-9A-Z]{9,13}-[0-9]{10,14}-[0-9a-f]{64}/y,
    },
    {
      rule: "slack-webhook",
      starts: ["hooks.slack.com/"],
      rest:
        /(?:services|workflows|triggers)\/[0-9A-Z]{8,14}\/[0-9A-Z]{8,20}\/([0-9A-Za-z]{20,64})/y,
    },
    {
      rule: "discord-webhook",
      starts: ["discord.com/api/", "discordapp.com/api/"],
      rest: /(?:v[0-9]{1,2}\/)?webhooks\/[0-9]{17,20}\/([0-9A-Za-z_-]{60,80})/y,
    },
    {
      rule: "discord-bot-token",
      // Base64 of two digits.
      starts: ["MD", "MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"],
      rest: /[0-9A-Za-z_-]{21,26}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,38}/y,
      notAfter: TOKEN,
      proof: "snowflake",
    },
    {
      rule: "telegram-bot-token",
      starts: [":AA"],
      rest: /[0-9A-Za-z_-]{33}/y,
      before: { of: /[0-9]/, min: 8, max: 10 },
    },
    {
      rule: "teams-webhook",
      starts: [".webhook.office.com/"],
      rest:
        /webhookb2\/[0-9a-f-]{36}@[0-9a-f-]{36}\/IncomingWebhook\/([0-9a-f]{32})\/[0-9a-f-]{36}/y,
    },
  ];
}

function modelRules(): readonly SecretRule[] {
  return [
    {
      rule: "anthropic-key",
      starts: ["sk-ant-"],
      rest: /[a-z]{2,8}[0-9]{2}-[0-9A-Za-z_-]{40,128}/y,
    },
    {
      rule: "openai-key",
      starts: ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"],
      rest: /[0-9A-Za-z_-]{40,200}/y,
    },
    { rule: "openai-key", starts: ["sk-"], rest: /[0-9A-Za-z]{48}/y, notAfter: TOKEN },
    { rule: "openrouter-key", starts: ["sk-or-v1-"], rest: /[0-9a-f]{64}/y },
    { rule: "deepseek-key", starts: ["sk-"], rest: /[0-9a-f]{32}/y, notAfter: TOKEN },
    {
      rule: "huggingface-token",
      starts: ["hf_", "api_org_"],
      rest: /[A-Za-z]{34}/y,
      notAfter: TOKEN,
    },
    { rule: "groq-key", starts: ["gsk_"], rest: /[0-9A-Za-z]{52}/y },
    { rule: "xai-key", starts: ["xai-"], rest: /[0-9A-Za-z]{80}/y },
    { rule: "perplexity-key", starts: ["pplx-"], rest: /[0-9A-Za-z]{48}/y },
    { rule: "replicate-token", starts: ["r8_"], rest: /[0-9A-Za-z]{37}/y, notAfter: TOKEN },
    { rule: "langsmith-key", starts: ["lsv2_pt_", "lsv2_sk_"], rest: /[0-9a-f]{32}_[0-9a-f]{10}/y },
  ];
}

function paymentRules(): readonly SecretRule[] {
  return [
    { rule: "stripe-key", starts: ["sk_live_", "rk_live_"], rest: /[0-9A-Za-z]{24,247}/y },
    { rule: "stripe-webhook-secret", starts: ["whsec_"], rest: /[0-9A-Za-z+/]{32,64}={0,2}/y },
    {
      rule: "shopify-token",
      starts: ["shpat_", "shpca_", "shppa_", "shpss_"],
      rest: /[0-9A-Fa-f]{32}/y,
    },
    { rule: "square-token", starts: ["sq0atp-"], rest: /[0-9A-Za-z_-]{22}/y },
    { rule: "square-secret", starts: ["sq0csp-"], rest: /[0-9A-Za-z_-]{43}/y },
    {
      rule: "paypal-token",
      starts: ["access_token$production$"],
      rest: /[0-9a-z]{16}\$[0-9a-f]{32}/y,
    },
    { rule: "razorpay-key", starts: ["rzp_live_"], rest: /[0-9A-Za-z]{14,24}/y },
    { rule: "flutterwave-key", starts: ["FLWSECK-"], rest: /[0-9a-f]{32}-X/y },
  ];
}

function serviceRules(): readonly SecretRule[] {
  return [
    { rule: "sendgrid-key", starts: ["SG."], rest: /[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}/y },
    { rule: "twilio-key", starts: ["SK"], rest: /[0-9a-f]{32}/y, notAfter: WORD },
    {
      rule: "twilio-auth-token",
      starts: ["TWILIO_AUTH_TOKEN", "twilio_auth_token", "twilioAuthToken"],
      rest: new RegExp(`${ASSIGN}([0-9a-f]{32})`, "y"),
    },
    { rule: "mailgun-key", starts: ["key-"], rest: /[0-9a-f]{32}/y, notAfter: TOKEN },
    {
      rule: "mailchimp-key",
      starts: ["-us"],
      rest: /[0-9]{1,2}/y,
      before: { of: /[0-9a-f]/, min: 32, max: 32 },
    },
    { rule: "brevo-key", starts: ["xkeysib-"], rest: /[0-9a-f]{64}-[0-9A-Za-z]{16}/y },
    { rule: "newrelic-key", starts: ["NRAK-"], rest: /[0-9A-Z]{27}/y },
    { rule: "grafana-token", starts: ["glsa_"], rest: /[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}/y },
    { rule: "grafana-token", starts: ["glc_eyJ"], rest: /[0-9A-Za-z+/]{40,400}={0,2}/y },
    { rule: "linear-key", starts: ["lin_api_"], rest: /[0-9A-Za-z]{40}/y },
    { rule: "notion-token", starts: ["ntn_"], rest: /[0-9A-Za-z]{46}/y },
    { rule: "notion-token", starts: ["secret_"], rest: /[0-9A-Za-z]{43}/y, notAfter: TOKEN },
    {
      rule: "airtable-token",
      starts: ["pat"],
      rest: /[0-9A-Za-z]{14}\.[0-9a-f]{64}/y,
      notAfter: TOKEN,
    },
    { rule: "asana-token", starts: ["0/"], rest: /[0-9]{16}:[0-9a-f]{32}/y, notAfter: WORD },
    { rule: "contentful-token", starts: ["CFPAT-"], rest: /[0-9A-Za-z_-]{43}/y },
    { rule: "mapbox-token", starts: ["sk.eyJ"], rest: /[0-9A-Za-z_-]{40,120}\.[0-9A-Za-z_-]{22}/y },
    {
      rule: "onepassword-token",
      starts: ["ops_eyJ"],
      rest: /[0-9A-Za-z+/_-]{200,512}/y,
      notAfter: TOKEN,
    },
    {
      rule: "hubspot-token",
      starts: ["pat-na1-", "pat-eu1-"],
      rest: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/y,
    },
    { rule: "dropbox-token", starts: ["sl."], rest: /[0-9A-Za-z_-]{130,256}/y, notAfter: TOKEN },
    { rule: "age-secret-key", starts: ["AGE-SECRET-KEY-1"], rest: /[02-9AC-HJ-NP-Z]{58}/y },
  ];
}

function generalRules(): readonly SecretRule[] {
  return [
    {
      rule: "private-key",
      starts: ["-----BEGIN"],
      // The label of RFC 7468, its spaces also as an URL has them.
      rest:
        /(?:[ +]|%20)(?:[A-Z0-9]{2,9}(?:[ +]|%20)){0,2}PRIVATE(?:[ +]|%20)KEY(?:(?:[ +]|%20)BLOCK)?-----/y,
      proof: "key-block",
    },
    { rule: "jwt", starts: ["eyJ"], rest: /(?:)/y, notAfter: TOKEN, proof: "jwt" },
    {
      rule: "database-url",
      starts: [
        ...[
          "postgres://",
          "postgresql://",
          "mysql://",
          "mariadb://",
          "mongodb://",
          "mongodb+srv://",
        ],
        ...[
          "redis://",
          "rediss://",
          "amqp://",
          "amqps://",
          "mssql://",
          "sqlserver://",
          "clickhouse://",
        ],
      ],
      rest: /[^\s:/?#@"'`<>]{0,64}:([^\s:/@"'`<>]{1,128})@[0-9A-Za-z.[\]:_-]{1,255}/y,
      proof: "connection",
    },
  ];
}
