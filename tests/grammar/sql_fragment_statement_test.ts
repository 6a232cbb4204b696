import assert from "node:assert/strict";
import { beginsBareStatement, beginsStatement } from "../../src/grammar/sql_fragment_statement.ts";
import { SqlTokens } from "../../src/grammar/sql_fragment_tokens.ts";

Deno.test("beginsStatement() wants more than a verb", () => {
  const begins = (text: string) => beginsStatement(new SqlTokens(text, { mysql: false }));
  for (
    const text of [
      "drop table t",
      "insert into t values (1)",
      "UPDATE t SET a = 1",
      "delete from t",
      "truncate t",
      "exec sp_who",
      "exec master..sp_who 'x'",
      "set @a = 1",
      "waitfor delay '0:0:1'",
      "shutdown",
      "commit;",
      "grant select on t to u",
      "copy t from '/f'",
      "with a as (select 1) delete from t",
    ]
  ) {
    assert.ok(begins(text), text);
  }
  for (
    const text of [
      "drop me a line",
      "set the table",
      "update your order soon",
      "insert coin",
      "delete that",
      "create gold",
      "execute well today",
      "show me",
      "grant wishes",
      "with love",
      "",
    ]
  ) {
    assert.ok(!begins(text), text);
  }
});

Deno.test("beginsBareStatement() knows what needs no semicolon", () => {
  const begins = (text: string) => beginsBareStatement(new SqlTokens(text, { mysql: false }));
  assert.ok(begins("waitfor time '1:00'"));
  assert.ok(!begins("drop table t"));
});
