import { openStage } from "../scripts/measure/play.ts";
import { measure } from "../scripts/measure.ts";
import { readCorpus } from "../scripts/measure/corpus.ts";
const own=await readCorpus("tests/corpus");
const c=await readCorpus("/work/shared/corpus");
await measure(own,"declared");await measure(own,"inferred");await measure(c,"declared");
await using calls = await openStage(c, "inferred");
let t=performance.now();
await calls.list(c.tools); console.log("list",performance.now()-t);
let n=0;
for (const r of c.records){ if(r.kind==="result"||r.kind==="tooldesc")continue;
 t=performance.now(); const e=await calls.call(r.tool,r.args); const d=performance.now()-t; if(d>20&&n++<40)console.log(r.id,r.kind,r.tool,d|0,e.reason, JSON.stringify(r.args).length); }
