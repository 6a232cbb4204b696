import assert from "node:assert/strict";
import { clientOf, excessOf, type KnownClient } from "../../scripts/demo/token_clients.ts";

const SECRET = "s3cr:et/+ü&=";
const AGENT: KnownClient = { id: "a:b", secret: SECRET, scopes: ["read"] };
const CLIENTS: readonly KnownClient[] = [{ id: "x", secret: "y" }, AGENT];

function basic(...halves: readonly string[]): string {
  return `Basic ${new TextEncoder().encode(halves.join(":")).toBase64()}`;
}

function found(authorization: string | null, parameters = {}): string | undefined {
  return clientOf({ authorization, parameters }, CLIENTS)?.id;
}

Deno.test("clientOf() knows a client by its header or its body", () => {
  const encoded = [AGENT.id, SECRET].map(encodeURIComponent);
  assert.equal(found(basic(...encoded)), AGENT.id);
  assert.equal(found(basic("x", "y")), "x");
  assert.equal(found(null, { client_id: AGENT.id, client_secret: SECRET }), AGENT.id);
});

Deno.test("clientOf() knows nobody else", () => {
  assert.equal(found(null), undefined);
  assert.equal(found(basic(AGENT.id, SECRET)), undefined, "not form-encoded");
  assert.equal(found(basic("x", "")), undefined);
  assert.equal(found(basic("x")), undefined);
  assert.equal(found("Bearer x"), undefined);
  assert.equal(found("Basic =x"), undefined);
  assert.equal(found(basic("x", "z"), { client_id: "x", client_secret: "y" }), undefined);
});

Deno.test("excessOf() gives what is asked for beyond a client's own", () => {
  assert.deepEqual(excessOf(AGENT, "read"), []);
  assert.deepEqual(excessOf(AGENT, "write read delete"), ["write", "delete"]);
  assert.deepEqual(excessOf(AGENT, undefined), []);
  assert.deepEqual(excessOf({ id: "x", secret: "y" }, "anything"), []);
});
