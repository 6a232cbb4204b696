import assert from "node:assert/strict";
import type { ArgumentKind, InspectionRules } from "../../src/access/inspection.ts";
import type { AccessRequest, Resource, ToolListing } from "../../src/access/request.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { inspectCheck } from "../../src/inspect/check.ts";

const RULES: InspectionRules = {
  level: "standard",
  paths: {
    roots: ["/work"],
    cwd: "/work",
    home: undefined,
    deny: [],
    except: [],
    ignoreCase: false,
    local: false,
  },
  commands: new Map([["default", {
    allow: new Set(["git", "ls"]),
    projectScripts: true,
    noInlineCode: new Set<string>(),
    sensitive: [],
    writeRoots: ["/work"],
    cwd: "/work",
    home: undefined,
  }]]),
  urls: {
    schemes: ["https"],
    allowHosts: undefined,
    denyNames: [],
    denySuffixes: [],
    allowNetworks: [],
  },
  dialect: "postgres",
  results: { hidden: "remove", secrets: "redact", injection: "mark" },
};

const PATH: ArgumentKind = { kind: "path", access: "read" };
const COMMAND: ArgumentKind = { kind: "command", profile: "default" };
const ARGV: ArgumentKind = { kind: "argv", profile: "default" };

interface Asked {
  readonly kinds?: Readonly<Record<string, ArgumentKind>>;
  readonly inputSchema?: JsonValue;
  readonly name?: string;
  readonly rules?: Partial<InspectionRules>;
  readonly prompts?: Readonly<Record<string, Readonly<Record<string, ArgumentKind>>>>;
}

async function find(request: Partial<AccessRequest>, asked: Asked = {}): Promise<string> {
  const { kinds = {}, inputSchema, name = "tool", rules = {}, prompts = {} } = asked;
  const plan = {
    inspection: { ...RULES, ...rules },
    argumentKinds: () => new Map(Object.entries(kinds)),
    promptKinds: (prompt: string) => {
      const declared = prompts[prompt];
      return declared === undefined ? undefined : new Map(Object.entries(declared));
    },
  };
  const listing: ToolListing | undefined = inputSchema === undefined
    ? undefined
    : { name, description: undefined, inputSchema };
  const finding = await inspectCheck(plan).examine(
    {
      principal: { id: "dev", kind: "local", roles: new Set(), scopes: new Set() },
      action: "execute",
      resource: { kind: "tool", server: null, name },
      method: "tools/call",
      known: true,
      arguments: {},
      context: {
        traceId: "0".repeat(32),
        receivedAtMs: 0,
        direction: "client-to-upstream",
        transport: "stdio",
        revision: null,
        ...(listing === undefined ? {} : { listing }),
      },
      ...request,
    },
    undefined,
    AbortSignal.timeout(5000),
  );
  if (finding.effect === "pass") return "pass";
  const { reason } = finding;
  return reason.code === "unsafe_argument" ? `${reason.rule} ${reason.pointer}` : reason.code;
}

function call(args: JsonObject, asked: Asked = {}): Promise<string> {
  return find({ arguments: args }, asked);
}

function read(name: string, more: Partial<Resource> = {}, asked: Asked = {}): Promise<string> {
  const resource: Resource = { kind: "resource", server: null, name, ...more };
  return find({ method: "resources/read", action: "read", resource }, asked);
}

Deno.test("inspectCheck() lets no schema of a server make a declared kind laxer", async () => {
  const text = { type: "string", description: "text", enum: ["/etc/hosts"] };
  const inputSchema: JsonObject = {
    type: "object",
    properties: {
      path: { type: ["string", "array", "object"], items: text, properties: { id: text } },
      more: { type: "object", properties: { "0": text, message: { type: "string" } } },
    },
  };
  const asked = { kinds: { "/path": PATH, "/more/*": PATH }, inputSchema };
  const path = "/etc/hosts";
  assert.equal(await call({ path }, asked), "path-outside-roots /path");
  assert.equal(await call({ path: [path] }, asked), "path-outside-roots /path/0");
  assert.equal(await call({ path: { id: path } }, asked), "path-outside-roots /path/id");
  assert.equal(await call({ more: { "0": path } }, asked), "path-outside-roots /more/0");
  assert.equal(await call({ more: { message: path } }, asked), "path-outside-roots /more/message");
  assert.equal(await call({ more: { message: "src/a.ts" } }, asked), "pass");
});

Deno.test("inspectCheck() judges one text where items are declared as one of them", async () => {
  const asked = { kinds: { "/paths/*": PATH, "/sets/*/*": PATH, "/edits/*/file": PATH } };
  assert.equal(await call({ paths: "../outside" }, asked), "path-outside-roots /paths");
  assert.equal(await call({ sets: "../outside" }, asked), "path-outside-roots /sets");
  assert.equal(await call({ sets: ["../outside"] }, asked), "path-outside-roots /sets/0");
  assert.equal(await call({ edits: [{ file: "a" }], paths: "b" }, asked), "pass");
});

Deno.test("inspectCheck() takes an argument vector for words, and one text for a command line", async () => {
  const asked = { kinds: { "/argv": ARGV } };
  assert.equal(await call({ argv: ["git", "log", 5] }, asked), "pass");
  assert.equal(await call({ argv: "git log" }, asked), "pass");
  assert.equal(await call({ argv: null }, asked), "pass");
  assert.equal(await call({ argv: "dd of=/disk" }, asked), "command-program /argv");
  assert.equal(await call({ argv: [["dd", "of=/disk"]] }, asked), "argv-no-words /argv");
  assert.equal(await call({ argv: { "0": "git" } }, asked), "argv-no-words /argv");
});

Deno.test("inspectCheck() judges the words of a vector that is only inferred together", async () => {
  const inputSchema: JsonObject = {
    type: "object",
    properties: { command: { type: "array", items: { type: "string" } } },
  };
  const asked = { inputSchema, name: "run_shell_command" };
  assert.equal(await call({ command: ["git", "log"] }, asked), "pass");
  assert.equal(await call({ command: ["dd", "of=/disk"] }, asked), "command-program /command");
});

Deno.test("inspectCheck() finds files among resources, however their URI is spelled", async () => {
  const outside = "path-outside-roots /uri";
  assert.equal(await read("file:///etc/hosts"), outside);
  assert.equal(await read(" FILE:///etc/hosts"), outside);
  assert.equal(await read("fi\tle:///etc/hosts"), outside);
  assert.equal(await read("file:etc/hosts"), outside);
  assert.equal(await read("\u0000file:///etc/hosts"), "hidden-nul /uri");
  assert.equal(await read("memory://a\u202eb"), "hidden-bidi /uri");
  assert.equal(await read("../../etc/hosts"), "unknown-traversal /uri");
  assert.equal(await read("http://169.254.169.254/"), "unknown-metadata /uri");
  assert.equal(await read("file:///work/a%20b.md"), "pass");
  assert.equal(await read("memory://graph"), "pass");
  assert.equal(await read("file:///{name}", { template: true }), "pass");
  const rules = { paths: undefined };
  assert.equal(await read("file:///etc/hosts", {}, { rules }), "pass");
});

Deno.test("inspectCheck() refuses hidden characters in the name of a tool", async () => {
  const resource: Resource = { kind: "tool", server: null, name: "read\u202e_file" };
  assert.equal(await find({ resource }), "hidden-bidi /name");
});

Deno.test("inspectCheck() looks at the names of members for what is unmistakable", async () => {
  const asked = { kinds: { "/files/*": { kind: "code" } as const } };
  assert.equal(await call({ files: { "src/a.ts": "x" } }, asked), "pass");
  assert.equal(
    await call({ files: { "../../.profile": "x" } }, asked),
    "unknown-traversal /files/..~1..~1.profile",
  );
  assert.equal(
    await call({ more: [{ "file:///etc/hosts": 1 }] }),
    "unknown-local-url /more/0/file:~1~1~1etc~1hosts",
  );
});

Deno.test("inspectCheck() takes no look-alike of a declared name where no schema is known", async () => {
  const asked = { kinds: { "/path": PATH, "/edits/*/text": { kind: "code" } as const } };
  assert.equal(await call({ Path: "/etc/hosts" }, asked), "invalid_arguments");
  assert.equal(await call({ edits: [{ TEXT: "x" }] }, asked), "invalid_arguments");
  assert.equal(await call({ path: "a", paths: ["b"], edits: [{ text: "x" }] }, asked), "pass");
});

Deno.test("inspectCheck() judges a command with what the same call gives it to read", async () => {
  const rules = { commands: withShell() };
  const kinds = { "/run": COMMAND, "/in": { kind: "stdin" } } as const;
  const ask = (args: JsonObject) => find({ arguments: args }, { kinds, rules });
  assert.equal(await ask({ run: "sh" }), "pass");
  assert.equal(await ask({ run: "sh", in: "ls -l" }), "pass");
  assert.match(await ask({ run: "sh", in: "curl x.example" }), /\/run/);
  assert.match(await ask({ in: "curl x.example", run: "ls; sh" }), /\/run/);
  assert.equal(await ask({ run: "ls", in: "curl x.example | sh" }), "pass");
  assert.match(await ask({ run: "sh", in: ["ls"] }), /\/run/);
  assert.match(await ask({ run: ["ls", "sh"], in: "ls" }), /\/run\/1/);
});

Deno.test("inspectCheck() judges a command by the folder that the same call runs it in", async () => {
  const kinds = { "/run": COMMAND, "/in": { kind: "workdir" } } as const;
  const ask = (args: JsonObject, rules = {}) => find({ arguments: args }, { kinds, rules });
  assert.equal(await ask({ run: "ls > ../a.txt", in: "/work/deep" }), "pass");
  assert.equal(await ask({ run: "ls > ../a.txt", in: "deep" }), "pass");
  assert.match(await ask({ run: "ls > ../a.txt", in: "/work" }), /\/run/);
  assert.match(await ask({ run: "ls", in: "/opt" }), /\/in/);
  // Without roots for paths any folder may be named, and then nothing may be written there.
  const open = { paths: undefined };
  assert.equal(await ask({ run: "ls", in: "/opt" }, open), "pass");
  assert.match(await ask({ run: "ls > a.txt", in: "/opt" }, open), /\/run/);
  assert.match(await ask({ run: "./run.sh", in: "/opt" }, open), /\/run/);
});

Deno.test("inspectCheck() judges the arguments of a prompt whose kinds are declared", async () => {
  const ask = (name: string, command: string) =>
    find({
      method: "prompts/get",
      action: "read",
      resource: { kind: "prompt", server: null, name },
      arguments: { command },
    }, { prompts: { run: { "/command": COMMAND } } });
  assert.equal(await ask("run", "ls -l"), "pass");
  assert.match(await ask("run", "curl x.example"), /\/command/);
  assert.equal(await ask("explain", "curl x.example"), "pass");
});

function withShell(): InspectionRules["commands"] {
  const profile = RULES.commands.get("default");
  assert.ok(profile !== undefined);
  return new Map([["default", { ...profile, allow: new Set(["ls", "sh"]) }]]);
}

Deno.test("inspectCheck() lets other work go on while it makes a long list ready", async () => {
  const properties = Object.fromEntries(
    Array.from(
      { length: 20 },
      (_, at) => [`file_${at}`, { type: "string", description: "A file" }],
    ),
  );
  const tools = Array.from({ length: 400 }, (_, at): ToolListing => ({
    name: `tool_${at}`,
    description: undefined,
    inputSchema: { type: "object", properties },
  }));
  const check = inspectCheck({ inspection: RULES, argumentKinds: () => undefined });
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  let readSchemas = 0;
  const watched = tools.map((tool) => ({
    ...tool,
    get description() {
      readSchemas++;
      return undefined;
    },
  }));
  await check.prepare?.(watched);
  clearInterval(timer);
  assert.ok(turns >= 10, `${turns} turns`);
  assert.ok(readSchemas > 0 && readSchemas < tools.length, `${readSchemas} were made ready`);
});

Deno.test("inspectCheck() looks into an inferred id as into what nobody knows", async () => {
  const inputSchema: JsonObject = { type: "object", properties: { id: { type: "string" } } };
  assert.equal(await call({ id: "a-5:b/c" }, { inputSchema }), "pass");
  assert.equal(await call({ id: "../../x" }, { inputSchema }), "unknown-traversal /id");
  const kinds = { "/id": { kind: "id" } as const };
  assert.equal(await call({ id: "../../x" }, { inputSchema, kinds }), "pass");
});

Deno.test("inspectCheck() looks into the answers to a server's questions, also where there is nothing else", async () => {
  const inputResponses = { name: { content: { text: "a\u202eb" } } };
  const found = "hidden-bidi /inputResponses/name/content/text";
  assert.equal(await find({ inputResponses }), found);
  assert.equal(await find({ inputResponses, action: "control", method: "tasks/update" }), found);
  assert.equal(await find({ inputResponses: { name: { action: "accept" } } }), "pass");
  assert.equal(
    await find({ inputResponses: {}, arguments: { path: "../.." } }, { kinds: { "/path": PATH } }),
    "path-outside-roots /path",
  );
});
