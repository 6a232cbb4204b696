import assert from "node:assert/strict";
import { auditKey, readAuditKey } from "../../src/audit/key.ts";
import { withDirectory } from "./files.ts";

Deno.test("readAuditKey() takes the text of a file without the line breaks at its end", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/key`;
    Deno.writeTextFileSync(path, " sixteen bytes or\nmore\r\n\n");
    const key = await readAuditKey(path);
    assert.equal(key.reveal(), " sixteen bytes or\nmore");
    assert.equal(String(key), "[secret]");
  }));

Deno.test("readAuditKey() refuses what is no key and says why without showing it", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/key`;
    const cases: readonly (readonly [Uint8Array | string, RegExp])[] = [
      ["too short\n", /at least 16 bytes, it is 9$/],
      ["", /it is 0$/],
      ["x".repeat(4097), /larger than 4096 bytes/],
      [new Uint8Array(32).fill(0xff), /not UTF-8 text/],
    ];
    for (const [content, why] of cases) {
      if (typeof content === "string") Deno.writeTextFileSync(path, content);
      else Deno.writeFileSync(path, content);
      await assert.rejects(readAuditKey(path), (error: Error & { code?: string }) => {
        assert.equal(error.code, "audit-key");
        assert.match(error.message, why);
        assert.doesNotMatch(error.message, /too short/);
        return true;
      });
    }
    await assert.rejects(readAuditKey(`${directory}/none`), { code: "audit-key" });
    await assert.rejects(readAuditKey(directory), { code: "audit-key" });
    assert.throws(() => auditKey("short", "from AEGIS_AUDIT_KEY"), /from AEGIS_AUDIT_KEY/);
  }));
