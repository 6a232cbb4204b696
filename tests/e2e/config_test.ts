/**
 * Several upstreams behind one listener, as `aegis.yaml` says: each has its policy, its audience and
 * its credential.
 */

import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { server, type ServerName } from "../../scripts/servers.ts";
import { CLIENT, startIssuer } from "../fixtures/issuer.ts";
import { deno, tempFolder } from "./harness.ts";
import { freePort, type Listening, startListening } from "./listening.ts";
import { HANDSHAKE } from "./raw_client.ts";
import { RawHttp, type RawReply } from "./raw_http.ts";

type Folder = Awaited<ReturnType<typeof tempFolder>>;

/** Starts `serve --config` by what a test says, beside what every test needs. */
async function serveBy(
  folder: Folder,
  { config, port, env = {} }: {
    readonly config: object;
    readonly port: number;
    readonly env?: Record<string, string>;
  },
): Promise<Listening> {
  const file = await folder.write(
    "aegis.yaml",
    JSON.stringify({
      listen: { port },
      audit: { to: "audit.jsonl" },
      pins: "none",
      limits: { shutdownGrace: 1 },
      ...config,
    }),
  );
  const { command, args } = deno("src/cli/main.ts", "serve", "--config", file);
  return await startListening({ argv: [command, ...args], port, env });
}

async function commandOf(name: ServerName, ...extra: string[]): Promise<readonly string[]> {
  const { command, args } = await server(name);
  return [command, ...args(...extra)];
}

const FILES = `version: "1"
presets: [filesystem]
principals: { dev: { roles: [dev], tools: [{ pattern: "fs:*", actions: [read] }] } }
`;
const GRAPH = `version: "1"
presets: [memory]
principals: { dev: { roles: [dev], tools: [{ pattern: "memory:*", actions: [read, write] }] } }
`;

async function namesAt(client: RawHttp, headers = {}): Promise<readonly string[]> {
  const { messages } = await client.post({ id: 1, method: "tools/list" }, headers);
  const tools = messages[0]?.result?.tools as { readonly name: string }[] | undefined;
  return (tools ?? assert.fail(JSON.stringify(messages))).map(({ name }) => name);
}

/** Begins a session with a token. */
async function begin(client: RawHttp, token: string): Promise<RawReply> {
  const headers = { authorization: `Bearer ${token}` };
  const reply = await client.post(
    { id: "init", method: "initialize", params: HANDSHAKE },
    headers,
  );
  client.session = reply.headers.get("mcp-session-id") ?? undefined;
  if (reply.status === 200) await client.post({ method: "notifications/initialized" }, headers);
  return reply;
}

Deno.test("two real servers behind one listener: each under its path, with its name and its policy", async () => {
  await using folder = await tempFolder();
  await folder.write("files.yaml", FILES);
  await folder.write("graph.yaml", GRAPH);
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  await using proxy = await serveBy(folder, {
    port,
    config: {
      principal: "developer",
      roles: ["dev"],
      upstreams: [
        { name: "fs", command: await commandOf("filesystem", folder.path), policy: "files.yaml" },
        {
          name: "memory",
          command: await commandOf("memory"),
          env: [`MEMORY_FILE_PATH=${folder.path}/graph.json`],
          policy: "graph.yaml",
        },
      ],
    },
  });
  const [files, graph] = [new RawHttp(`${origin}/fs/mcp`), new RawHttp(`${origin}/memory/mcp`)];
  assert.equal((await files.initialize()).status, 200, proxy.stderr());
  assert.equal((await graph.initialize()).status, 200, proxy.stderr());
  const [ofFiles, ofGraph] = [await namesAt(files), await namesAt(graph)];
  assert.ok(ofFiles.includes("read_text_file") && !ofFiles.includes("write_file"), ofFiles.join());
  assert.ok(
    ofGraph.includes("create_entities") && !ofGraph.includes("delete_entities"),
    ofGraph.join(),
  );
  const entities = [{ name: "a", entityType: "b", observations: [] }];
  const made = await graph.call(2, "create_entities", { entities });
  assert.equal(made.messages[0]?.result?.isError ?? false, false, JSON.stringify(made.messages));
  const refused = await files.call(3, "write_file", { path: `${folder.path}/x`, content: "x" });
  assert.equal(refused.messages[0]?.result?.isError, true);
  assert.equal((await new RawHttp(`${origin}/mcp`).initialize()).status, 404);
  // a session is of its endpoint
  const stray = new RawHttp(`${origin}/memory/mcp`);
  stray.session = files.session;
  assert.equal((await stray.post({ id: 4, method: "tools/list" })).status, 404);
  await files.end();
  await graph.end();
  assert.equal(await proxy.stop(), 0, proxy.stderr());
  const audit = await Deno.readTextFile(`${folder.path}/audit.jsonl`);
  assert.match(audit, /"fs"/);
  assert.match(audit, /"memory"/);
});

Deno.test("a token for one upstream is refused at another, and each is described by itself", async () => {
  await using folder = await tempFolder();
  await using issuer = await startIssuer();
  await folder.write("files.yaml", FILES);
  await folder.write("graph.yaml", GRAPH);
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  await using proxy = await serveBy(folder, {
    port,
    config: {
      issuers: [{ issuer: issuer.issuer, jwksUri: issuer.jwksUri, roles: ["groups"] }],
      upstreams: [
        {
          name: "fs",
          command: await commandOf("filesystem", folder.path),
          policy: "files.yaml",
          scopes: ["files"],
        },
        { name: "memory", command: await commandOf("memory"), policy: "graph.yaml" },
      ],
    },
  });
  const paths = ["/fs/mcp", "/memory/mcp"];
  for (const path of paths) {
    const other = paths.find((each) => each !== path) ?? "";
    const token = await issuer.mint({ aud: `${origin}${path}`, groups: ["dev"] });
    const there = await begin(new RawHttp(`${origin}${other}`), token);
    assert.equal(there.status, 401, `${path} at ${other}`);
    const here = new RawHttp(`${origin}${path}`);
    assert.equal((await begin(here, token)).status, 200, proxy.stderr());
    const headers = { authorization: `Bearer ${token}` };
    assert.ok((await namesAt(here, headers)).length > 0);

    const refused = await new RawHttp(`${origin}${path}`).initialize();
    const document = `${origin}/.well-known/oauth-protected-resource${path}`;
    const challenge = refused.headers.get("www-authenticate") ?? "";
    assert.ok(challenge.includes(`resource_metadata="${document}"`), challenge);
    assert.equal(challenge.includes('scope="files"'), path === "/fs/mcp", challenge);
    const described = await (await fetch(document)).json();
    assert.equal(described.resource, `${origin}${path}`);
    assert.deepEqual(described.authorization_servers, [issuer.issuer]);
  }
  const both = await issuer.mint({ aud: paths.map((path) => `${origin}${path}`), groups: ["dev"] });
  for (const path of paths) {
    assert.equal((await begin(new RawHttp(`${origin}${path}`), both)).status, 200);
  }
  assert.equal(await proxy.stop(), 0, proxy.stderr());
});

/** An upstream that remembers what it was shown. */
function recordingUpstream(): AsyncDisposable & {
  readonly seen: Headers[];
  readonly url: string;
} {
  const seen: Headers[] = [];
  const listener = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      seen.push(request.headers);
      const text = await request.text();
      const { id, method } = text === "" ? { id: undefined, method: "" } : JSON.parse(text);
      if (id === undefined) return new Response(null, { status: 202 });
      const result = method === "initialize"
        ? {
          protocolVersion: "2025-06-18",
          capabilities: { tools: {} },
          serverInfo: { name: "seen", version: "1" },
        }
        : { tools: [] };
      return Response.json({ jsonrpc: "2.0", id, result });
    },
  );
  return {
    seen,
    url: `http://127.0.0.1:${listener.addr.port}/mcp`,
    [Symbol.asyncDispose]: () => listener.shutdown(),
  };
}

const OPEN = `version: "1"\ndefaults: { effect: allow }\n`;

Deno.test("a client's token never goes upstream: each upstream is shown the proxy's own credential", async () => {
  await using folder = await tempFolder();
  await using issuer = await startIssuer();
  await using upstream = recordingUpstream();
  await folder.write("open.yaml", OPEN);
  await folder.write("token", "from-file\n");
  const port = freePort();
  const origin = `http://127.0.0.1:${port}`;
  const grant = {
    tokenEndpoint: issuer.tokenEndpoint,
    clientId: CLIENT.id,
    clientSecret: { env: "AEGIS_TEST_SECRET" },
  };
  const { url } = upstream;
  await using proxy = await serveBy(folder, {
    port,
    env: { AEGIS_TEST_KEY: "from variable", AEGIS_TEST_SECRET: CLIENT.secret },
    config: {
      policy: "open.yaml",
      issuers: [{ issuer: issuer.issuer, jwksUri: issuer.jwksUri, audiences: ["proxy"] }],
      upstreams: [
        {
          name: "a",
          url,
          headers: { "X-Key": { env: "AEGIS_TEST_KEY" } },
          token: { file: "token" },
        },
        {
          name: "b",
          url,
          credentials: { clientCredentials: { ...grant, resource: "http://b.example" } },
        },
        { name: "c", url, credentials: { tokenExchange: grant } },
      ],
    },
  });
  const alice = await issuer.mint({ sub: "alice", aud: "proxy" });
  const bob = await issuer.mint({ sub: "bob", aud: "proxy" });
  const shown = async (path: string, token: string) => {
    const before = upstream.seen.length;
    const { status } = await begin(new RawHttp(`${origin}${path}`), token);
    assert.equal(status, 200, proxy.stderr());
    const seen = upstream.seen.slice(before);
    assert.ok(seen.length > 0);
    for (const headers of seen) {
      const text = [...headers].flat().join("\n");
      assert.ok(!text.includes(alice) && !text.includes(bob), "a client's token went upstream");
    }
    return [...new Set(seen.map((headers) => headers.get("authorization") ?? ""))];
  };
  assert.deepEqual(await shown("/a/mcp", alice), ["Bearer from-file"]);
  assert.equal(upstream.seen[0]?.get("x-key"), "from variable");
  await folder.write("token", "renewed");
  assert.deepEqual(await shown("/a/mcp", alice), ["Bearer renewed"]);

  const [own = "", ...more] = await shown("/b/mcp", alice);
  assert.deepEqual(more, []);
  assert.deepEqual(claimsOf(own), ["mcp-aegis", "http://b.example"]);
  assert.deepEqual(await shown("/b/mcp", bob), [own], "one token serves every client");

  const [ofAlice = ""] = await shown("/c/mcp", alice);
  const [ofBob = ""] = await shown("/c/mcp", bob);
  assert.deepEqual(claimsOf(ofAlice), ["alice", url]);
  assert.deepEqual(claimsOf(ofBob), ["bob", url]);

  issuer.tokenAnswer = () => new Response("no", { status: 500 });
  const carol = await issuer.mint({ sub: "carol", aud: "proxy" });
  const before = upstream.seen.length;
  const lost = await begin(new RawHttp(`${origin}/c/mcp`), carol);
  assert.equal(lost.status, 502);
  assert.equal(upstream.seen.length, before, "nothing is sent without its credential");
  const told = JSON.stringify(lost.messages);
  assert.ok(!told.includes("token endpoint") && !told.includes(carol), told);
  assert.match(proxy.stderr(), /c is not asked: the token endpoint gave no token/);
  assert.equal(await proxy.stop(), 0, proxy.stderr());
  const audit = await Deno.readTextFile(`${folder.path}/audit.jsonl`);
  for (const secret of [CLIENT.secret, "from-file", "from variable", alice, ofAlice.slice(7)]) {
    assert.ok(!audit.includes(secret) && !proxy.stderr().includes(secret), "a secret was told");
  }
});

Deno.test("serve shows its upstream a header and a token without a file, too", async () => {
  await using folder = await tempFolder();
  await using upstream = recordingUpstream();
  const policy = await folder.write("open.yaml", OPEN);
  const token = await folder.write("token", "from-file\n");
  const port = freePort();
  const { command, args } = deno(
    "src/cli/main.ts",
    ...["serve", "--upstream", upstream.url, "--policy", policy, "--port", `${port}`],
    ...["--principal", "tester", "--audit", "none", "--pins", "none"],
    ...["--upstream-token-file", token, "--upstream-header-env", "X-Key=AEGIS_TEST_KEY"],
  );
  const env = { AEGIS_TEST_KEY: "from variable", TARGET_SHUTDOWN_TIMEOUT: "1" };
  await using proxy = await startListening({ argv: [command, ...args], port, env });
  const client = new RawHttp(`http://127.0.0.1:${port}/mcp`);
  assert.equal((await client.initialize()).status, 200, proxy.stderr());
  for (const headers of upstream.seen) {
    assert.equal(headers.get("authorization"), "Bearer from-file");
    assert.equal(headers.get("x-key"), "from variable");
  }
  assert.ok(upstream.seen.length > 0);
});

function claimsOf(header: string): readonly unknown[] {
  assert.match(header, /^Bearer /);
  const { sub, aud } = decodeJwt(header.slice(7));
  return [sub, aud];
}
