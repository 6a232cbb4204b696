/**
 * Which key of a policy would let a refused argument through.
 * @module
 */

/** By rule, as the audit names it. */
const WIDER: Readonly<Record<string, string>> = {
  "path-outside-roots": "Name a folder above it under inspect.paths.roots",
  "path-link-outside":
    "Name the folder that the link leads to under inspect.paths.roots, or write local: false",
  "path-denied": "Name it under inspect.paths.except, or narrow the glob under inspect.paths.deny",
  "command-program": "Add the program to allow of its profile under inspect.commands",
  "command-script-outside":
    "Add the program to allow of its profile under inspect.commands, and call it by its bare name",
  "command-inline-code":
    "Write no_inline_code of its profile under inspect.commands without the program",
  "command-code-on-stdin":
    "Write no_inline_code of its profile under inspect.commands without the program",
  "command-write-outside":
    "Name the folder under write_roots of its profile under inspect.commands",
  "command-delete-outside":
    "Name the folder under write_roots of its profile under inspect.commands",
  "command-sensitive": "Write sensitive of its profile under inspect.commands without the file",
  "command-no-profile": "Add the profile: inspect: { commands: { default: { allow: [git, ls] } } }",
  "host-not-allowed": "Add the host to inspect.urls.allow_hosts",
  "host-not-public": "Add its network to inspect.urls.allow_networks: 10.1.0.0/16",
  "host-single-label":
    "Add the name to inspect.urls.allow_hosts, which then lists all that is open",
  "host-denied": "Write inspect.urls.deny_names and deny_suffixes without it",
  "url-scheme": "Add the scheme to inspect.urls.schemes",
  "sql-data-change": "Declare the argument with a wider profile: sql(DIALECT, dml)",
  "sql-unbounded": "Give the statement a WHERE that can be false, or declare sql(DIALECT, any)",
  "sql-statement": "Declare the argument with a wider profile: sql(DIALECT, any)",
  "sql-statements": "Send one statement, or declare the argument sql(DIALECT, any)",
  "sql-function": "Declare the argument with a wider profile: sql(DIALECT, any)",
  "sql-lock": "Declare the argument with a wider profile: sql(DIALECT, any)",
  "sql-into": "Declare the argument with a wider profile: sql(DIALECT, any)",
  "sql-file": "Declare the argument with a wider profile: sql(DIALECT, any)",
  "sql-pragma": "Declare the argument with a wider profile: sql(DIALECT, any)",
  "sql-syntax": "Mend the statement, or name the server's dialect: sql(mysql)",
};

/** A sentence; `undefined` when the value itself is unsafe, whatever the policy says. */
export function widerRule(rule: string | undefined): string | undefined {
  return rule !== undefined && Object.hasOwn(WIDER, rule) ? WIDER[rule] : undefined;
}
