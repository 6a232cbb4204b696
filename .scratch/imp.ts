const m=()=>{(globalThis as any).gc?.();const {rss,heapUsed}=Deno.memoryUsage();return [rss,heapUsed].map(x=>+(x/1e6).toFixed(1))};
for (const f of Deno.args){ const a=m(); const t=performance.now(); await import(f.startsWith(".")?f:f); const d=performance.now()-t; const c=m();
console.log(f,d.toFixed(1),"ms rss",(c[0]-a[0]).toFixed(1),"heap",(c[1]-a[1]).toFixed(1));}
