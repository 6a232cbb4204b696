import { measure } from "../scripts/measure.ts";
import { playRecords } from "../scripts/measure/play.ts";
import { readCorpus } from "../scripts/measure/corpus.ts";
const c=await readCorpus("/work/shared/corpus");
for (let i=0;i<2;i++){
const t=performance.now(); await playRecords(c,"declared"); console.log(performance.now()-t|0);
for (const k of [...new Set(c.records.map(r=>r.kind))]) { const t=performance.now(); try { await playRecords({...c,records:c.records.filter(r=>r.kind===k)},"inferred"); } catch(e){console.log(String(e))} console.log(k,performance.now()-t|0);}
}
