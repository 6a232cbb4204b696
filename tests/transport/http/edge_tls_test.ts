import assert from "node:assert/strict";
import { AegisError } from "../../../src/base/error.ts";
import type { Logger } from "../../../src/base/log.ts";
import { readTls, watchTls } from "../../../src/transport/http/tls_files.ts";
import { tlsLayer } from "../../../src/transport/http/tls_layer.ts";
import { callBody, Edge, post, statusOf } from "./edge_support.ts";
import { ServeChild } from "./serve_child.ts";

/** A certificate for localhost and its key, as files. */
async function certificate(dir: string, name: string) {
  const files = { cert: `${dir}/${name}.crt`, key: `${dir}/${name}.key` };
  const { success, stderr } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
      ...["-addext", "basicConstraints=critical,CA:FALSE", "-days", "2"],
      ...["-keyout", files.key, "-out", files.cert],
    ],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return files;
}

async function inFolder(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await run(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Posts over TLS to a server that must show this certificate. */
async function ask(edge: Edge, cert: string): Promise<string> {
  using conn = await Deno.connectTls({
    hostname: "localhost",
    port: edge.listener.port,
    caCerts: [await Deno.readTextFile(cert)],
  });
  await conn.write(new TextEncoder().encode(post(edge, callBody(1), ["Connection: close"])));
  return await new Response(conn.readable).text();
}

Deno.test("readTls() says what is wrong with the files", () =>
  inFolder(async (dir) => {
    const good = await certificate(dir, "good");
    const other = await certificate(dir, "other");
    await Deno.writeTextFile(`${dir}/junk`, "junk");
    const wrong = async (files: { cert: string; key: string }, message: RegExp, nowMs?: number) => {
      await assert.rejects(
        readTls(files, nowMs),
        (error) =>
          error instanceof AegisError && error.code === "tls-files" && message.test(error.message),
      );
    };
    await wrong({ ...good, cert: `${dir}/none` }, /--tls-cert .*none: there is no such file/);
    await wrong({ ...good, key: `${dir}/none` }, /--tls-key .*none: there is no such file/);
    await wrong({ ...good, cert: `${dir}/junk` }, /holds no certificate/);
    await wrong({ ...good, key: `${dir}/junk` }, /holds no key/);
    await wrong({ ...good, key: other.key }, /does not belong to the certificate/);
    await wrong(good, /has expired/, Date.now() + 3 * 86_400_000);
    await wrong(good, /is not valid before/, Date.now() - 86_400_000);
    assert.match((await readTls(good)).cert, /BEGIN CERTIFICATE/);
  }));

Deno.test("the edge takes a changed certificate into use, and keeps the old one for a bad one", () =>
  inFolder(async (dir) => {
    const used = await certificate(dir, "used");
    const next = await certificate(dir, "next");
    const first = `${dir}/first.crt`;
    await Deno.copyFile(used.cert, first);
    const tls = await readTls(used);
    const layer = tlsLayer(tls);
    await using edge = await Edge.open({ listen: { tls: layer } });
    const said: string[] = [];
    const onSaid = { call: () => {} };
    const log: Logger = {
      enabled: () => true,
      log: (_level, message) => {
        said.push(message);
        onSaid.call();
      },
    };
    const heard = async (pattern: RegExp) => {
      while (!said.some((message) => pattern.test(message))) {
        const { promise, resolve } = Promise.withResolvers<void>();
        onSaid.call = resolve;
        await promise;
      }
    };
    assert.equal(statusOf(await ask(edge, first)), 200);
    await assert.rejects(ask(edge, next.cert));

    const replace = (pair: typeof tls) => layer.replace(pair);
    const unwatch = watchTls(used, { current: tls, everyMs: 20, replace, log });
    try {
      await Deno.writeTextFile(used.cert, "junk");
      await heard(/the one before stays: .*holds no certificate/);
      assert.equal(statusOf(await ask(edge, first)), 200);
      const { port } = edge.listener;
      await Deno.copyFile(next.key, used.key);
      await Deno.copyFile(next.cert, used.cert);
      await heard(/Took the changed certificate/);
      assert.equal(edge.listener.port, port);
      assert.equal(statusOf(await ask(edge, next.cert)), 200);
      await assert.rejects(ask(edge, first));
    } finally {
      unwatch();
    }
  }));

Deno.test("the edge with a certificate ends what does not speak TLS, or nothing", () =>
  inFolder(async (dir) => {
    const files = await certificate(dir, "tls");
    const tls = await readTls(files);
    await using edge = await Edge.open({ listen: { tls: tlsLayer(tls), bounds: { headMs: 300 } } });
    using plain = await edge.connect();
    await plain.write(post(edge, callBody(1)));
    assert.equal(statusOf(await plain.rest()), 0);
    using silent = await edge.connect();
    assert.equal(await silent.rest(), "");
    assert.deepEqual(edge.seen, []);
    assert.equal(statusOf(await ask(edge, files.cert)), 200);
  }));

Deno.test("the edge with a certificate outlives clients that break off anywhere", () =>
  inFolder(async (dir) => {
    const files = await certificate(dir, "tls");
    await using edge = await Edge.open({
      listen: { tls: tlsLayer(await readTls(files)), bounds: { headMs: 500 } },
    });
    // the start of a handshake, as a client of today sends it
    const hello = await clientHello(files.cert);
    for (let at = 0; at < hello.length; at += 37) {
      using client = await edge.connect();
      await client.write(hello.slice(0, at));
    }
    for (let at = 0; at < hello.length; at += 97) {
      const broken = hello.slice();
      broken[at] = 0xff ^ (broken[at] ?? 0);
      using client = await edge.connect();
      await client.write(broken);
      if (at % 2 === 0) await client.rest();
    }
    for (let round = 0; round < 5; round++) {
      const conn = await Deno.connectTls({
        hostname: "localhost",
        port: edge.listener.port,
        caCerts: [await Deno.readTextFile(files.cert)],
      });
      await conn.write(new TextEncoder().encode(post(edge, callBody(1)).slice(0, 40 * round)));
      conn.close();
    }
    assert.equal(statusOf(await ask(edge, files.cert)), 200);
  }));

/** What a client writes first. */
async function clientHello(cert: string): Promise<Uint8Array> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connecting = Deno.connectTls({
    hostname: "localhost",
    port: listener.addr.port,
    caCerts: [await Deno.readTextFile(cert)],
  });
  using conn = await listener.accept();
  const client = await connecting;
  client.handshake().catch(() => {});
  const buffer = new Uint8Array(8192);
  const bytes = await conn.read(buffer) ?? 0;
  client.close();
  return buffer.slice(0, bytes);
}

Deno.test("serve refuses bad certificate files with exit code 3, and answers with good ones", () =>
  inFolder(async (dir) => {
    const good = await certificate(dir, "good");
    const other = await certificate(dir, "other");
    const flags = (key: string) => ["--tls-cert", good.cert, "--tls-key", key];
    await using bad = await ServeChild.start("http://127.0.0.1:9/mcp", { flags: flags(other.key) });
    assert.equal((await bad.status).code, 3, bad.said);
    assert.match(bad.said, /error: The key in .* does not belong to the certificate in/);
    await using child = await ServeChild.start("http://127.0.0.1:9/mcp", {
      flags: flags(good.key),
    });
    const { port } = await child.ports();
    const caCerts = [await Deno.readTextFile(good.cert)];
    using client = Deno.createHttpClient({ caCerts });
    const response = await fetch(`https://localhost:${port}/nowhere`, { client });
    assert.deepEqual([response.status, await response.text()], [404, "There is nothing here\n"]);
  }));
