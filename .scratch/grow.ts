import { INSPECTING, openInspecting, send, callOf } from "../tests/gateway/inspecting.ts";
const {channel,gateway}=await openInspecting(INSPECTING);
const shapes: Record<string,[string,(n:number)=>string]>={
 word:["command",n=>"git log "+"a".repeat(n)], here:["command",n=>"ls "+"<<a ".repeat(n/4)], pipes:["command",n=>"ls"+"|ls".repeat(n/3)], semis:["command",n=>"ls;".repeat(n/3)], words:["command",n=>"ls "+"a ".repeat(n/2)],quoted:["command",n=>"git log '"+"a b".repeat(n/3)+"'"],
 sqlw:["sql",n=>"SELECT '"+"a".repeat(n)+"'"], text:["text",n=>"a".repeat(n)], url:["url",n=>"https://e.com/"+"%25".repeat(n/3)],
};
for(const [k,[tool,f]] of Object.entries(shapes)){ const out=[]; for(const n of [8000,16000,32000,64000]){ let best=1e9; for(let i=0;i<4;i++){const t=performance.now(); await send(channel,"fromClient",callOf(Math.random()*1e9|0,tool,{v:f(n)})); best=Math.min(best,performance.now()-t);} out.push(best.toFixed(1)); } console.log(k,out.join(" ")); }
await gateway[Symbol.asyncDispose]();
