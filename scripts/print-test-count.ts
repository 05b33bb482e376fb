// Prints one line that counts the tests of the last run: node scripts/print-test-count.ts [REPORT]
import { readFileSync } from "node:fs";

interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A run without a report failed before its first test; that is one failure, not none. */
function readReport(file: string | URL): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    return undefined;
  }
}

function countLine(report: Report | undefined): string {
  if (report === undefined) return "Tests: 0 passed, 1 failed, 0 skipped";
  // A file that cannot be loaded, or an error outside of any test, fails without a failed test.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((one) => one.status === "failed"),
  );
  const counted = report.numFailedTests + brokenFiles.length;
  const failed = counted === 0 && !report.success ? 1 : counted;
  const skipped = report.numPendingTests + report.numTodoTests;
  return `Tests: ${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
}

console.log(countLine(readReport(process.argv[2] ?? new URL("../reports/vitest.json", import.meta.url))));
