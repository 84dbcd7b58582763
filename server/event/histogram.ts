import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { type HistogramUnit, histogramUnitOf, unitParts } from "@/domain/event/histogram.ts";
import { type EventLookup, partsInOrder } from "@/domain/event/lookup.ts";
import type { Interval } from "@/domain/event/rules.ts";
import type { EventHistogramDto } from "@/domain/event/schema.ts";
import { conditionsOf, Values } from "./lookup-conditions.ts";
import { lookingUp } from "./lookup-statement.ts";

/** Who looks at a picture waits no longer than this for one statement; the events themselves come without it. */
const COUNT_LIMIT_MS = 2_000;

/** For how long another part of the window is begun; what has not been counted then stays out of the picture. */
const COUNT_SEARCH_MS = 200;

/** Events counted one by one for a picture, the newest. Enough for its shape; far more would take longer than anybody waits. */
const COUNTED_MAX = 200_000;

/**
 * How many events match by UTC hour or day. Exact and from the rollup while the look-up names no more than region and Read or Write, and
 * then as cheap for ten million events as for ten. With other conditions they are counted by index: all of them, the newest 200,000 or as
 * many as can be counted at once, or, when a statement takes longer than 2 s, none; the answer says which.
 */
export async function countByTime(scope: AccountScope, lookup: EventLookup): Promise<EventHistogramDto> {
  const unit = histogramUnitOf(lookup);
  const span = { from: lookup.from.toISOString(), to: lookup.to.toISOString(), unit };
  try {
    const counted = isInRollup(lookup)
      ? { buckets: await countByRollup(scope.accountId, lookup, unit), countedFrom: null }
      : await countByIndex(scope.accountId, lookup, unit);
    return {
      ...span,
      known: counted.countedFrom === null ? "all" : "newest",
      countedFrom: counted.countedFrom?.toISOString() ?? null,
      total: counted.buckets.reduce((sum, { count }) => sum + count, 0),
      buckets: counted.buckets.map(({ starts_at, count }) => ({ startsAt: starts_at.toISOString(), count })),
    };
  } catch (error) {
    if (error instanceof DomainError && error.details.why === "lookup-too-slow") {
      return { ...span, known: "nothing", countedFrom: null, total: 0, buckets: [] };
    }
    throw error;
  }
}

function isInRollup({ conditions }: EventLookup): boolean {
  return conditions.every(({ key }) => key === "EventRW");
}

type BucketRow = { readonly starts_at: Date; readonly count: number };

/** Whole hours and days from the rollup; what the ends of the window cut off an hour, event by event. */
async function countByRollup(accountId: string, lookup: EventLookup, unit: HistogramUnit): Promise<BucketRow[]> {
  const { wholeDays, wholeHours, partialHours } = unitParts(lookup, unit);
  const values = new Values();
  const selects = [
    ...wholeDays.map((part) => rollupPart(accountId, lookup, "day", part, values)),
    ...wholeHours.map((part) => rollupPart(accountId, lookup, "hour", part, values)),
    ...partialHours.map((part) => rowsPart(accountId, lookup, part, values)),
  ];
  if (selects.length === 0) {
    return [];
  }
  const text = `
    SELECT date_trunc('${unit}', "at", 'UTC') AS "starts_at", sum("count")::int8 AS "count"
    FROM (${selects.join(" UNION ALL ")}) AS "part" ("at", "count")
    WHERE "count" > 0 GROUP BY 1 ORDER BY 1`;
  return lookingUp(COUNT_LIMIT_MS, async (client) => (await client.query<BucketRow>(text, values.list)).rows);
}

function rollupPart(
  accountId: string,
  { conditions, region }: EventLookup,
  unit: HistogramUnit,
  { from, to }: Interval,
  values: Values,
): string {
  const eventRW = conditions.map(({ value }) => `AND "event_rw" = ${values.add(value)}`).join(" ");
  return `
    SELECT "starts_at", "count" FROM "event_count"
    WHERE "account_id" = ${values.add(accountId)} AND "granularity" = '${unit}'
      ${region === null ? "" : `AND "region" = ${values.add(region.replaceAll("\0", ""))}`}
      AND "starts_at" >= ${values.add(from.toISOString())} AND "starts_at" < ${values.add(to.toISOString())} ${eventRW}`;
}

function rowsPart(accountId: string, lookup: EventLookup, { from, to }: Interval, values: Values): string {
  const start = values.add(from.toISOString());
  return `
    SELECT ${start}::timestamptz, count(*) FROM "event"
    WHERE ${conditionsOf(accountId, lookup, values)} AND "event_time" >= ${start} AND "event_time" < ${values.add(to.toISOString())}`;
}

/**
 * The newest COUNTED_MAX that match, or those that can be counted within a moment; `countedFrom` is where they begin when there are, or may
 * be, more.
 */
async function countByIndex(accountId: string, lookup: EventLookup, unit: HistogramUnit) {
  const counts = new Map<number, number>();
  const begun = performance.now();
  let left = COUNTED_MAX;
  return lookingUp(COUNT_LIMIT_MS, async (client) => {
    let countedFrom: Date | null = null;
    for (const [index, part] of partsInOrder(lookup, "BACKWARD").entries()) {
      if (index > 0 && performance.now() - begun > COUNT_SEARCH_MS) {
        countedFrom = part.to;
        break;
      }
      const statement = countStatement(accountId, { ...lookup, ...part }, unit, left);
      const { rows } = await client.query<CountedRow>(statement.text, statement.values);
      for (const { starts_at, count } of rows) {
        counts.set(starts_at.getTime(), (counts.get(starts_at.getTime()) ?? 0) + count);
        left -= count;
      }
      if (left === 0) {
        countedFrom = rows[0]?.earliest ?? null;
        break;
      }
    }
    const buckets = [...counts]
      .toSorted(([one], [other]) => one - other)
      .map(([startsAt, count]): BucketRow => ({ starts_at: new Date(startsAt), count }));
    return { buckets, countedFrom };
  });
}

type CountedRow = BucketRow & { readonly earliest: Date };

function countStatement(accountId: string, lookup: EventLookup, unit: HistogramUnit, limit: number) {
  const values = new Values();
  // In the order of the keys' indexes, which is by time alone: so nothing is sorted, and nothing but the index is read for one condition.
  const text = `
    SELECT date_trunc('${unit}', "event_time", 'UTC') AS "starts_at", count(*) AS "count", min("event_time") AS "earliest"
    FROM (
      SELECT "event_time" FROM "event"
      WHERE ${conditionsOf(accountId, lookup, values)}
        AND "event_time" >= ${values.add(lookup.from.toISOString())} AND "event_time" < ${values.add(lookup.to.toISOString())}
      ORDER BY "event_time" DESC
      LIMIT ${values.add(limit)}
    ) AS "counted"
    GROUP BY 1 ORDER BY 1`;
  return { text, values: values.list };
}
