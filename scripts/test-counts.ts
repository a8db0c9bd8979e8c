/**
 * Reads how a test run ended out of vitest's JSON report. Run with such a file, the exit code of the tests, and the
 * counts of durability runs, it prints the sums of all.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
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

/**
 * Reads the counts of one run. The report knows nothing of errors outside every test, an unhandled rejection
 * for one; the exit code does, and such a run must never read as a success.
 */
export function readTestCounts({ report, exitCode }: { report: string; exitCode: number }): TestCounts {
  const run = Report.parse(JSON.parse(readFileSync(report, "utf8")));
  const brokenFiles = run.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  return {
    passed: run.numPassedTests,
    failed: Math.max(run.numFailedTests + brokenFiles, exitCode === 0 ? 0 : 1),
    skipped: run.numPendingTests + run.numTodoTests,
  };
}

const Counts = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });

/** Reads what a durability run counted; one that did not come to its end is one failure. */
function readSoakCounts(file: string): TestCounts {
  const text = readFileSync(file, "utf8");
  return text === "" ? { passed: 0, failed: 1, skipped: 0 } : Counts.parse(JSON.parse(text));
}

if (import.meta.filename === process.argv[1]) {
  const [report = "", exitCode = "0", ...soaks] = process.argv.slice(2);
  const runs = [readTestCounts({ report, exitCode: Number(exitCode) }), ...soaks.map(readSoakCounts)];
  const sum = (of: (counts: TestCounts) => number) => runs.reduce((total, run) => total + of(run), 0);
  const skipped = sum((run) => run.skipped);
  console.log(
    `${sum((run) => run.passed)} passed, ${sum((run) => run.failed)} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  );
}
