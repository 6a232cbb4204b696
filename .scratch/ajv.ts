const m=()=>{(globalThis as any).gc?.();const {rss,heapUsed}=Deno.memoryUsage();return [rss,heapUsed].map(x=>+(x/1e6).toFixed(1))};
const {parsePolicy}=await import("../src/policy/load.ts");
const {inspectCheck}=await import("../src/inspect/check.ts");
const policy=await parsePolicy(`version: "1"\nprincipals: { a: { tools: [{pattern: "*", actions: [execute]}] } }`);
const schema=Deno.args[0]==="none"?undefined:{type:"object",properties:{path:{type:"string",description:"x"},n:{type:"integer",minimum:0}},required:["path"],additionalProperties:false};
// warm the rest with a tool without schema
const check=inspectCheck({inspection:policy.inspection,argumentKinds:()=>undefined});
await check.prepare!([{name:"x",description:undefined,inputSchema:undefined}]);
const a=m(); const t=performance.now();
await check.prepare!([{name:"read_thing",description:"reads",inputSchema:schema as any}]);
const b=performance.now()-t; const c=m();
console.log("prepare",b.toFixed(1),"ms rss",(c[0]-a[0]).toFixed(1),"heap",(c[1]-a[1]).toFixed(1), "total rss",c[0]);
