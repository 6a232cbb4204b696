/**
 * What secrets of clouds and of places for code and packages look like.
 * @module
 */

import { ASSIGN, type SecretRule, TOKEN, WORD } from "./secret_rule.ts";

/** Where programs run. */
export const CLOUD_SECRETS: readonly SecretRule[] = [
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
  {
    rule: "aws-session-token",
    // Base64 of "origin_ec" and of "erl/aws", which all of them hold in front.
    starts: ["IQoJb3JpZ2luX2Vj", "FwoGZXIvYXdz"],
    rest: /[0-9A-Za-z+/]{80,1024}={0,2}/y,
    notAfter: WORD,
  },
  { rule: "google-api-key", starts: ["AIza"], rest: /[0-9A-Za-z_-]{35}/y, notAfter: TOKEN },
  { rule: "google-oauth-secret", starts: ["GOCSPX-"], rest: /[0-9A-Za-z_-]{28}/y },
  {
    rule: "google-oauth-token",
    starts: ["ya29."],
    rest: /[0-9A-Za-z_.-]{60,256}/y,
    notAfter: /[0-9A-Za-z_.-]/,
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
  {
    rule: "vault-token",
    starts: ["hvs.", "hvb."],
    rest: /[0-9A-Za-z_-]{24,256}/y,
    notAfter: TOKEN,
  },
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
    notAfter: TOKEN,
  },
];

/** Where code and packages lie. */
export const CODE_SECRETS: readonly SecretRule[] = [
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
    notAfter: TOKEN,
  },
  { rule: "gitlab-runner-token", starts: ["GR1348941"], rest: /[0-9A-Za-z_-]{20}/y },
  { rule: "npm-token", starts: ["npm_"], rest: /[0-9A-Za-z]{36}/y, proof: "crc32" },
  {
    rule: "pypi-token",
    // Base64 of the macaroon's location: pypi.org and test.pypi.org.
    starts: ["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"],
    rest: /[0-9A-Za-z_-]{50,512}/y,
    notAfter: TOKEN,
  },
  { rule: "rubygems-token", starts: ["rubygems_"], rest: /[0-9a-f]{48}/y },
  { rule: "crates-token", starts: ["cio"], rest: /[0-9A-Za-z]{32}/y, notAfter: TOKEN },
  { rule: "nuget-key", starts: ["oy2"], rest: /[0-9a-z]{43}/y, notAfter: WORD },
  {
    rule: "docker-token",
    starts: ["dckr_pat_", "dckr_oat_"],
    rest: /[0-9A-Za-z_-]{27,40}/y,
    notAfter: TOKEN,
  },
  {
    rule: "atlassian-token",
    starts: ["ATATT3xFfG"],
    rest: /[0-9A-Za-z_=-]{100,256}/y,
    notAfter: TOKEN,
  },
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
    notAfter: TOKEN,
  },
  { rule: "figma-token", starts: ["figd_"], rest: /[0-9A-Za-z_-]{40,64}/y, notAfter: TOKEN },
  { rule: "jfrog-key", starts: ["AKCp"], rest: /[0-9A-Za-z]{69}/y, notAfter: WORD },
];
