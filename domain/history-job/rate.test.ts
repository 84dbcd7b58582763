import { expect, test } from "vitest";
import { rateSpansOf } from "./rate.ts";

const START = Date.UTC(2026, 10, 22, 12, 0, 0);

function at(seconds: number, delivered: number, { run = 1, isPause = false } = {}) {
  return { run, at: new Date(START + seconds * 1_000).toISOString(), delivered, isPause };
}

/** "0-10: 100" */
function told(...samples: readonly ReturnType<typeof at>[]): string[] {
  return rateSpansOf(samples).map(
    ({ from, to, eventsPerSecond }) =>
      `${(from - START) / 1_000}-${(to - START) / 1_000}: ${eventsPerSecond === null ? "idle" : Math.round(eventsPerSecond)}`,
  );
}

test("each stretch has the rate between its two moments", () => {
  expect(told(at(0, 0), at(10, 1_000), at(20, 1_000), at(25, 1_500))).toEqual(["0-10: 100", "10-20: 0", "20-25: 100"]);
});

test("a pause is a gap from its beginning to the next moment, whatever was still acknowledged in it", () => {
  expect(told(at(0, 0), at(10, 1_000, { isPause: true }), at(70, 1_040), at(80, 2_040))).toEqual([
    "0-10: 100",
    "10-70: idle",
    "70-80: 100",
  ]);
});

test("the time between two runs is a gap, and the second begins where the first left off", () => {
  expect(told(at(0, 0), at(10, 1_000), at(100, 1_000, { run: 2 }), at(110, 1_500, { run: 2 }))).toEqual([
    "0-10: 100",
    "10-100: idle",
    "100-110: 50",
  ]);
});

test("a stretch too short to tell a rate joins the one before it", () => {
  expect(told(at(0, 0), at(10, 1_000), at(11, 2_200))).toEqual(["0-11: 200"]);
});

test("a run that was over at once has one stretch and a rate", () => {
  expect(told(at(0, 0), at(0.05, 50))).toEqual(["0-0.05: 500"]);
  expect(told(at(0, 0))).toEqual([]);
  expect(told()).toEqual([]);
});
