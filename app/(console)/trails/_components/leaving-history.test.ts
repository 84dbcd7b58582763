import { expect, test } from "vitest";
import { leavingHistory } from "./leaving-history.ts";

const ASOF = "2026-11-22T12:00:00.000Z";

function days(...rows: [string, number][]) {
  return rows.map(([day, expected]) => ({ region: "cn-hangzhou", day, expected, inSink: null }));
}

test("the oldest day with events is told while it leaves history within three days", () => {
  // 24 August ends on the 25th; 91 days later is midnight of 24 November.
  expect(leavingHistory({ asOf: ASOF, days: days(["2026-08-25", 7], ["2026-08-24", 3], ["2026-08-24", 2]) })).toEqual({
    day: "2026-08-24",
    events: 5,
    inMs: 36 * 3_600_000,
  });
});

test("a day without events hurries nobody, nor one that has time", () => {
  expect(leavingHistory({ asOf: ASOF, days: days(["2026-08-24", 0], ["2026-09-01", 3]) })).toBeNull();
  expect(leavingHistory({ asOf: ASOF, days: [] })).toBeNull();
});
