/**
 * A small authorization server on this machine, for trying MCP-Aegis out over HTTP:
 * `deno run -A scripts/demo/issuer.ts PORT`.
 *
 * Its metadata (RFC 8414), its keys, and a token endpoint for the client credentials grant with
 * `resource` (RFC 8707). Whom it knows stands below, secrets included: it is of no use elsewhere.
 * @module
 */

import {
  calculateJwkThumbprint,
  CompactSign,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
} from "jose";
import { clientOf, excessOf, type KnownClient, tokenRefusal } from "./token_clients.ts";

/** The agents that it knows. */
export const CLIENTS = {
  reader: {
    id: "reader",
    secret: "reader-secret",
    scopes: ["files:read"],
    roles: ["agent"],
  },
  writer: {
    id: "writer",
    secret: "writer-secret",
    scopes: ["files:read", "files:write"],
    roles: ["agent"],
  },
} as const satisfies Record<string, KnownClient>;

const LIFETIME_S = 300;

/** What it signs with. */
interface SigningKey {
  readonly key: CryptoKey;
  readonly kid: string;
  readonly jwk: JWK;
}

if (import.meta.main) {
  const { issuer } = await startIssuer(Number(Deno.args[0] ?? 0));
  const names = Object.values(CLIENTS).map(({ id, secret }) => `${id}:${secret}`);
  console.error(`issuer ${issuer}, clients ${names.join(" ")}`);
}

/** Starts it on a port of this machine; 0 takes any free one. */
export async function startIssuer(
  port: number,
): Promise<{ readonly issuer: string } & AsyncDisposable> {
  const signing = await newKey();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port, onListen: () => {} },
    (request): Response | Promise<Response> => answer(request, { issuer, signing }),
  );
  const issuer = `http://127.0.0.1:${server.addr.port}`;
  return { issuer, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Makes a key of ES256. */
async function newKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { key: privateKey, kid, jwk: { ...jwk, kid, alg: "ES256", use: "sig" } };
}

/** A token with these claims, as anybody with a key can write one. */
export async function signed(claims: object, { key, kid }: SigningKey): Promise<string> {
  return await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid })
    .sign(key);
}

/** A token like this one, with a key of one's own under the name of the issuer's. */
export async function forged(token: string): Promise<string> {
  const [header = "", payload = ""] = token.split(".").map(fromBase64Url);
  const { kid } = JSON.parse(header);
  return await signed(JSON.parse(payload), { ...await newKey(), kid });
}

async function answer(
  request: Request,
  { issuer, signing }: { readonly issuer: string; readonly signing: SigningKey },
): Promise<Response> {
  switch (new URL(request.url).pathname) {
    case "/.well-known/oauth-authorization-server":
      return Response.json({
        issuer,
        jwks_uri: `${issuer}/jwks.json`,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        response_types_supported: ["code"],
        grant_types_supported: ["client_credentials"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
      });
    case "/jwks.json":
      return Response.json({ keys: [signing.jwk] });
    case "/token":
      return await grant(request, { issuer, signing });
    default:
      return new Response("There is nothing here\n", { status: 404 });
  }
}

async function grant(
  request: Request,
  { issuer, signing }: { readonly issuer: string; readonly signing: SigningKey },
): Promise<Response> {
  const parameters = Object.fromEntries(new URLSearchParams(await request.text()));
  const authorization = request.headers.get("authorization");
  const client = clientOf({ authorization, parameters }, Object.values(CLIENTS));
  if (client === undefined) return tokenRefusal("invalid_client", 401);
  const { grant_type: type, resource, scope } = parameters;
  if (type !== "client_credentials") return tokenRefusal("unsupported_grant_type", 400);
  if (resource === undefined) return tokenRefusal("invalid_target", 400);
  if (excessOf(client, scope).length > 0) return tokenRefusal("invalid_scope", 400);
  const now = Math.floor(Date.now() / 1000);
  const { id, roles } = client;
  const times = { iat: now, exp: now + LIFETIME_S, jti: crypto.randomUUID() };
  const claims = { iss: issuer, sub: id, client_id: id, aud: resource, scope, roles, ...times };
  return Response.json({
    access_token: await signed(claims, signing),
    token_type: "Bearer",
    expires_in: LIFETIME_S,
    ...(scope === undefined ? {} : { scope }),
  });
}

function fromBase64Url(text: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(text, { alphabet: "base64url" }));
}
