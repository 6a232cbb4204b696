import { INSPECTING, openInspecting, send, callOf } from "../tests/gateway/inspecting.ts";
const src=await Deno.readTextFile("tests/gateway/bad_arguments_test.ts");
const part=src.slice(src.indexOf("const AT_THE_CAP"),src.indexOf("/** What has to pass")).replace(/: readonly \(readonly.*?\[\]/s,"");
const {AT}=await import("data:application/javascript,"+encodeURIComponent(`const CAP=65536,MB=1048576;function filled(begin,{end="",length}){return begin+"a".repeat(length-begin.length-end.length)+end}\n${part}\nexport const AT=AT_THE_CAP;`));
const {channel,gateway}=await openInspecting(INSPECTING);
for(const [tool,what,v] of AT){ let best=1e9; for(let i=0;i<2;i++){const t=performance.now(); await send(channel,"fromClient",callOf(Math.random()*1e9|0,tool,{v})); best=Math.min(best,performance.now()-t);} console.log(tool,what,v.length,best.toFixed(0),"ms",(best/v.length*1e5).toFixed(1),"ms/100KB"); }
await gateway[Symbol.asyncDispose]();
