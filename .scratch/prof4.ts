const {parseBash}=await import("../src/grammar/bash.ts");
const {examineCommand}=await import("../src/inspect/arguments/command.ts");
import { INSPECTING } from "../tests/gateway/inspecting.ts";
import { parsePolicy } from "../src/policy/load.ts";
const policy=await parsePolicy(JSON.stringify(INSPECTING),{upstream:{name:"srv"}});
const profile=policy.inspection.commands.get("default")!;
for(const v of ["$a","${a}","$(ls)","*","~","'a'","\\a","$((1))"])for(const n of [4000,8000,16000,32000]){const t="ls "+v.repeat(n/v.length|0); const s=performance.now(); parseBash(t); const m=performance.now(); examineCommand(t,profile); console.log(v,n,"parse",(m-s).toFixed(0),"examine",(performance.now()-m).toFixed(0));}
