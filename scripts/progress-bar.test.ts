import { describe, expect, it } from "vitest";
import { fileSize, grouped, progressLine } from "./progress-bar.ts";

describe("progressLine", () => {
  it.each([
    [{ done: 0, total: 10, text: "nothing yet" }, 1_000, " ░░░░░░░░░░░░░░░░░░░░░░░░  0%  nothing yet"],
    [{ done: 0, total: 0, text: "an empty file" }, 1_000, " ░░░░░░░░░░░░░░░░░░░░░░░░  0%  an empty file"],
    [{ done: 5, total: 10, text: "half" }, 60_000, " ████████████░░░░░░░░░░░░  50%  half  1 min 0 s left"],
    [{ done: 10, total: 10, text: "all" }, 5_000, " ████████████████████████  100%  all  0 s left"],
    [
      { done: 12, total: 10, text: "a file that grew" },
      5_000,
      " ████████████████████████  100%  a file that grew  0 s left",
    ],
  ])("draws %o", (progress, elapsedMs, line) => {
    expect(progressLine(progress, elapsedMs)).toBe(line);
  });
});

it("writes counts and sizes for people", () => {
  expect([0, 999, 1_234_567.8].map(grouped)).toEqual(["0", "999", "1,234,568"]);
  expect([0, 12_345, 7_300_000, 2_042_220_275].map(fileSize)).toEqual(["0.0 kB", "12.3 kB", "7.3 MB", "2.0 GB"]);
});
