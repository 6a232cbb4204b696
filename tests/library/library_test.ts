import assert from "node:assert/strict";
import {
  type AuditEntry,
  type AuditSink,
  type Authenticator,
  type BucketStore,
  type Check,
  createGateway,
  type Draw,
  type PolicyEngine,
} from "../../mod.ts";

Deno.test("mod.ts starts the command line when it is the main module", async () => {
  const mod = new URL("../../mod.ts", import.meta.url).pathname;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", mod, "--version"],
  }).output();
  assert.equal(code, 0);
  assert.match(new TextDecoder().decode(stdout), /^mcp-aegis \d+\.\d+\.\d+/);
});

Deno.test("createGateway() takes a foreign part at every port, and asks each", async () => {
  const asked: string[] = [];
  const drawn: Draw[] = [];
  const entries: AuditEntry[] = [];
  const authenticator: Authenticator = {
    authenticate: () => {
      asked.push("authenticator");
      const roles = new Set<string>();
      return { ok: true, value: { id: "them", kind: "local", roles, scopes: roles } };
    },
  };
  const policy: PolicyEngine = {
    hash: "sha256:theirs",
    decide: ({ action }) => {
      asked.push("policy");
      const decision = { action, determining: [], obligations: [] } as const;
      return { ...decision, effect: "allow", mode: "enforce" };
    },
  };
  const officeHours: Check = {
    name: "office-hours",
    examine: ({ resource }) => {
      asked.push("check");
      return resource.name === "late"
        ? { effect: "deny", reason: { code: "not_permitted", rules: [] } }
        : { effect: "pass" };
    },
  };
  const store: BucketStore = {
    take: (draws) => {
      drawn.push(...draws);
      return { ok: true, value: undefined };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const audit: AuditSink = {
    record: (group) => void entries.push(...group),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await using gateway = createGateway({
    authenticator,
    policy,
    checks: [officeHours],
    rateLimit: { store, capacity: 5, refillPerSecond: 1 },
    audit,
  });
  const channel = await gateway.openChannel({
    credentials: { kind: "local" },
    upstream: "theirs",
    transport: "stdio",
  });
  const frames = ["now", "late"].map((name, id) => {
    const call = { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: {} } };
    return new TextEncoder().encode(JSON.stringify(call));
  });
  const kinds = (await channel.fromClient(frames)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["forward", "answer"]);
  assert.deepEqual(asked, ["authenticator", "policy", "check", "policy", "check"]);
  assert.ok(drawn.some(({ cost, rate }) => cost === 1 && rate.capacity === 5));
  const checked = entries.map((entry) =>
    entry.type === "message" && [entry.principal, entry.effect]
  );
  assert.deepEqual(checked, [["them", "allow"], ["them", "deny"]]);
});

Deno.test("createGateway() refuses a refill without a capacity", () => {
  const part = {} as never;
  assert.throws(
    () =>
      createGateway({
        authenticator: part,
        policy: part,
        audit: part,
        rateLimit: { refillPerSecond: 1 },
      }),
    /Cannot set "refillPerSecond" without "capacity"/,
  );
});
