import assert from "node:assert/strict";
import { Metrics } from "../../src/base/metrics.ts";

Deno.test("Metrics renders counters, gauges and histograms as Prometheus reads them", () => {
  const metrics = new Metrics();
  const requests = metrics.counter({ name: "r_total", help: "R.", labels: ["path", "status"] });
  const all = metrics.counter({ name: "all_total", help: "A." });
  let load = 1;
  metrics.gauge({ name: "load", help: "L." }, () => load);
  const seconds = metrics.histogram({ name: "s", help: "S." }, [0.1, 1]);
  requests.add(["/mcp", "2xx"]);
  requests.add(["/mcp", "2xx"], 2);
  requests.add(['/"\\\n', "4xx"]);
  load = 5;
  for (const value of [0.05, 0.1, 0.5, 7]) seconds.observe(value);
  assert.equal(
    metrics.render(),
    `# HELP r_total R.
# TYPE r_total counter
r_total{path="/mcp",status="2xx"} 3
r_total{path="/\\"\\\\\\n",status="4xx"} 1
# HELP all_total A.
# TYPE all_total counter
all_total 0
# HELP load L.
# TYPE load gauge
load 5
# HELP s S.
# TYPE s histogram
s_bucket{le="0.1"} 2
s_bucket{le="1"} 3
s_bucket{le="+Inf"} 4
s_sum 7.65
s_count 4
`,
  );
  all.add([]);
  assert.match(metrics.render(), /^all_total 1$/m);
});

Deno.test("Metrics keeps a bounded number of series", () => {
  const metrics = new Metrics();
  const counter = metrics.counter({ name: "c", help: "C.", labels: ["l"] });
  for (let at = 0; at < 5000; at++) counter.add([`${at}`]);
  assert.ok(metrics.render().split("\n").length < 600);
});
