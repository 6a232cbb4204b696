import assert from "node:assert/strict";
import {
  anyAuthenticator,
  apiKeyAuthenticator,
  createGateway,
  hashApiKey,
  jwtAuthenticator,
  memorySink,
  parsePolicy,
} from "../../mod.ts";
import { startIssuer } from "../fixtures/issuer.ts";

const POLICY = `
version: "1"
principals:
  developer: { roles: [dev], tools: [{ pattern: "read_*", actions: [execute] }] }
  ci: { match: { issuer: apikey, subject: ci }, tools: [{ pattern: "build", actions: [execute] }] }
  apikey#ci: { tools: [{ pattern: "never", actions: [execute] }] }
`;

const CALLS = ["read_file", "build", "never"];

Deno.test("createGateway() lets tokens and API keys do what policy says of their roles and names", async () => {
  await using issuer = await startIssuer();
  const { issuer: name, jwksUri, audience } = issuer;
  await using tokens = jwtAuthenticator({
    issuers: [{
      issuer: name,
      jwksUri,
      audiences: [audience],
      claims: { roles: ["groups"], roleMap: { engineering: ["dev"] } },
    }],
  });
  const keys = apiKeyAuthenticator({
    keys: [{ id: "ci", hash: await hashApiKey("aegis_4f1c9a7be2d84c06b5a3f08e12d7c964") }],
  });
  const audit = memorySink();
  await using gateway = createGateway({
    authenticator: anyAuthenticator([tokens, keys]),
    policy: await parsePolicy(POLICY),
    audit,
  });
  const allowed = async (token: string): Promise<readonly string[]> => {
    const channel = await gateway.openChannel({
      credentials: { kind: "bearer", token },
      upstream: null,
      transport: "http",
    });
    const frames = CALLS.map((tool, id) => {
      const params = { name: tool, arguments: {} };
      return new TextEncoder().encode(
        JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params }),
      );
    });
    const dispositions = await channel.fromClient(frames);
    return CALLS.filter((_, at) => dispositions[at]?.kind === "forward");
  };
  assert.deepEqual(await allowed(await issuer.mint({ groups: ["engineering"] })), ["read_file"]);
  assert.deepEqual(await allowed(await issuer.mint({ groups: ["dev"], sub: "ci" })), []);
  assert.deepEqual(await allowed("aegis_4f1c9a7be2d84c06b5a3f08e12d7c964"), ["build"]);
  const stranger = await issuer.mint({ aud: "https://else.example" });
  await assert.rejects(allowed(stranger), { code: "unauthenticated" });
  await assert.rejects(allowed("aegis_0000000000000000000"), { code: "unauthenticated" });
});
