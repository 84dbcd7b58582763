import { expect, it } from "vitest";
import { failuresIn } from "./test-failures.ts";

it("finds a failed test of Vitest and the first words of its error", () => {
  const printed = [
    " \u276f  faults  worker/faults/one.test.ts (2 tests | 1 failed) 9398ms",
    "   \u2713 something that passes",
    " FAIL   faults  worker/faults/one.test.ts > a worker > is waited for",
    "AssertionError: expected 3 to be 2 // Object.is equality",
    "",
    "- Expected",
    "+ Received",
    " Test Files  1 failed (1)",
  ].join("\n");
  expect(failuresIn(printed)).toEqual([
    "FAIL   faults  worker/faults/one.test.ts > a worker > is waited for",
    "AssertionError: expected 3 to be 2 // Object.is equality",
    "- Expected",
    "+ Received",
    "Test Files  1 failed (1)",
  ]);
});

it("finds a failed test of Playwright, and nothing where all have passed", () => {
  const printed = [
    "  \u2713  1 e2e/jobs.spec.ts:9:1 \u203a jobs are filtered (11.5s)",
    "  1) e2e/jobs.spec.ts:123:1 \u203a a slice is opened ",
    "",
    "    Error: expect(received).toBeLessThanOrEqual(expected)",
    "",
    "    Expected: <= 360",
    "    Received:    676",
  ].join("\n");
  expect(failuresIn(printed)).toEqual([
    "1) e2e/jobs.spec.ts:123:1 \u203a a slice is opened",
    "Error: expect(received).toBeLessThanOrEqual(expected)",
    "Expected: <= 360",
    "Received:    676",
  ]);
  expect(failuresIn("  \u2713  1 e2e/jobs.spec.ts:9:1 \u203a jobs are filtered (11.5s)\n  1 passed (12s)")).toEqual([]);
});
