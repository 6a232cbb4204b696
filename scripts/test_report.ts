/**
 * Counts the tests in the report of the last run: `deno run -A scripts/test_report.ts`.
 * @module
 */

/** Where `deno task test` leaves its JUnit report. */
export const TEST_REPORT = "coverage/junit.xml";

/** How a run of the tests went. A test that was skipped is in neither number. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/** Reads the report of the last run; no report counts as no tests. */
export async function readTestReport(path: string = TEST_REPORT): Promise<TestCounts> {
  try {
    return countTests(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { passed: 0, failed: 0 };
    throw error;
  }
}

/** Counts test cases and steps of a JUnit report as `deno test` writes it. */
export function countTests(xml: string): TestCounts {
  let passed = 0;
  let failed = 0;
  for (const [, body = ""] of xml.matchAll(/<testcase\b[^>]*>([^]*?)<\/testcase>/g)) {
    if (/^\s*<(?:failure|error)\b/.test(body)) failed++;
    else if (!/^\s*<skipped\b/.test(body)) passed++;
  }
  return { passed, failed };
}

if (import.meta.main) {
  const { passed, failed } = await readTestReport();
  // A file that breaks while it is loaded fails the run without a line in the report.
  const unlisted = Deno.args.includes("--run-failed") && failed === 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed + unlisted} failed`);
  Deno.exit(passed > 0 && failed + unlisted === 0 ? 0 : 1);
}
