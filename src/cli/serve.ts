/**
 * `mcp-aegis serve …`: stands in front of a server that many clients reach over HTTP.
 * @module
 */

import { type Command, defineCommand } from "./command.ts";
import { SERVE_FLAGS } from "./serve_flags.ts";

/** The HTTP proxy. */
export const serveCommand: Command = defineCommand({
  name: "serve",
  brief: "stand in front of a server that many clients reach over HTTP",
  usage: [
    "serve --upstream URL --policy FILE [flags]",
    "serve --policy FILE [flags] -- COMMAND ARGS…",
    "serve --config aegis.yaml [flags]",
  ],
  examples: [
    {
      about: "in front of a server on this machine, for whoever is on it",
      command: "mcp-aegis serve --upstream http://127.0.0.1:3001/mcp --policy policies.yaml \\\n" +
        "          --principal developer --roles dev",
    },
    {
      about: "a server that speaks stdio alone, for clients that speak HTTP",
      command: "mcp-aegis serve --policy policies.yaml --principal developer --roles dev \\\n" +
        "          -- npx -y @modelcontextprotocol/server-filesystem /tmp",
    },
    {
      about: "for many, each with a token of your authorization server",
      command: "mcp-aegis serve --upstream http://127.0.0.1:3001/mcp --policy policies.yaml \\\n" +
        "          --issuer https://auth.example --public-url https://mcp.example",
    },
    {
      about:
        "several servers, each under a path of its own with its policy; check finds its faults",
      command: "mcp-aegis serve --config aegis.yaml",
    },
  ],
  flags: SERVE_FLAGS,
  rest: true,
  notes: ["With --config a flag goes before a variable, and both before the file."],
  run: async (parsed, io) => {
    const [{ readServePlan }, { startServe }] = await Promise.all([
      import("./serve_plan.ts"),
      import("../serve.ts"),
    ]);
    return await startServe(await readServePlan(parsed, io));
  },
});
