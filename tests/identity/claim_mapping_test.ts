import assert from "node:assert/strict";
import type { JsonObject } from "../../src/base/json.ts";
import { type ClaimMapping, rolesOf, scopesOf } from "../../src/identity/claim_mapping.ts";
import { openScene } from "./scene.ts";

const CLAIMS = {
  roles: ["dev", "", 7, "two words"],
  groups: "eng  ops ",
  realm_access: { roles: ["dev", "offline_access"] },
  "https://a.example/roles": ["admin"],
  "realm_access.roles": ["dotted"],
  nested: [{ roles: ["hidden"] }],
  constructor_like: { toString: "x" },
};

const CASES: readonly (readonly [string, ClaimMapping | undefined, readonly string[]])[] = [
  ["the claim roles by default", undefined, ["dev", "two words"]],
  ["a text of roles", { roles: ["groups"] }, ["eng", "ops"]],
  ["a nested claim", { roles: [["realm_access", "roles"]] }, ["dev", "offline_access"]],
  ["a claim whose name has dots", { roles: ["realm_access.roles"] }, ["dotted"]],
  ["a claim whose name is a URL", { roles: ["https://a.example/roles"] }, ["admin"]],
  ["several claims", { roles: ["roles", "groups"] }, ["dev", "two words", "eng", "ops"]],
  ["no claim", { roles: [] }, []],
  ["a claim that is not there", { roles: ["nothing", ["realm_access", "no", "way"]] }, []],
  ["no inherited member", { roles: ["constructor", ["roles", "length"]] }, []],
  ["no way through a list", { roles: [["nested", "0", "roles"]] }, []],
  ["an object as none", { roles: ["realm_access"] }, []],
  [
    "mapped values alone, where there is a map",
    { roles: ["roles", "groups"], roleMap: { eng: ["developer", "reader"], ops: [] } },
    ["developer", "reader"],
  ],
  ["no value that every object has", { roles: ["groups"], roleMap: {} }, []],
];

Deno.test("rolesOf() reads the claims it is told, and nothing else", () => {
  for (const [name, mapping, roles] of CASES) {
    assert.deepEqual([...rolesOf(CLAIMS, mapping)], roles, name);
  }
  assert.deepEqual([...rolesOf({ roles: ["constructor", "__proto__"] }, { roleMap: {} })], []);
});

const SCOPES: readonly (readonly [JsonObject, readonly string[]])[] = [
  [{ scope: "a b  a" }, ["a", "b"]],
  [{ scope: ["a", "b c", 1] }, ["a", "b c"]],
  [{ scp: ["a"] }, ["a"]],
  [{ scp: "a b" }, ["a", "b"]],
  [{ scope: "a", scp: "b" }, ["a"]],
  [{ scope: "", scp: "b" }, []],
  [{ scope: { a: 1 } }, []],
  [{}, []],
];

Deno.test("scopesOf() reads scope, else scp, as a text or a list", () => {
  for (const [claims, scopes] of SCOPES) assert.deepEqual([...scopesOf(claims)], scopes);
});

Deno.test("jwtAuthenticator() makes a principal of a token's claims", async () => {
  await using scene = await openScene({
    issuer: (issuer) => ({
      jwksUri: issuer.jwksUri,
      claims: { roles: [["realm_access", "roles"]], roleMap: { eng: ["dev"] } },
    }),
  });
  const token = await scene.issuer.mint({
    scope: "files:read files:write",
    realm_access: { roles: ["eng", "admin"] },
    employee: 7,
  });
  const proved = await scene.who.authenticate({ kind: "bearer", token });
  assert.ok(proved.ok);
  const { id, kind, roles, scopes, claims } = proved.value;
  assert.equal(id, scene.alice);
  assert.equal(kind, "token");
  assert.deepEqual([...roles], ["dev"]);
  assert.deepEqual([...scopes], ["files:read", "files:write"]);
  assert.equal(claims?.["employee"], 7);
});
