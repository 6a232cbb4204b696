import assert from "node:assert/strict";
import { callBody, Edge, post, postHead, statusOf } from "./edge_support.ts";

/** What is written, with the edge's own host for `HOST`, and the status that answers it. */
const HEADS: readonly (readonly [about: string, head: string, status: number])[] = [
  ["Content-Length and Transfer-Encoding", "Content-Length: 5|Transfer-Encoding: chunked", 400],
  ["Transfer-Encoding and Content-Length", "Transfer-Encoding: chunked|Content-Length: 5", 400],
  ["two Content-Length that differ", "Content-Length: 5|Content-Length: 6", 400],
  ["two Content-Length that agree", "Content-Length: 5|Content-Length: 5", 400],
  ["a list of lengths", "Content-Length: 5, 5", 400],
  ["a signed length", "Content-Length: +5", 400],
  ["a length past all numbers", "Content-Length: 99999999999999999999", 400],
  ["an unknown coding", "Transfer-Encoding: xchunked", 501],
  ["two codings", "Transfer-Encoding: gzip, chunked", 501],
  ["two lines of Transfer-Encoding", "Transfer-Encoding: chunked|Transfer-Encoding: chunked", 400],
  ["a space before the colon", "Transfer-Encoding : chunked", 400],
  ["a control in a coding", "Transfer-Encoding: \x0bchunked", 400],
  ["two Host", "Host: evil.example", 400],
  ["two Authorization", "Authorization: Bearer a|Authorization: Bearer b", 400],
  ["two Mcp-Session-Id", "Mcp-Session-Id: a|MCP-Session-ID: b", 400],
  ["two Mcp-Name", "Mcp-Name: good|Mcp-Name: bad", 400],
  ["two Mcp-Param-X", "Mcp-Param-X: 1|mcp-param-x: 1", 400],
  ["two Content-Type", "Content-Type: text/plain", 400],
  ["two Origin", "Origin: http://good.example|Origin: http://evil.example", 400],
  ["a folded line", "X-A: a| folded", 400],
  ["a line that is folded at once", " X-A: a", 400],
  ["a header without a name", ": a", 400],
  ["a header without a colon", "nonsense", 400],
  ["a name with a space", "X A: a", 400],
  ["a NUL", "X-A: a\0b", 400],
  ["a lone CR", "X-A: a\rb", 400],
  ["a lone LF", "X-A: a\nContent-Length: 5", 400],
  ["an expectation", "Expect: miracles", 417],
  ["a compressed body", "Content-Encoding: gzip|Content-Length: 5", 415],
  ["a page of nowhere", "Origin: null", 403],
  ["a page of elsewhere", "Origin: http://evil.example", 403],
  ["a page of a name that begins alike", "Origin: http://good.example.evil.example", 403],
  ["101 headers", Array.from({ length: 101 }, (_, at) => `X-${at}: a`).join("|"), 431],
  ["a head of 33 KiB", `X-A: ${"a".repeat(33 * 1024)}`, 431],
];

Deno.test("the edge refuses a head that two readers could read differently", async (t) => {
  await using edge = await Edge.open();
  for (const [about, lines, status] of HEADS) {
    await t.step(about, async () => {
      const text = await edge.raw(postHead(edge, lines.split("|")) + "hello");
      assert.equal(statusOf(text), status, text);
    });
  }
  assert.deepEqual(edge.seen, []);
});

const TARGETS: readonly (readonly [line: string, status: number])[] = [
  ["POST http://evil.example/mcp HTTP/1.1", 400],
  ["POST http://HOST/mcp HTTP/1.1", 400],
  ["CONNECT HOST HTTP/1.1", 400],
  ["OPTIONS * HTTP/1.1", 400],
  ["POST //evil.example/mcp HTTP/1.1", 404],
  ["POST /a/../mcp HTTP/1.1", 400],
  ["POST /%2e%2E/mcp HTTP/1.1", 400],
  ["POST /./mcp HTTP/1.1", 400],
  ["POST /mcp/.. HTTP/1.1", 400],
  ["POST /MCP HTTP/1.1", 404],
  ["POST /mcp/ HTTP/1.1", 404],
  ["POST /%6dcp HTTP/1.1", 404],
  ["POST /mcp#x HTTP/1.1", 400],
  ["POST \\mcp HTTP/1.1", 400],
  ["POST /\\evil/mcp HTTP/1.1", 400],
  ["POST /mcp?access_token=abc HTTP/1.1", 400],
  ["POST /mcp?a=1&access%5Ftoken=abc HTTP/1.1", 400],
  ["post /mcp HTTP/1.1", 400],
  ["TRACE /mcp HTTP/1.1", 501],
  ["PUT /mcp HTTP/1.1", 405],
  ["POST /mcp HTTP/2.0", 505],
  ["POST /mcp HTTP/1.2", 505],
  ["POST /mcp", 400],
  ["POST  /mcp HTTP/1.1", 400],
  ["POST /mcp HTTP/1.1 ", 400],
  [`POST /${"a".repeat(40_000)} HTTP/1.1`, 431],
];

Deno.test("the edge takes paths only, and those as they are written", async (t) => {
  await using edge = await Edge.open();
  for (const [line, status] of TARGETS) {
    await t.step(line.slice(0, 60), async () => {
      const first = line.replace("HOST", edge.host);
      const rest = postHead(edge, [`Content-Length: 0`]).split("\r\n").slice(1).join("\r\n");
      const text = await edge.raw(`${first}\r\n${rest}`);
      assert.equal(statusOf(text), status, text);
    });
  }
  assert.deepEqual(edge.seen, []);
});

Deno.test("the edge answers the names of its own hosts only", async (t) => {
  await using edge = await Edge.open();
  const { port } = edge.listener;
  const hosts: readonly (readonly [host: string | undefined, status: number])[] = [
    [`127.0.0.1:${port}`, 200],
    [`localhost:${port}`, 200],
    [`LOCALHOST:${port}`, 200],
    ["localhost", 403],
    [`localhost:${port + 1}`, 403],
    [`localhost.:${port}`, 403],
    [`evil.example:${port}`, 403],
    [`localhost.evil.example:${port}`, 403],
    [`user@localhost:${port}`, 400],
    [`localhost:${port}/x`, 400],
    [`localhost:${port}, evil.example`, 400],
    [`localhost :${port}`, 400],
    [`localhost:0${port}0`, 400],
    ["256.256.256.256", 400],
    ["1.2.3.4.5", 400],
    [`[:]:${port}`, 400],
    ["127.0.0.1:99999", 400],
    ["xn--a", 400],
    ["", 400],
    [undefined, 400],
  ];
  for (const [host, status] of hosts) {
    await t.step(String(host), async () => {
      const whole = post(edge, callBody(1)).split("\r\n").filter((line) =>
        !line.startsWith("Host:")
      );
      if (host !== undefined) whole.splice(1, 0, `Host: ${host}`);
      const text = await edge.raw(whole.join("\r\n"));
      assert.equal(statusOf(text), status, text);
    });
  }
  await edge.handler[Symbol.asyncDispose]();
  const recorded = edge.refusals.reduce((sum, { count }) => sum + Number(count ?? 1), 0);
  assert.equal(recorded, hosts.filter(([, status]) => status !== 200).length);
});

Deno.test("the edge compares an Origin in any case, and passes none upstream", async () => {
  await using edge = await Edge.open();
  const text = await edge.raw(post(edge, callBody(1), ["Origin: HTTP://Good.Example"]));
  assert.equal(statusOf(text), 200, text);
  assert.equal(edge.seen[0]?.headers.get("origin"), null);
});

Deno.test("the edge passes no header of one hop, no token and no name of a sender", async () => {
  await using edge = await Edge.open();
  const lines = [
    "Connection: keep-alive, X-Secret",
    "X-Secret: 1",
    "Keep-Alive: timeout=5",
    "Proxy-Authorization: Basic abc",
    "Authorization: Bearer abc",
    "Cookie: a=b",
    "TE: trailers",
    "Upgrade: h2c",
    "X-Forwarded-For: 10.0.0.1",
    "Forwarded: for=10.0.0.1",
    "X-Opaque: \xe9",
  ];
  const text = await edge.raw(post(edge, callBody(1), lines));
  assert.equal(statusOf(text), 200, text);
  const names = [...edge.seen[0]?.headers.keys() ?? []].sort();
  assert.deepEqual(names, [
    ...["accept", "accept-encoding", "accept-language", "content-length", "content-type"],
    ...["host", "user-agent"],
  ]);
});

Deno.test("the edge speaks to a client of HTTP/1.0 and ends the connection", async () => {
  await using edge = await Edge.open();
  const text = await edge.raw(post(edge, callBody(1)).replace("HTTP/1.1", "HTTP/1.0"));
  assert.equal(statusOf(text), 200);
  assert.match(text, /connection: close/);
});

Deno.test("each refusal at the edge leaves one entry, a flood of equal ones a count", async () => {
  await using edge = await Edge.open();
  for (let round = 0; round < 50; round++) {
    await edge.raw(postHead(edge, ["Origin: null", "Content-Length: 0"]));
    await edge.raw(postHead(edge, ["Transfer-Encoding: x"]));
  }
  assert.deepEqual(edge.refusals.slice(0, 2).map(({ status, count }) => [status, count]), [
    [403, undefined],
    [501, undefined],
  ]);
  await edge.handler[Symbol.asyncDispose]();
  const total = edge.refusals.reduce((sum, { count }) => sum + Number(count ?? 1), 0);
  assert.equal(total, 100);
  assert.ok(edge.refusals.length < 20, `${edge.refusals.length} entries`);
  assert.equal(edge.refusals[0]?.["client"], "127.0.0.1");
});

Deno.test("the audit names the client that a declared proxy names, and nobody else's", async () => {
  const refusedFrom = async (trusted: string) => {
    await using edge = await Edge.open({
      handler: { trustedProxies: (address) => address === trusted },
    });
    const lines = ["Origin: null", "X-Forwarded-For: 198.51.100.7", "Content-Length: 0"];
    await edge.raw(postHead(edge, lines));
    return edge.refusals[0]?.["client"];
  };
  assert.equal(await refusedFrom("127.0.0.1"), "198.51.100.7");
  assert.equal(await refusedFrom("10.0.0.1"), "127.0.0.1");
});

Deno.test("the edge reads the hops of X-Forwarded-For beside one that is not ASCII", async () => {
  const isTrusted = (address: string) => address === "127.0.0.1";
  await using edge = await Edge.open({ handler: { trustedProxies: isTrusted } });
  for (const lines of [["X-Forwarded-For: \xe9, 192.0.2.7"], ["X-Forwarded-For: 192.0.2.7"]]) {
    await edge.raw(postHead(edge, ["Origin: null", "Content-Length: 0", ...lines]));
  }
  await edge.handler[Symbol.asyncDispose]();
  assert.deepEqual(edge.refusals.map(({ client }) => client), ["192.0.2.7", "192.0.2.7"]);
});
