/**
 * One policy in both eras: what it hides cannot be called, what a server may not ask never reaches
 * the client.
 */

import assert from "node:assert/strict";
import { deno, shim, tempFolder, testForeignClient } from "./harness.ts";
import { connectModern } from "./modern_client.ts";

const FIXTURE = deno("tests/fixtures/dual_era_server.ts");

const NO_DELETE = `version: "1"
principals:
  tester:
    tools:
      - { pattern: "*", actions: [read, execute] }
      - { pattern: "*_note", effect: deny, actions: [delete] }
servers:
  notes:
    tools:
      delete_note: { action: delete }
      write_note: { action: write }
`;

const ECHO_ONLY = `version: "1"
principals:
  tester: { tools: [{ pattern: "echo", actions: [execute] }] }
`;

for (const mode of ["legacy", { pin: "2026-07-28" }] as const) {
  const era = mode === "legacy" ? "legacy" : "modern";

  testForeignClient(
    `${era}: a tool that the policy denies is neither listed nor callable`,
    async () => {
      await using folder = await tempFolder();
      const policy = await folder.write("no_delete.yaml", NO_DELETE);
      const launch = shim(FIXTURE, { policy, flags: ["--name", "notes"] });
      await using modern = await connectModern(launch, mode);
      const { client } = modern;
      assert.equal(client.getProtocolEra(), era);
      const names = (await client.listTools()).tools.map(({ name }) => name);
      assert.ok(names.includes("write_note") && !names.includes("delete_note"), names.join(" "));
      const refused = await client.callTool({ name: "delete_note", arguments: { name: "first" } });
      assert.equal(refused.isError, true);
      assert.match(JSON.stringify(refused.content), /"delete_note\\" is not permitted/);
      await client.callTool({ name: "write_note", arguments: { name: "first", text: "written" } });
      const { contents } = await client.readResource({ uri: "note://first" });
      assert.match(JSON.stringify(contents), /written/);
    },
  );

  testForeignClient(`${era}: what was not granted is not listed and cannot be read`, async () => {
    await using folder = await tempFolder();
    const policy = await folder.write("echo.yaml", ECHO_ONLY);
    await using modern = await connectModern(shim(FIXTURE, { policy }), mode);
    const { client } = modern;
    assert.deepEqual((await client.listTools()).tools.map(({ name }) => name), ["echo"]);
    assert.deepEqual((await client.listResources()).resources, []);
    assert.deepEqual((await client.listResourceTemplates()).resourceTemplates, []);
    assert.deepEqual((await client.listPrompts()).prompts, []);
    const forbidden = { code: -31403 };
    await assert.rejects(client.readResource({ uri: "note://first" }), forbidden);
    await assert.rejects(client.getPrompt({ name: "greet" }), forbidden);
    const { content } = await client.callTool({ name: "echo", arguments: { message: "hi" } });
    assert.deepEqual(content, [{ type: "text", text: "hi" }]);
  });

  testForeignClient(`${era}: a server that may ask nothing does not reach the client`, async () => {
    await using folder = await tempFolder();
    const policy = await folder.write("no_delete.yaml", NO_DELETE);
    await using modern = await connectModern(shim(FIXTURE, { policy }), mode);
    const { client, asked } = modern;
    const questions: readonly (readonly [string, Record<string, unknown>])[] = [
      ["ask_model", { prompt: "p" }],
      ["ask_user", { question: "q" }],
      ["list_client_roots", {}],
    ];
    for (const [name, args] of questions) {
      const ended = await client.callTool({ name, arguments: args }).catch((error) => ({
        content: [],
        isError: error instanceof Error,
      }));
      assert.equal(ended.isError, true, name);
    }
    assert.deepEqual(asked, []);
  });
}
