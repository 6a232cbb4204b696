import { deepEqual, equal, throws } from "node:assert/strict";
import { CliError } from "../../src/cli/exit.ts";
import { credentialsOf, isOpenToOthers } from "../../src/cli/upstream.ts";

const NONE = { tokenFile: undefined, headers: [] };

Deno.test("isOpenToOthers() takes http for this machine, and elsewhere only when it is wanted", () => {
  const open = (text: string, allowed = false) => isOpenToOthers(new URL(text), { allowed });
  for (
    const url of [
      "https://mcp.example/mcp",
      "http://localhost:1/mcp",
      "http://127.0.0.1/mcp",
      "http://127.1.2.3/mcp",
      "http://2130706433/mcp", // 127.0.0.1, as URLs read it
      "http://[::1]:9/mcp",
    ]
  ) equal(open(url), false, url);
  for (
    const url of [
      "http://mcp.example/mcp",
      "http://localhost.example/mcp",
      "http://127.0.0.1.example/mcp",
      "http://0.0.0.0/mcp",
      "http://[::ffff:127.0.0.1]/mcp",
      "http://10.0.0.1/mcp",
    ]
  ) {
    throws(() => open(url), CliError, url);
    equal(open(url, true), true, url);
  }
});

Deno.test("credentialsOf() reads where credentials come from", () => {
  deepEqual(credentialsOf(NONE), []);
  deepEqual(credentialsOf({ tokenFile: "t", headers: ["X-Api-Key=KEY", "x-more=OTHER"] }), [
    { kind: "token_file", path: "t" },
    { kind: "environment", header: "x-api-key", variable: "KEY" },
    { kind: "environment", header: "x-more", variable: "OTHER" },
  ]);
});

Deno.test("credentialsOf() refuses headers that are none, taken, or said twice", () => {
  for (
    const header of [
      "",
      "name",
      "=VAR",
      "name=",
      "na me=VAR",
      "name: value",
      "Accept=VAR",
      "Content-Type=VAR",
      "content-length=VAR",
      "Host=VAR",
      "Mcp-Session-Id=VAR",
      "MCP-Protocol-Version=VAR",
      "Mcp-Param-Region=VAR",
      "Last-Event-ID=VAR",
      "Transfer-Encoding=VAR",
    ]
  ) throws(() => credentialsOf({ ...NONE, headers: [header] }), CliError, header);
  throws(() => credentialsOf({ ...NONE, headers: ["a=V", "A=W"] }), CliError);
  throws(() => credentialsOf({ tokenFile: "t", headers: ["Authorization=V"] }), CliError);
  throws(() => credentialsOf({ ...NONE, tokenFile: "" }), CliError);
});
