import { measure } from "../scripts/measure.ts";
import { readCorpus } from "../scripts/measure/corpus.ts";
const m=()=>{const {rss,heapUsed,heapTotal,external}=Deno.memoryUsage();return [rss,heapUsed,heapTotal,external].map(x=>(x/1e6|0)).join(" ")};
for (const f of ["/tmp/helpers/props/tests/corpus","/work/shared/corpus"]) for (const mode of ["declared","inferred"] as const){
 const c=await readCorpus(f); const t=performance.now(); await measure(c,mode); console.log(f,mode,performance.now()-t|0, m());
}
