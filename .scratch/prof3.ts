const {loadSql}=await import("../src/grammar/sql.ts"); const {examineSql}=await import("../src/inspect/arguments/sql.ts"); const {examineUrl}=await import("../src/inspect/arguments/url.ts");
const C="SELECT a.id, count(*) AS n FROM orders a JOIN items b ON a.id = b.order_id WHERE a.note LIKE '%drop table%' AND b.price > 10 GROUP BY a.id";
const S=Array.from({length:26},()=>C).join(" UNION ALL ");
const q=(f:()=>unknown,n=400)=>{const a=[];for(let i=0;i<n;i++){const t=performance.now();f();a.push(performance.now()-t);}a.sort((x,y)=>x-y);return [a[0],a[n*.25|0],a[n*.5|0]].map(x=>x.toFixed(3)).join(" ");};
for (const d of ["sqlite","postgres"] as const){const parser=await loadSql(d); for(let i=0;i<100;i++)examineSql(S,{profile:"read",parser}); console.log(d,S.length,q(()=>examineSql(S,{profile:"read",parser})), "one", q(()=>examineSql(C,{profile:"read",parser})));
 const L=C.replace("%drop table%","x".repeat(3900)); console.log(d,"4KB literal",q(()=>examineSql(L,{profile:"read",parser})));}
