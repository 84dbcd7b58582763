import type { TrailEventRW } from "@/domain/trail/trail.ts";

/** Which events of an account: what a trail matches by, and a window [from, to) of event times. */
export type EventFilter = {
  /** null for all. */
  readonly regions: readonly string[] | null;
  /** Events that are neither Read nor Write match All only. */
  readonly eventRW: TrailEventRW;
  readonly from: Date;
  readonly to: Date;
};

/** Instants [from, to). */
export type Interval = { readonly from: Date; readonly to: Date };

/** A window in the parts that the rollup answers by day, by hour, and not at all. Together they are the window, once. */
export type WindowParts = {
  readonly wholeDays: Interval | null;
  readonly wholeHours: readonly Interval[];
  readonly partialHours: readonly Interval[];
};

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Cuts the window [from, to) into whole UTC days, whole UTC hours beside them, and what is left at either end. */
export function splitWindow({ from, to }: Interval): WindowParts {
  const days = split({ from: from.getTime(), to: to.getTime() }, DAY_MS);
  const hours = days.rest.map((rest) => split(rest, HOUR_MS));
  return {
    wholeDays: days.whole === null ? null : toInterval(days.whole),
    wholeHours: hours.flatMap(({ whole }) => (whole === null ? [] : [toInterval(whole)])),
    partialHours: hours.flatMap(({ rest }) => rest.map(toInterval)),
  };
}

type Span = { readonly from: number; readonly to: number };

/** The whole units inside a span, and what lies before and after them; neither piece crosses the start of a unit. */
function split(span: Span, unitMs: number): { whole: Span | null; rest: Span[] } {
  const whole = { from: Math.ceil(span.from / unitMs) * unitMs, to: Math.floor(span.to / unitMs) * unitMs };
  if (whole.from > whole.to) {
    return { whole: null, rest: [span].filter(isNotEmpty) };
  }
  const rest = [
    { from: span.from, to: whole.from },
    { from: whole.to, to: span.to },
  ];
  return { whole: isNotEmpty(whole) ? whole : null, rest: rest.filter(isNotEmpty) };
}

function isNotEmpty(span: Span): boolean {
  return span.from < span.to;
}

function toInterval(span: Span): Interval {
  return { from: new Date(span.from), to: new Date(span.to) };
}
