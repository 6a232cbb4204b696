import assert from "node:assert/strict";
import fc from "fast-check";
import { findSqlBreakout } from "../../src/grammar/sql_breakout.ts";

Deno.test("findSqlBreakout() sees a value that goes on as SQL, and how", () => {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    "union": [
      "a' union select b from c--",
      "7 UNION ALL SELECT null, null",
      'x") UNION SELECT 1,2#',
      "y'/**/union/**/select/**/1--",
    ],
    "condition": [
      "a' or 'b'='b",
      "9 or 1=1",
      "c') or ('d'='d",
      '" or ""="',
      "e' and sleep(9)--",
      "f' or true-- -",
      "g'||(select h from i)||'",
      "8) and (select 1 from j)=1",
      "k' order by 9--",
      "l' or m.n like 'o",
      "p' and not (1=2)--",
      "q' or r in ('s','t')--",
      "u' or -1='v",
    ],
    "statement": [
      "a'; drop table b--",
      "5; DELETE FROM c",
      "d'); update e set f=1;--",
      "g'; insert into h values(1)--",
      "i;drop table if exists j",
      "k'; waitfor delay '0:0:9'--",
      "l'; alter table m add n int--",
      "o'; exec xp_dirtree 'p'--",
      "q'; shutdown--",
      "r'; truncate table s--",
      "t'; select pg_sleep(9)--",
    ],
    "comment": ["admin'--", "root' #", "x')/*"],
  };
  for (const [kind, values] of Object.entries(kinds)) {
    for (const value of values) assert.equal(findSqlBreakout(value), kind, value);
  }
});

Deno.test("findSqlBreakout() lets people and programs write", () => {
  for (
    const text of [
      "O'Neil and D'Arcy",
      "the workers' union select committee",
      "5' or 6' boards -- treated",
      "rock 'n' roll = life",
      "'yes' or 'no'",
      "title:'a' or title:'b'",
      "notes; drop the table off at noon",
      "1 or 2",
      "7 union jacks",
      "select a from b where c = 'd' or 1=1",
      'if (a == "" || b == "") return;',
      "'and the list is longer than \"this\" line'",
      "C# and F#",
      "it' or\n1=1--",
      "a' union select",
      "b' or (c",
      "d' or = e--",
      "f' || g",
      "h' or",
      "'",
      "it's -- well -- done",
      "",
    ]
  ) assert.equal(findSqlBreakout(text), undefined, text);
});

Deno.test("findSqlBreakout() never throws", () => {
  const token = fc.constantFrom(
    ...`' " ( ) -- # /* */ ; , = or and union select from null 1 a in not like % || @x`.split(" "),
  );
  fc.assert(
    fc.property(
      fc.array(token, { maxLength: 40 }),
      fc.constantFrom(" ", ""),
      (tokens, space) => void findSqlBreakout(tokens.join(space)),
    ),
  );
});
