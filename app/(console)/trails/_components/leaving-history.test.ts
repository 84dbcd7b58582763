import { expect, test } from "vitest";
import { leavingHistory } from "./leaving-history.ts";

const ASOF = "2026-11-22T12:00:00.000Z";

function days(...rows: [string, number][]) {
  return rows.map(([day, expected]) => ({ region: "cn-hangzhou", day, expected, inSink: null }));
}

test("all days with events that leave history within three days are told, and when the first of them does", () => {
  // 24 August ends on the 25th; 91 days later is midnight of 24 November.
  const leaving = days(["2026-08-26", 11], ["2026-08-25", 7], ["2026-08-24", 3], ["2026-08-24", 2]);
  expect(leavingHistory({ asOf: ASOF, days: leaving })).toEqual({
    firstDay: "2026-08-24",
    lastDay: "2026-08-25",
    events: 12,
    inMs: 36 * 3_600_000,
  });
});

test("a day that leaves history alone is told alone", () => {
  expect(leavingHistory({ asOf: ASOF, days: days(["2026-08-26", 11], ["2026-08-25", 7]) })).toEqual({
    firstDay: "2026-08-25",
    lastDay: "2026-08-25",
    events: 7,
    inMs: 60 * 3_600_000,
  });
});

test("a day without events hurries nobody, nor one that has time", () => {
  expect(leavingHistory({ asOf: ASOF, days: days(["2026-08-24", 0], ["2026-09-01", 3]) })).toBeNull();
  expect(leavingHistory({ asOf: ASOF, days: [] })).toBeNull();
});
