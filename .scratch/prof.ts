const {parseBash}=await import("../src/grammar/bash.ts");
const unbash=await import("unbash");
const cpu=(f:()=>unknown)=>{let b=1e9;for(let i=0;i<5;i++){const t=performance.now();f();b=Math.min(b,performance.now()-t);}return b.toFixed(2)};
const COMMAND = "git log --oneline -n 20 -- src/a.ts | grep 'fix: a' | sort -u && ls -la src; ".repeat(53);
for (const [k,f] of Object.entries({here:(n:number)=>"ls "+"<<a ".repeat(n/4),cmd:(_:number)=>COMMAND+"ls",words:(n:number)=>"ls "+"a ".repeat(n/2)})) for(const n of [8000,16000,32000]) console.log(k,n,"unbash",cpu(()=>{try{(unbash as any).parse(f(n))}catch{}}),"parseBash",cpu(()=>parseBash(f(n))));
