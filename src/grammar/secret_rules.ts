/**
 * What secrets look like, issuer by issuer: the table of all rules.
 * @module
 */

import { CLOUD_SECRETS, CODE_SECRETS } from "./cloud_secrets.ts";
import { type SecretRule, TOKEN } from "./secret_rule.ts";
import { CHAT_SECRETS, MODEL_SECRETS, SERVICE_SECRETS } from "./service_secrets.ts";

/** Secrets that no one issuer makes. */
const GENERAL_SECRETS: readonly SecretRule[] = [
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

/** All rules. Where two begin alike, the longer beginning is tried first. */
export const SECRET_RULES: readonly SecretRule[] = [
  ...CLOUD_SECRETS,
  ...CODE_SECRETS,
  ...CHAT_SECRETS,
  ...MODEL_SECRETS,
  ...SERVICE_SECRETS,
  ...GENERAL_SECRETS,
];
