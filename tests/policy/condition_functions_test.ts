import assert from "node:assert/strict";
import fc from "fast-check";
import { CONDITION_FUNCTIONS } from "../../src/policy/condition_functions.ts";
import { BUILTINS } from "../../src/policy/condition_builtins.ts";
import { ask, faultOf } from "./condition_asking.ts";

Deno.test("re() matches anywhere, and in linear time", () => {
  const test = (pattern: string, text: string) => ask(`re(args.t, r'${pattern}')`, { t: text });
  assert.equal(test("^SELECT\\b", "SELECT 1"), "true");
  assert.equal(test("b+", "aabb"), "true");
  assert.equal(test("^b+$", "aabb"), "false");
  assert.equal(test("(?i)select", "SeLeCt"), "true");
  assert.equal(test("^(a+)+$", "a".repeat(20_000) + "b"), "false");
  assert.equal(ask("re(args.t, 'a')", { t: 1 }), "error");
});

Deno.test("re() refuses at load what RE2 cannot do, and what is too large", () => {
  for (const pattern of ["(", "a(?!b)", "(?<=a)b", "(a)\\1", "[", "a{0,900}b{0,900}"]) {
    assert.equal(faultOf(`re(args.t, r'${pattern}')`).at, `r'${pattern}'`);
  }
});

Deno.test("under() compares by segment, after . and .. and either slash", () => {
  const test = (path: string) => ask('under(args.p, "/srv/project")', { p: path });
  for (
    const path of [
      "/srv/project",
      "/srv/project/",
      "/srv/project/a/../b",
      "//srv/./project/x",
      "/etc/../srv/project/x",
      "/srv/project/a..b/...",
    ]
  ) assert.equal(test(path), "true", path);
  for (
    const path of [
      "/",
      "/srv",
      "/srv/projects",
      "/srv/project/../../etc/passwd",
      "/srv/project/..\\..\\etc",
      "/SRV/project",
      "/../../etc",
    ]
  ) assert.equal(test(path), "false", path);
  // Where nobody can tell, the test is an error, so that a deny holds.
  for (const path of ["", "src/a", "../a", "~/a", "~root", "C:\\srv\\project", "/srv/project/\0"]) {
    assert.equal(test(path), "error", JSON.stringify(path));
  }
  assert.equal(ask('under(args.p, "/")', { p: "/any" }), "true");
  assert.equal(ask("under(args.p, args.root)", { p: "/a/b", root: "/a" }), "true");
  assert.equal(ask("under(args.p, args.root)", { p: "/a/b", root: "a" }), "error");
});

Deno.test("under() never says that a path is inside which resolves outside", () => {
  const segment = fc.constantFrom("..", ".", "", "srv", "project", "a", "...");
  fc.assert(fc.property(fc.array(segment), (segments) => {
    const path = `/${segments.join("/")}`;
    const { pathname } = new URL(`file://${path.replace(/\/+/g, "/")}`);
    const inside = /^\/srv\/project(\/|$)/.test(pathname);
    assert.equal(ask('under(args.p, "/srv/project")', { p: path }), String(inside), path);
  }));
});

Deno.test("glob() keeps * and ? in one folder, and looks at the resolved path", () => {
  const test = (pattern: string, path: string) => ask(`glob(args.p, "${pattern}")`, { p: path });
  const yes: readonly (readonly [string, string])[] = [
    ["**/.env", "/srv/a/.env"],
    ["**/.env", ".env"],
    ["**/.env", "/srv//a/./x/../.env/"],
    ["/srv/*.ts", "/srv/a.ts"],
    ["/srv/**", "/srv/a/b/c"],
    ["/srv/**/*.ts", "/srv/a.ts"],
    ["/srv/?.(x)+", "/srv/a.(x)+"],
    ["/srv/é*", "/srv/é😀"],
  ];
  const no: readonly (readonly [string, string])[] = [
    ["/srv/*.ts", "/srv/a/b.ts"],
    ["/srv/*.ts", "/srv/axts"],
    ["/srv/?", "/srv/ab"],
    ["/srv/**", "/srvx/a"],
    ["/srv/**", "/srv/../etc/passwd"],
    ["**/.env", "/srv/x.env"],
  ];
  for (const [pattern, path] of yes) assert.equal(test(pattern, path), "true", pattern);
  for (const [pattern, path] of no) assert.equal(test(pattern, path), "false", pattern);
  assert.equal(test("**", "/a\nb"), "error");
});

Deno.test("host() gives one host that all programs see, or an error", () => {
  const test = (url: string) => ask('host(args.u) == "api.example.com"', { u: url });
  assert.equal(test("https://API.Example.com.:8443/x?y#z"), "true");
  assert.equal(test("https://user@api.example.com/"), "true");
  assert.equal(test("https://api.example.com.evil.test/"), "false");
  assert.equal(test("https://evil.test/?api.example.com"), "false");
  assert.equal(ask('host(args.u) == "127.0.0.1"', { u: "http://0x7f.1/" }), "true");
  assert.equal(ask('host(args.u) == "::1"', { u: "http://[0:0::1]/" }), "true");
  for (
    const url of [
      "api.example.com",
      "",
      "mailto:a@b.test",
      "https:api.example.com",
      "https://evil.test\\@api.example.com/",
      "https://a@b@api.example.com/",
      " https://api.example.com/",
    ]
  ) assert.equal(test(url), "error", url);
});

Deno.test("in_cidr() reads every notation of an address, and no name", () => {
  const test = (address: string, network = "10.0.0.0/8") =>
    ask(`in_cidr(args.a, "${network}")`, { a: address });
  for (const address of ["10.1.2.3", "0x0a.1", "167772161", "[::ffff:10.0.0.1]", "10.0.0.1:80"]) {
    assert.equal(test(address), "true", address);
  }
  for (const address of ["11.0.0.1", "::1", "example.com", "10.example.com"]) {
    assert.equal(test(address), "false", address);
  }
  for (const address of ["", "10.0.0.256", "a b", "10.0.0.1/8", "http://10.0.0.1/"]) {
    assert.equal(test(address), "error", address);
  }
  // Octal to some, decimal to others: 8.0.0.1 or 10.0.0.1.
  assert.equal(test("010.0.0.1"), "error");
  assert.equal(test("fd12::1", "fd00::/8"), "true");
  assert.equal(test("fe80::1", "fd00::/8"), "false");
  assert.equal(
    ask('in_cidr(host(args.u), "169.254.0.0/16")', { u: "http://[::ffff:a9fe:a9fe]/" }),
    "true",
  );
});

Deno.test("CONDITION_FUNCTIONS and BUILTINS say what each is for, in signatures of one form", () => {
  for (const { signature, summary } of [...CONDITION_FUNCTIONS, ...BUILTINS]) {
    assert.match(signature, /^([a-z]+\.)?[A-Za-z_]+\(([a-z<>]+(, [a-z<>]+)*)?\): [a-z<>]+$/);
    assert.ok(summary.length > 5 && !summary.endsWith("."), signature);
  }
});
