/** Fixed, so that nothing moves when the counts come; pixels. */
export const CHART_HEIGHT = 120;

/** Where in the chart the bars are: what is laid over them has to know. Pixels from each side. */
export const PLOT = { left: 56, right: 4, top: 6, bottom: 22 } as const;

/** The bars from the first to before the second, as places between bars: 0 is before the first. */
export type BarRange = readonly [from: number, to: number];

/** The bars between two points of the plot, at least one; `share` is a place across it from 0 to 1. */
export function rangeBetween(one: number, other: number, count: number): BarRange {
  const barAt = (share: number) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  const [first, last] = [barAt(Math.min(one, other)), barAt(Math.max(one, other))];
  return [first, last + 1];
}
