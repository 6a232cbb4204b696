import { deepEqual, equal, throws } from "node:assert/strict";
import { AegisError } from "../../../src/base/error.ts";
import {
  type ChildEnvironment,
  childEnvironment,
  environmentNotice,
} from "../../../src/transport/stdio/environment.ts";

function choose(
  parentEnv: Readonly<Record<string, string>>,
  pass: readonly string[] = [],
  os = "linux",
): ChildEnvironment {
  return childEnvironment(parentEnv, { pass, os });
}

function set(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
}

Deno.test("childEnvironment() passes what a program needs to run, and nothing else", () => {
  const passed = set(
    ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LC_ALL", "LC_CTYPE"],
    ...["TMPDIR", "TMP", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DISPLAY", "WAYLAND_DISPLAY"],
    ...["HTTP_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"],
    ...["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"],
    ...["CURL_CA_BUNDLE", "DENO_CERT", "PIP_CERT", "GIT_SSL_CAINFO", "NVM_DIR", "VOLTA_HOME"],
    ...["npm_config_registry", "npm_config_cache", "NPM_CONFIG_PREFIX"],
  );
  const withheld = set(
    ...["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "OPENAI_API_KEY", "DATABASE_URL", "FOO"],
    ...["NODE_OPTIONS", "LD_PRELOAD", "path", "Path", "home", "Http_Proxy", "MYPATH", "XDG"],
    ...["NODE_AUTH_TOKEN", "SSH_AUTH_SOCK", "__proto__x", "constructor", "toString"],
  );
  const chosen = choose({ ...withheld, ...passed });
  deepEqual(chosen.env, passed);
  deepEqual(chosen.withheld, Object.keys(withheld).sort());
  deepEqual([chosen.refused, chosen.unset], [[], []]);
});

Deno.test("childEnvironment() withholds credentials among the settings of npm and version managers", () => {
  const names = [
    ...["npm_config__auth", "npm_config_//registry.example/:_authToken", "NPM_CONFIG_AUTH"],
    ...["npm_config__password", "npm_config_key", "npm_config_private_key", "npm_config_otp"],
    ...["NPM_CONFIG__AUTHTOKEN", "NVM_AUTH_HEADER", "VOLTA_TOKEN", "npm_config_client_secret"],
  ];
  deepEqual(choose(set(...names)).env, {});
  deepEqual(choose(set(...names)).withheld, [...names].sort());
});

Deno.test("childEnvironment() passes what the operator names, from ours or as given", () => {
  const parentEnv = set("PATH", "API_KEY", "OTHER");
  const chosen = choose(parentEnv, ["API_KEY", "MODE=fast=yes", "EMPTY=", "PATH=/bin", "GONE"]);
  deepEqual(chosen.env, {
    PATH: "/bin",
    API_KEY: "value of API_KEY",
    MODE: "fast=yes",
    EMPTY: "",
  });
  deepEqual(chosen.withheld, ["OTHER"]);
  deepEqual(chosen.unset, ["GONE"]);
});

Deno.test("childEnvironment() never passes this program's own settings", () => {
  const own = set("AEGIS_AUDIT_KEY", "GUARDIAN_POLICY", "aegis_x", "Guardian_Y");
  const chosen = choose(own, ["AEGIS_AUDIT_KEY", "GUARDIAN_POLICY=x", "aegis_x", "AEGIS_NEW=1"]);
  deepEqual(chosen.env, {});
  deepEqual(chosen.withheld, []);
  deepEqual(chosen.refused, ["AEGIS_AUDIT_KEY", "GUARDIAN_POLICY", "aegis_x", "AEGIS_NEW"]);
});

Deno.test("childEnvironment() compares names without case on Windows", () => {
  const passed = set("Path", "SystemRoot", "AppData", "LOCALAPPDATA", "UserProfile", "PathExt");
  const more = set("ComSpec", "Temp", "TMP", "Http_Proxy", "Npm_Config_Cache");
  const chosen = choose({ ...passed, ...more, Secret: "x", Aegis_Key: "y" }, [
    ...["SECRET", "path=C:\\bin", "aegis_key"],
  ], "windows");
  deepEqual(chosen.env, { ...passed, ...more, Secret: "x", Path: "C:\\bin" });
  deepEqual(chosen.refused, ["aegis_key"]);
  deepEqual(choose(set("SystemRoot", "APPDATA", "TEMP")).env, {});
});

Deno.test("childEnvironment() refuses an entry that names no variable", () => {
  for (const entry of ["", "=x", "A\0B", "A=\0"]) {
    throws(() => choose({}, [entry]), (error) => {
      return error instanceof AegisError && error.code === "bad-env";
    }, JSON.stringify(entry));
  }
});

Deno.test("childEnvironment() takes no name for more than a name", () => {
  const parentEnv = JSON.parse('{"__proto__": "x", "HOME": "/h"}');
  const chosen = choose(parentEnv, ["__proto__", "hasOwnProperty"]);
  deepEqual(Object.keys(chosen.env).sort(), ["HOME", "__proto__"]);
  deepEqual(chosen.unset, ["hasOwnProperty"]);
});

Deno.test("environmentNotice() names what was withheld with the flags that would pass it, and no value", () => {
  const chosen = choose(
    { SECRET_B: "hunter2", SECRET_A: "hunter3", PWD: "/", _: "x", SHLVL: "1", "odd name": "z" },
    ["AEGIS_X", "NOT_SET"],
  );
  equal(
    environmentNotice(chosen),
    "environment not passed to the server: SECRET_A, SECRET_B, odd name; pass what it needs with: " +
      "--env SECRET_A --env SECRET_B --env 'odd name'; " +
      "never passed, as they are settings of mcp-aegis: AEGIS_X; " +
      "asked for with --env but not set: NOT_SET",
  );
  equal(environmentNotice(choose({ PATH: "/bin", PWD: "/" })), undefined);
  equal(environmentNotice(choose({ "A\u001b[2J": "x" }))?.includes("\u001b"), false);
});
