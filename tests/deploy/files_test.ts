/**
 * What `deploy/` promises of itself. Whether it works is tried in the other tests of this folder.
 */

import assert from "node:assert/strict";
import { SERVE_FLAGS } from "../../src/cli/serve_flags.ts";
import { parsePolicy } from "../../src/policy/load.ts";
import { ROOT } from "../e2e/harness.ts";
import {
  argumentLists,
  documentOf,
  entrypoint,
  instructions,
  manifests,
  type Place,
  textOf,
} from "./files.ts";

const NUMBERED = /:(?:[a-z]+-)?\d+\.\d+\.\d+(?:-[a-z0-9.]+)?$/;

Deno.test("images are built from exact versions, without a root and without a secret", async () => {
  for (const file of ["Dockerfile", "example-server.Dockerfile"]) {
    const all = instructions(file);
    for (const [word, from] of all) {
      if (word === "FROM") assert.match(from.replace(/ AS .*/, ""), NUMBERED, file);
      assert.ok(word !== "ARG" && word !== "ADD", `${file}: ${word}`);
    }
    const [, user = "root"] = all.findLast(([word]) => word === "USER") ?? [];
    assert.ok(user !== "root" && !user.startsWith("0"), file);
  }
  const [, gate = ""] = (await Deno.readTextFile(`${ROOT}.ci/run`)).match(/deno@([\d.]+)/) ?? [];
  assert.match(textOf("Dockerfile"), new RegExp(`denoland/deno:distroless-${gate}\n`));
  assert.match(textOf("Dockerfile"), new RegExp(`denoland/deno:${gate} AS build\n`));
});

Deno.test("the image gives the program no permission beyond what it needs", () => {
  const allowed = entrypoint().filter((word) => word.startsWith("--allow") || word === "-A");
  assert.deepEqual(allowed, [
    "--allow-net",
    "--allow-env",
    "--allow-read=/app,/etc/mcp-aegis,/var/lib/mcp-aegis",
    "--allow-write=/var/lib/mcp-aegis",
  ]);
});

Deno.test("services of the composition are hardened, and only nginx is reached", () => {
  const compose = documentOf("compose.yaml");
  const services = compose.at("services");
  const names = Object.keys(services.value ?? {});
  assert.deepEqual(names, ["nginx", "aegis-1", "aegis-2", "server"]);
  for (const name of names) {
    const service = services.at(name);
    assert.equal(service.at("read_only").value, true, name);
    assert.deepEqual(service.at("cap_drop").value, ["ALL"], name);
    assert.deepEqual(service.at("security_opt").value, ["no-new-privileges:true"], name);
    assert.ok(service.at("mem_limit").value && service.at("pids_limit").value, name);
    assert.equal(service.at("environment").value, undefined, name);
    assert.equal(service.at("privileged").value, undefined, name);
    if (service.at("image").value !== undefined) assert.match(service.at("image").text, NUMBERED);
    const ports = service.at("ports").value;
    assert.deepEqual(ports, name === "nginx" ? ["127.0.0.1:8080:8080"] : undefined, name);
  }
  assert.deepEqual(services.at("server", "networks").value, ["inside"]);
  assert.equal(compose.at("networks", "inside", "internal").value, true);
  assert.equal(compose.at("networks", "front", "internal").value, true);
});

Deno.test("pods run without a root, a writable root, capabilities or a token", () => {
  const deployment = manifests().get("Deployment mcp-aegis");
  const pod = deployment?.at("spec", "template", "spec");
  assert.equal(pod?.at("automountServiceAccountToken").value, false);
  assert.equal(pod?.at("securityContext", "runAsNonRoot").value, true);
  assert.equal(pod?.at("securityContext", "seccompProfile", "type").value, "RuntimeDefault");
  const { items: containers = [] } = pod?.at("containers") ?? {};
  assert.equal(containers.length, 1);
  for (const container of containers) {
    assert.equal(container.at("securityContext", "readOnlyRootFilesystem").value, true);
    assert.equal(container.at("securityContext", "allowPrivilegeEscalation").value, false);
    assert.deepEqual(container.at("securityContext", "capabilities").value, { drop: ["ALL"] });
    for (const kind of ["requests", "limits"]) {
      assert.ok(container.at("resources", kind, "memory").value, kind);
      assert.ok(container.at("resources", kind, "cpu").value, kind);
    }
    assert.deepEqual(probedPages(container), ["healthz", "healthz", "readyz"]);
  }
  const drainS = Number(pod?.at("terminationGracePeriodSeconds").value);
  assert.ok(drainS > 30 + 5, "longer than the drain and what comes before it");
});

function probedPages(container: Place): readonly string[] {
  return ["startupProbe", "livenessProbe", "readinessProbe"].map((probe) =>
    container.at(probe, "exec", "command").items.at(-1)?.text ?? ""
  );
}

Deno.test("a session stays in its pod, and nobody goes around the proxy", () => {
  const all = manifests();
  assert.equal(all.get("Service mcp-aegis")?.at("spec", "sessionAffinity").value, "ClientIP");
  for (const name of ["mcp-aegis", "mcp-server"]) {
    const policy = all.get(`NetworkPolicy ${name}`)?.at("spec");
    assert.deepEqual(policy?.at("policyTypes").value, ["Ingress", "Egress"], name);
    for (const rule of policy?.at("ingress").items ?? []) {
      assert.ok(rule.at("from").items.length > 0 && rule.at("ports").items.length > 0, name);
    }
  }
  assert.deepEqual(all.get("NetworkPolicy mcp-server")?.at("spec", "egress").value, []);
  const namespace = all.get("Namespace mcp-aegis")?.at("metadata", "labels");
  assert.equal(namespace?.at("pod-security.kubernetes.io/enforce").value, "restricted");
});

Deno.test("no manifest and no service holds a secret", () => {
  for (const each of [...manifests().values(), documentOf("compose.yaml")]) {
    assert.notEqual(each.at("kind").value, "Secret");
    for (const place of each.within()) {
      assert.equal(place.at("env").value, undefined);
      assert.equal(place.at("environment").value, undefined);
    }
  }
});

Deno.test("the policies that are deployed are good, and deny by default", async () => {
  const inside = manifests().get("ConfigMap mcp-aegis-policy")?.at("data", "policy.yaml").text ??
    "";
  for (const text of [inside, textOf("policy.yaml")]) {
    assert.match(text, /defaults: \{ effect: deny \}/);
    const policy = await parsePolicy(text, { upstream: { argv: [], name: "everything" } });
    assert.deepEqual(policy.warnings, []);
  }
});

Deno.test("flags that are deployed exist", () => {
  for (const [command, ...args] of argumentLists()) {
    assert.equal(command, "serve");
    assert.ok(args.length > 5);
    for (const arg of args) {
      const [, flag = ""] = arg.match(/^--([a-z-]+)=/) ?? [];
      assert.ok(flag in SERVE_FLAGS, arg);
    }
  }
});

Deno.test("Envoy lets streams last, and repeats nothing that was sent", () => {
  const envoy = documentOf("envoy.yaml").at("static_resources");
  const manager = envoy.at("listeners", 0, "filter_chains", 0, "filters", 0, "typed_config");
  const route = manager.at("route_config", "virtual_hosts", 0, "routes", 0, "route");
  assert.equal(route.at("timeout").value, "0s");
  assert.equal(route.at("retry_policy", "retry_on").value, "connect-failure,refused-stream");
  const session = manager.at("http_filters", 0, "typed_config", "session_state", "typed_config");
  assert.equal(session.at("header", "name").value, "mcp-session-id");
  assert.equal(
    manager.at("http_filters").items.at(-1)?.at("name").text,
    "envoy.filters.http.router",
  );
  assert.equal(route.at("cluster").text, envoy.at("clusters", 0, "name").text);
});
