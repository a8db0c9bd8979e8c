/** Reads how a test run ended out of vitest's JSON report; run with such a file, prints it as one line. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/** How many tests passed, failed and were skipped; a file that could not be loaded is one failure. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Reads the counts of one run. */
export function readTestCounts(reportFile: string): TestCounts {
  const report = Report.parse(JSON.parse(readFileSync(reportFile, "utf8")));
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    // A run can fail outside every test, by an unhandled rejection for one; it must never read as a success.
    failed: report.success ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

if (import.meta.filename === process.argv[1]) {
  const { passed, failed, skipped } = readTestCounts(process.argv[2] ?? "");
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
}
