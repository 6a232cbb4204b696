/**
 * What secrets of services look like: chats, models, payments, mail, data.
 * @module
 */

import { ASSIGN, type SecretRule, TOKEN, WORD } from "./secret_rule.ts";

/** Chats and their hooks. */
export const CHAT_SECRETS: readonly SecretRule[] = [
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
  {
    rule: "slack-token",
    starts: ["xoxc-", "xoxd-"],
    rest: /[0-9A-Za-z%+/-]{40,256}/y,
    notAfter: TOKEN,
  },
  {
    rule: "slack-app-token",
    starts: ["xapp-"],
    rest: /[0-9]-[0-9A-Z]{9,13}-[0-9]{10,14}-[0-9a-f]{64}/y,
  },
  {
    rule: "slack-webhook",
    starts: ["hooks.slack.com/"],
    rest: /(?:services|workflows|triggers)\/[0-9A-Z]{8,14}\/[0-9A-Z]{8,20}\/([0-9A-Za-z]{20,64})/y,
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
    rest: /webhookb2\/[0-9a-f-]{36}@[0-9a-f-]{36}\/IncomingWebhook\/([0-9a-f]{32})\/[0-9a-f-]{36}/y,
  },
];

/** Models. */
export const MODEL_SECRETS: readonly SecretRule[] = [
  {
    rule: "anthropic-key",
    starts: ["sk-ant-"],
    rest: /[a-z]{2,8}[0-9]{2}-[0-9A-Za-z_-]{40,128}/y,
    notAfter: TOKEN,
  },
  {
    rule: "openai-key",
    starts: ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"],
    rest: /[0-9A-Za-z_-]{40,200}/y,
    notAfter: TOKEN,
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

/** Payments, mail, data and the rest. */
export const SERVICE_SECRETS: readonly SecretRule[] = [
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
