import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { root } from "./markdown.ts";

function count(report: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), "headgate-count-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "vitest.json");
  if (report !== undefined) writeFileSync(file, JSON.stringify(report));
  return execFileSync(process.execPath, [join(root, "scripts/print-test-count.ts"), file], { encoding: "utf8" });
}

const file = (status: string, ...tests: readonly string[]) => ({
  status,
  assertionResults: tests.map((one) => ({ status: one })),
});

const numbers = (numPassedTests: number, numFailedTests: number, numPendingTests = 0, numTodoTests = 0) => ({
  success: numFailedTests === 0,
  numPassedTests,
  numFailedTests,
  numPendingTests,
  numTodoTests,
});

it("counts what passed, failed and was skipped", () => {
  const report = {
    ...numbers(7, 2, 1, 1),
    testResults: [file("failed", "failed", "failed"), file("passed", "passed")],
  };
  expect(count(report)).toBe("Tests: 7 passed, 2 failed, 2 skipped\n");
});

it("counts a file that cannot be loaded as a failure", () => {
  const report = { ...numbers(7, 0), success: false, testResults: [file("failed"), file("passed", "passed")] };
  expect(count(report)).toBe("Tests: 7 passed, 1 failed, 0 skipped\n");
});

it("counts an error outside of every test as a failure", () => {
  const report = { ...numbers(7, 0), success: false, testResults: [file("passed", "passed")] };
  expect(count(report)).toBe("Tests: 7 passed, 1 failed, 0 skipped\n");
});

it("counts a run without a report as one failure", () => {
  expect(count(undefined)).toBe("Tests: 0 passed, 1 failed, 0 skipped\n");
});
