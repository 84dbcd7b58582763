import type { HistoryPreviewDto } from "@/domain/history-job/schema.ts";

/** As many regions as can be told apart; what is left stands together. */
export const SERIES_MAX = 8;

const DAY_MS = 86_400_000;

/** One bar: a UTC day, YYYY-MM-DD, with the events of each series, in the order of the series. */
export type PreviewBar = { readonly day: string; readonly total: number; readonly counts: readonly number[] };

export type PreviewSeries = {
  /** The regions with the most events, the largest first; null stands for all others together. */
  readonly regions: readonly (string | null)[];
  /** Every day that the window touches, those without events too. */
  readonly bars: readonly PreviewBar[];
};

/** The preview's counts as bars by day, stacked by region. */
export function seriesOf({
  windowFrom,
  windowTo,
  days,
}: Pick<HistoryPreviewDto, "windowFrom" | "windowTo" | "days">): PreviewSeries {
  const byRegion = new Map<string, number>();
  for (const { region, expected } of days) {
    byRegion.set(region, (byRegion.get(region) ?? 0) + expected);
  }
  const ranked = [...byRegion]
    .filter(([, events]) => events > 0)
    .toSorted(([one, events], [other, others]) => others - events || (one < other ? -1 : 1))
    .map(([region]) => region);
  const named = ranked.slice(0, SERIES_MAX);
  const regions = ranked.length > SERIES_MAX ? [...named, null] : named;
  const daysOf = Map.groupBy(days, ({ day }) => day);
  const bars = daysBetween(windowFrom, windowTo).map((day) => {
    const rows = daysOf.get(day) ?? [];
    const counts = regions.map((region) =>
      rows.reduce(
        (sum, row) =>
          (region === null ? !named.includes(row.region) : row.region === region) ? sum + row.expected : sum,
        0,
      ),
    );
    return { day, counts, total: counts.reduce((sum, count) => sum + count, 0) };
  });
  return { regions, bars };
}

/** The UTC days that [from, to) touches. */
function daysBetween(from: string, to: string): string[] {
  const first = Date.parse(`${from.slice(0, 10)}T00:00:00Z`);
  const days = Math.max(0, Math.ceil((Date.parse(to) - first) / DAY_MS));
  return Array.from({ length: days }, (_, index) => new Date(first + index * DAY_MS).toISOString().slice(0, 10));
}
