import assert from "node:assert/strict";
import fc from "fast-check";
import type { PathRules } from "../../../src/access/inspection.ts";
import { examinePathOnDisk } from "../../../src/inspect/arguments/path_on_disk.ts";

interface Ground {
  readonly top: string;
  readonly rules: PathRules;
  rule(value: string, change?: Partial<PathRules>): string | undefined;
}

/** A folder with a root `work`, its neighbour `work-old`, and links of every sort in the root. */
function onGround(test: (ground: Ground) => void): void {
  const top = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    for (const folder of ["work/sub/deep", "work/.vault", "work-old"]) {
      Deno.mkdirSync(`${top}/${folder}`, { recursive: true });
    }
    Deno.writeTextFileSync(`${top}/work/file`, "");
    Deno.writeTextFileSync(`${top}/work/.vault/key`, "");
    const links: Readonly<Record<string, string>> = {
      "work/out": "../work-old",
      "work/out-absolute": `${top}/work-old`,
      "work/in": "sub/deep",
      "work/dangling-out": "../nowhere/x",
      "work/dangling-in": "sub/not-yet",
      "work/loop": "loop2",
      "work/loop2": "loop",
      "work/chain": "out-absolute",
      "work/to-vault": ".vault",
      "work/sub/up": "..",
      "linked-root": "work",
    };
    for (const [path, target] of Object.entries(links)) Deno.symlinkSync(target, `${top}/${path}`);
    const rules: PathRules = {
      roots: [`${top}/work`],
      cwd: undefined,
      home: undefined,
      deny: ["**/.vault/**"],
      except: [],
      ignoreCase: false,
      local: true,
    };
    test({
      top,
      rules,
      rule: (value, change) => examinePathOnDisk(value, { ...rules, ...change })?.rule,
    });
  } finally {
    Deno.removeSync(top, { recursive: true });
  }
}

Deno.test("examinePathOnDisk() passes what stays in the roots, links and files to come included", () => {
  onGround(({ top, rule }) => {
    const inside = ["", "file", "in/new.txt", "dangling-in", "sub/up/file", "a/b/c", "file/below"];
    for (const value of [...inside, `${top}/work/in`]) {
      assert.equal(rule(value), undefined, value);
    }
  });
});

Deno.test("examinePathOnDisk() refuses links that lead out, also as the parent of a new file", () => {
  onGround(({ rule }) => {
    const leaving = [
      "out",
      "out/new.txt",
      "out-absolute/x/y",
      "chain",
      "dangling-out",
      "sub/up/out/x",
    ];
    for (const value of [...leaving, "out%2fx", "no/../out/x"]) {
      assert.equal(rule(value), "path-link-outside", value);
    }
  });
});

Deno.test("examinePathOnDisk() reads .. behind a link and before it", () => {
  onGround(({ rule }) => {
    assert.equal(rule("in/../file"), undefined);
    assert.equal(rule("out/../file"), "path-link-outside");
    assert.equal(rule("in/../../../x"), "path-link-outside");
  });
});

Deno.test("examinePathOnDisk() tells a root from its neighbour with a longer name", () => {
  onGround(({ top, rule }) => {
    assert.equal(rule(`${top}/work-old/x`), "path-link-outside");
  });
});

Deno.test("examinePathOnDisk() refuses a link to what is denied", () => {
  onGround(({ rule }) => {
    assert.equal(rule("to-vault/key"), "path-denied");
  });
});

Deno.test("examinePathOnDisk() refuses loops and folders that cannot be read", () => {
  onGround(({ top, rule }) => {
    assert.equal(rule("loop"), "path-unresolved");
    assert.equal(rule("loop/x"), "path-unresolved");
    assert.equal(rule("x", { roots: [`${top}/work/loop`] }), "path-unresolved");
    assert.equal(rule("a".repeat(300)), "path-unresolved");
  });
});

Deno.test("examinePathOnDisk() follows the roots themselves", () => {
  onGround(({ top, rule }) => {
    const roots = [`${top}/linked-root`];
    assert.equal(rule("file", { roots }), undefined);
    assert.equal(rule("in/x", { roots }), undefined);
    assert.equal(rule(`${top}/linked-root/file`, { roots }), undefined);
    assert.equal(rule("out/x", { roots }), "path-link-outside");
    assert.equal(rule("x", { roots: [`${top}/linked-root/later`] }), undefined);
  });
});

Deno.test("examinePathOnDisk() looks at nothing when the files are elsewhere", () => {
  onGround(({ rule }) => {
    assert.equal(rule("out", { local: false }), undefined);
  });
});

Deno.test({
  name: "examinePathOnDisk() needs permission for the roots alone",
  permissions: { read: true, write: true, env: true, run: true, sys: true },
  fn: async () => {
    const top = Deno.realPathSync(Deno.makeTempDirSync());
    try {
      Deno.mkdirSync(`${top}/work/sub`, { recursive: true });
      Deno.symlinkSync("/etc", `${top}/work/out`);
      Deno.symlinkSync(`${top}/work/sub`, `${top}/work/in`);
      const module = new URL("../../../src/inspect/arguments/path_on_disk.ts", import.meta.url);
      const script = `import { examinePathOnDisk } from ${JSON.stringify(module.href)};
        const rules = { roots: [Deno.args[0]], cwd: undefined, home: undefined, deny: [], except: [],
          ignoreCase: false, local: true };
        const values = ["sub/x", "in/x", "out/passwd", Deno.args[0] + "/sub"];
        console.log(values.map((v) => examinePathOnDisk(v, rules)?.rule ?? "pass").join());
        console.log(examinePathOnDisk("x", { ...rules, roots: ["/usr"] })?.rule);`;
      Deno.writeTextFileSync(`${top}/ask.ts`, script);
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-lock",
          `--allow-read=${top}/work`,
          `${top}/ask.ts`,
          `${top}/work`,
        ],
      }).output();
      assert.equal(
        new TextDecoder().decode(stdout),
        "pass,pass,path-unresolved,pass\npath-unresolved\n",
      );
    } finally {
      Deno.removeSync(top, { recursive: true });
    }
  },
});

Deno.test("examinePathOnDisk() agrees with the system about every path that exists", () => {
  onGround(({ top, rules }) => {
    const names = [
      "sub",
      "deep",
      "up",
      "in",
      "out",
      "..",
      ".",
      "file",
      "work",
      "work-old",
      "chain",
    ];
    const path = fc.array(fc.constantFrom(...names), { maxLength: 6 }).map((all) => all.join("/"));
    fc.assert(fc.property(path, (value) => {
      let real: string;
      try {
        real = Deno.realPathSync(`${top}/work/${value}`);
      } catch {
        return; // It does not exist.
      }
      const inside = real === `${top}/work` || real.startsWith(`${top}/work/`);
      if (!inside) assert.ok(examinePathOnDisk(value, rules) !== undefined, value);
    }));
  });
});
