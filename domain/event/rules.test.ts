import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Interval, splitWindow, type WindowParts } from "./rules.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function cut(from: string, to: string): string[] {
  const parts = splitWindow({ from: new Date(from), to: new Date(to) });
  const write = (unit: string) => (interval: Interval) =>
    `${unit} ${interval.from.toISOString().slice(5, 16)} ${interval.to.toISOString().slice(5, 16)}`;
  return [
    ...(parts.wholeDays === null ? [] : [parts.wholeDays].map(write("days"))),
    ...parts.wholeHours.map(write("hours")),
    ...parts.partialHours.map(write("partial")),
  ];
}

describe("splitWindow", () => {
  it.each([
    ["an empty window", "2026-01-01T10:30:00Z", "2026-01-01T10:30:00Z", []],
    ["a window that ends before it begins", "2026-01-03T00:00:00Z", "2026-01-01T00:00:00Z", []],
  ])("cuts %s into nothing", (_what, from, to, parts) => {
    expect(cut(from, to)).toEqual(parts);
  });

  it.each([
    ["whole days", "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z", ["days 01-01T00:00 01-03T00:00"]],
    ["whole hours of a day", "2026-01-01T01:00:00Z", "2026-01-01T03:00:00Z", ["hours 01-01T01:00 01-01T03:00"]],
    ["a part of an hour", "2026-01-01T01:10:00Z", "2026-01-01T01:20:00Z", ["partial 01-01T01:10 01-01T01:20"]],
    [
      "a window over midnight without a whole hour",
      "2026-01-01T23:30:00Z",
      "2026-01-02T00:20:00Z",
      ["partial 01-01T23:30 01-02T00:00", "partial 01-02T00:00 01-02T00:20"],
    ],
    [
      "all three on both sides",
      "2026-01-01T22:30:00Z",
      "2026-01-03T01:20:00Z",
      [
        "days 01-02T00:00 01-03T00:00",
        "hours 01-01T23:00 01-02T00:00",
        "hours 01-03T00:00 01-03T01:00",
        "partial 01-01T22:30 01-01T23:00",
        "partial 01-03T01:00 01-03T01:20",
      ],
    ],
  ])("cuts %s", (_what, from, to, parts) => {
    expect(cut(from, to)).toEqual(parts);
  });

  it("covers every instant of the window once, by whole units, and by pieces within one hour", () => {
    const start = Date.UTC(2026, 0, 1);
    const instant = fc.integer({ min: 0, max: 5 * DAY_MS }).map((ms) => start + ms);
    fc.assert(
      fc.property(instant, instant, (one, other) => {
        const window = { from: new Date(Math.min(one, other)), to: new Date(Math.max(one, other)) };
        const parts = splitWindow(window);
        expect(lengthsOf(parts)).toBe(window.to.getTime() - window.from.getTime());
        const all = allOf(parts).toSorted((a, b) => a.from.getTime() - b.from.getTime());
        expect(all.slice(1).every((part, index) => part.from.getTime() === all[index]?.to.getTime())).toBe(true);
        expect(parts.wholeDays === null || isWhole(parts.wholeDays, DAY_MS)).toBe(true);
        expect(parts.wholeHours.every((part) => isWhole(part, HOUR_MS))).toBe(true);
        expect(parts.partialHours.every(isWithinOneHour)).toBe(true);
      }),
    );
  });
});

function allOf({ wholeDays, wholeHours, partialHours }: WindowParts): Interval[] {
  return [...(wholeDays === null ? [] : [wholeDays]), ...wholeHours, ...partialHours];
}

function lengthsOf(parts: WindowParts): number {
  return allOf(parts).reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0);
}

function isWhole({ from, to }: Interval, unitMs: number): boolean {
  return from.getTime() % unitMs === 0 && to.getTime() % unitMs === 0 && from < to;
}

function isWithinOneHour({ from, to }: Interval): boolean {
  return Math.floor(from.getTime() / HOUR_MS) === Math.floor((to.getTime() - 1) / HOUR_MS);
}
