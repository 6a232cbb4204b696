import assert from "node:assert/strict";
import { findTables } from "../../src/cli/case_files.ts";
import { CliError } from "../../src/cli/exit.ts";

Deno.test("findTables() takes tables, folders, and policies with a table beside them", async () => {
  const dir = await Deno.makeTempDir();
  try {
    for (const name of ["b.cases.yaml", "a.cases.json", "a.yaml", "lone.yaml", "readme.md"]) {
      await Deno.writeTextFile(`${dir}/${name}`, "");
    }
    await Deno.mkdir(`${dir}/empty`);
    const all = [`${dir}/a.cases.json`, `${dir}/b.cases.yaml`];
    assert.deepEqual(await findTables([dir]), all);
    assert.deepEqual(await findTables([`${dir}/`]), all);
    assert.deepEqual(await findTables([`${dir}/a.yaml`]), [`${dir}/a.cases.json`]);
    assert.deepEqual(await findTables([`${dir}/gone.cases.yaml`]), [`${dir}/gone.cases.yaml`]);
    await assert.rejects(findTables([`${dir}/lone.yaml`]), CliError);
    await assert.rejects(findTables([`${dir}/empty`]), CliError);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("findTables() finds the project's own tables when nothing is named", async () => {
  const found = await findTables([]);
  assert.ok(found.length > 0 && found.every((path) => /^policies\/\w+\.cases\.yaml$/.test(path)));
});
