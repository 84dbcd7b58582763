import { describe, expect, it } from "vitest";
import { barsOf, histogramUnitOf, unitParts } from "./histogram.ts";

function windowOf(from: string, to: string) {
  return { from: new Date(from), to: new Date(to) };
}

describe("histogramUnitOf", () => {
  it("counts up to eight days by hour and more by day", () => {
    expect(histogramUnitOf(windowOf("2026-06-01T00:00:00Z", "2026-06-09T00:00:00Z"))).toBe("hour");
    expect(histogramUnitOf(windowOf("2026-06-01T00:00:00Z", "2026-06-09T00:00:01Z"))).toBe("day");
  });
});

describe("unitParts", () => {
  const window = windowOf("2026-06-01T22:30:00Z", "2026-06-03T01:00:00Z");

  it("takes whole days from the days where they are counted as days", () => {
    expect(unitParts(window, "day")).toEqual({
      wholeDays: [windowOf("2026-06-02T00:00:00Z", "2026-06-03T00:00:00Z")],
      wholeHours: [
        windowOf("2026-06-01T23:00:00Z", "2026-06-02T00:00:00Z"),
        windowOf("2026-06-03T00:00:00Z", "2026-06-03T01:00:00Z"),
      ],
      partialHours: [windowOf("2026-06-01T22:30:00Z", "2026-06-01T23:00:00Z")],
    });
  });

  it("takes them from the hours where they are counted as hours", () => {
    const { wholeDays, wholeHours } = unitParts(window, "hour");
    expect(wholeDays).toEqual([]);
    expect(wholeHours).toContainEqual(windowOf("2026-06-02T00:00:00Z", "2026-06-03T00:00:00Z"));
  });
});

describe("barsOf", () => {
  it("has a bar for every hour that the window touches, cut where the window ends", () => {
    const window = windowOf("2026-06-01T10:30:00Z", "2026-06-01T13:15:00Z");
    const bars = barsOf(window, "hour", [{ startsAt: "2026-06-01T12:00:00.000Z", count: 7 }]);
    expect(
      bars.map(({ from, to, count }) => [from.toISOString().slice(11, 16), to.toISOString().slice(11, 16), count]),
    ).toEqual([
      ["10:30", "11:00", 0],
      ["11:00", "12:00", 0],
      ["12:00", "13:00", 7],
      ["13:00", "13:15", 0],
    ]);
  });

  it("has none for a window that is empty", () => {
    expect(barsOf(windowOf("2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z"), "day", [])).toEqual([]);
  });
});
