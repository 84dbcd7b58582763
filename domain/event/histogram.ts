import { type Interval, splitWindow } from "./rules.ts";

export const HISTOGRAM_UNITS = ["hour", "day"] as const;
export type HistogramUnit = (typeof HISTOGRAM_UNITS)[number];

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const UNIT_MS: Readonly<Record<HistogramUnit, number>> = { hour: HOUR_MS, day: DAY_MS };

/** Up to so long a window is counted by hour: more bars than this has hours could be told apart by nobody. */
const BY_HOUR_MS_MAX = 8 * DAY_MS;

/** What the events of a window are counted by. */
export function histogramUnitOf({ from, to }: Interval): HistogramUnit {
  return to.getTime() - from.getTime() <= BY_HOUR_MS_MAX ? "hour" : "day";
}

/** A window in the parts that the rollup answers: whole days only where they are counted as days. Together they are the window, once. */
export type UnitParts = {
  readonly wholeDays: readonly Interval[];
  readonly wholeHours: readonly Interval[];
  readonly partialHours: readonly Interval[];
};

export function unitParts(window: Interval, unit: HistogramUnit): UnitParts {
  const { wholeDays, wholeHours, partialHours } = splitWindow(window);
  const days = wholeDays === null ? [] : [wholeDays];
  return unit === "day"
    ? { wholeDays: days, wholeHours, partialHours }
    : { wholeDays: [], wholeHours: [...days, ...wholeHours], partialHours };
}

/** One bar: an hour or day that the window touches, as far as it lies in the window. */
export type HistogramBar = { readonly from: Date; readonly to: Date; readonly count: number };

/**
 * A bar for each hour or day that the window touches, also where nothing happened, by time; the first and the last end where the window
 * does.
 */
export function barsOf(
  window: Interval,
  unit: HistogramUnit,
  buckets: readonly { readonly startsAt: string; readonly count: number }[],
): readonly HistogramBar[] {
  const unitMs = UNIT_MS[unit];
  const countAt = new Map(buckets.map(({ startsAt, count }) => [Date.parse(startsAt), count]));
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  const first = Math.floor(from / unitMs) * unitMs;
  const length = from < to ? Math.ceil((to - first) / unitMs) : 0;
  return Array.from({ length }, (_, index) => first + index * unitMs).map((start) => ({
    from: new Date(Math.max(from, start)),
    to: new Date(Math.min(to, start + unitMs)),
    count: countAt.get(start) ?? 0,
  }));
}
