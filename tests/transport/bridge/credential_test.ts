import { deepEqual, ok, rejects } from "node:assert/strict";
import { AegisError } from "../../../src/base/error.ts";
import { upstreamCredential } from "../../../src/transport/bridge/credential.ts";

async function withFile(text: string | Uint8Array, run: (path: string) => Promise<void>) {
  const path = await Deno.makeTempFile({ prefix: "aegis-token-" });
  try {
    await (typeof text === "string" ? Deno.writeTextFile(path, text) : Deno.writeFile(path, text));
    await run(path);
  } finally {
    await Deno.remove(path);
  }
}

function tells(secret: string): (error: unknown) => true {
  return (error) => {
    ok(error instanceof AegisError && error.code === "upstream-credential");
    ok(secret === "" || !error.message.includes(secret), "the error tells the secret");
    return true;
  };
}

Deno.test("upstreamCredential() reads a token for each request, so that it can be renewed", async () => {
  await withFile("first\n", async (path) => {
    const headers = await upstreamCredential([{ kind: "token_file", path }]);
    deepEqual(await headers(), [["authorization", "Bearer first"]]);
    await Deno.writeTextFile(path, "  second==");
    deepEqual(await headers(), [["authorization", "Bearer second=="]]);
    await Deno.writeTextFile(path, "");
    await rejects(headers(), tells("second"));
  });
});

Deno.test("upstreamCredential() reads a header from the environment", async () => {
  Deno.env.set("AEGIS_TEST_KEY", "key 1");
  try {
    const source = {
      kind: "environment",
      header: "x-api-key",
      variable: "AEGIS_TEST_KEY",
    } as const;
    const headers = await upstreamCredential([source]);
    deepEqual(await headers(), [["x-api-key", "key 1"]]);
  } finally {
    Deno.env.delete("AEGIS_TEST_KEY");
  }
});

Deno.test("upstreamCredential() refuses what is no credential, and does not tell what it is", async () => {
  for (const text of ["", "\n", "two words", "line\nbreak", "tökén", "x".repeat(16 * 1024 + 1)]) {
    await withFile(text, async (path) => {
      await rejects(upstreamCredential([{ kind: "token_file", path }]), tells(text.trim()));
    });
  }
  await rejects(
    upstreamCredential([{ kind: "token_file", path: "/no/such/file" }]),
    tells(""),
  );
  for (const value of ["", "a\r\nb: c", " padded", "\u00e9"]) {
    Deno.env.set("AEGIS_TEST_KEY", value);
    const source = {
      kind: "environment",
      header: "x-api-key",
      variable: "AEGIS_TEST_KEY",
    } as const;
    await rejects(upstreamCredential([source]), tells(value.trim()));
  }
  Deno.env.delete("AEGIS_TEST_KEY");
});
