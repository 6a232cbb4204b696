/**
 * Names under `redact:` that no rule for secrets has. Brings the table of all rules along: import it
 * with `import()`, and only for a policy that names some.
 * @module
 */

import { type Diagnostic, nearest } from "../base/diagnostic.ts";
import { SECRET_RULES } from "../grammar/secret_rules.ts";
import { ALL_SECRETS } from "./build_rules.ts";
import type { NamedSecret } from "./read.ts";

const RULES = new Set(SECRET_RULES.map(({ rule }) => rule));
/** `github` stands for every `github-…`. */
const ISSUERS = new Set([...RULES].flatMap(beginnings));

const EXAMPLES = "github, slack-token, private-key, jwt";

/** Finds every name that stands for no secret: then nothing would be taken out. */
export function lintSecrets(named: readonly NamedSecret[]): readonly Diagnostic[] {
  const known = [ALL_SECRETS, ...RULES, ...ISSUERS];
  return named.filter(({ name }) => !known.includes(name)).map(({ name, ref }): Diagnostic => {
    const near = nearest(name, known);
    return {
      ...ref,
      code: "unknown-secret",
      severity: "error",
      message: `There is no rule for secrets named ${JSON.stringify(name.slice(0, 80))}`,
      hint: near === undefined
        ? `Write ${ALL_SECRETS} for all of them, or an issuer or rule such as ${EXAMPLES}`
        : `Did you mean "${near}"?`,
    };
  });
}

/** `aws-access-key`: `aws`, `aws-access`. */
function beginnings(rule: string): readonly string[] {
  const words = rule.split("-");
  return words.slice(1).map((_, i) => words.slice(0, i + 1).join("-"));
}
