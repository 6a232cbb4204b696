import { deepEqual, ok, rejects } from "node:assert/strict";
import { AegisError } from "../../../src/base/error.ts";
import { readSecret, upstreamCredential } from "../../../src/transport/bridge/credential.ts";

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

Deno.test("upstreamCredential() reads a header from a file for each request, and a token from the environment", async () => {
  await withFile("key 1\n", async (path) => {
    const headers = await upstreamCredential([{ kind: "header_file", header: "x-api-key", path }]);
    deepEqual(await headers(), [["x-api-key", "key 1"]]);
    await Deno.writeTextFile(path, "key 2");
    deepEqual(await headers(), [["x-api-key", "key 2"]]);
    await Deno.writeTextFile(path, "key\r\nx: y");
    await rejects(headers(), tells("key\r\nx: y"));
  });
  const source = { kind: "token_environment", variable: "AEGIS_TEST_KEY" } as const;
  Deno.env.set("AEGIS_TEST_KEY", "token==");
  deepEqual(await (await upstreamCredential([source]))(), [["authorization", "Bearer token=="]]);
  Deno.env.set("AEGIS_TEST_KEY", "no token");
  await rejects(upstreamCredential([source]), tells("no token"));
  Deno.env.delete("AEGIS_TEST_KEY");
});

Deno.test("readSecret() reads what a client's secret may be, and tells nothing of it", async () => {
  await withFile("s3cr:et/+ü\n", async (path) => {
    ok((await readSecret({ kind: "file", path })).reveal() === "s3cr:et/+ü");
  });
  await withFile("two\nlines", async (path) => {
    await rejects(readSecret({ kind: "file", path }), tells("two\nlines"));
  });
  await rejects(readSecret({ kind: "env", variable: "AEGIS_TEST_UNSET" }), tells(""));
});
