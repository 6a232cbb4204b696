import { deepEqual } from "node:assert/strict";
import { countTests, readTestReport } from "../../scripts/test_report.ts";

const RUN = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="6" failures="3" errors="1" time="0.311">
    <testsuite name="./a_test.ts" tests="5" disabled="1" errors="0" failures="2">
        <testcase name="steps" classname="./a_test.ts" time="0.003" line="1" col="6">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
        <testcase name="ignored" classname="./a_test.ts" time="0.000" line="2" col="11">
            <skipped/>
        </testcase>
        <testcase name="says &lt;failure&gt;" classname="./a_test.ts" time="0.000" line="4" col="6">
        </testcase>
        <testcase name="steps &gt; one" classname="./a_test.ts" time="0.000" line="1" col="43">
        </testcase>
        <testcase name="steps &gt; two" classname="./a_test.ts" time="0.001" line="1" col="74">
            <failure message="Uncaught Error: &lt;/testcase&gt;">Error: &lt;skipped/&gt;</failure>
        </testcase>
    </testsuite>
    <testsuite name="./c_test.ts" tests="1" disabled="0" errors="1" failures="0">
        <testcase name="after" classname="./c_test.ts" time="0.000" line="1" col="141">
            <error message="Cancelled"/>
        </testcase>
    </testsuite>
</testsuites>
`;

Deno.test("countTests() counts failures and errors as failed, and a skipped test as neither", () => {
  deepEqual(countTests(RUN), { passed: 2, failed: 3 });
});

Deno.test("countTests() finds nothing in an empty report", () => {
  deepEqual(countTests(`<testsuites name="deno test" tests="0"></testsuites>`), {
    passed: 0,
    failed: 0,
  });
});

Deno.test("readTestReport() reads a missing report as no tests, which is no success", async () => {
  const folder = await Deno.makeTempDir();
  try {
    deepEqual(await readTestReport(`${folder}/junit.xml`), { passed: 0, failed: 0 });
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL("../../scripts/test_report.ts", import.meta.url).href],
      cwd: folder,
    }).output();
    deepEqual([code, new TextDecoder().decode(stdout)], [1, "0 passed, 0 failed\n"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
