import { expect, test } from "vitest";
import { SERIES_MAX, seriesOf } from "./preview-series.ts";

const WINDOW = { windowFrom: "2026-11-01T10:00:00.000Z", windowTo: "2026-11-04T00:00:00.000Z" };

function row(region: string, day: string, expected: number) {
  return { region, day, expected, inSink: null };
}

test("every day that the window touches has a bar, also one without events", () => {
  const { bars } = seriesOf({ ...WINDOW, days: [row("cn-hangzhou", "2026-11-02", 3)] });
  expect(bars).toEqual([
    { day: "2026-11-01", counts: [0], total: 0 },
    { day: "2026-11-02", counts: [3], total: 3 },
    { day: "2026-11-03", counts: [0], total: 0 },
  ]);
});

test("regions stand in the order of their events, and those that have none are left out", () => {
  const { regions, bars } = seriesOf({
    ...WINDOW,
    days: [
      row("cn-shanghai", "2026-11-01", 1),
      row("cn-beijing", "2026-11-01", 0),
      row("cn-hangzhou", "2026-11-01", 2),
      row("cn-shanghai", "2026-11-02", 4),
    ],
  });
  expect(regions).toEqual(["cn-shanghai", "cn-hangzhou"]);
  expect(bars[0]).toMatchObject({ counts: [1, 2], total: 3 });
});

test("more regions than can be told apart stand together, and nothing is lost", () => {
  const days = Array.from({ length: SERIES_MAX + 3 }, (_, index) => row(`region-${index}`, "2026-11-01", 100 - index));
  const { regions, bars } = seriesOf({ ...WINDOW, days });
  expect(regions).toHaveLength(SERIES_MAX + 1);
  expect(regions.at(-1)).toBeNull();
  expect(bars[0]?.total).toBe(days.reduce((sum, { expected }) => sum + expected, 0));
  expect(bars[0]?.counts.at(-1)).toBe(92 + 91 + 90);
});
