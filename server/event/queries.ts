import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { type EventFilter, type Interval, splitWindow } from "@/domain/event/rules.ts";
import { Prisma } from "@/prisma/generated/client.ts";
import { prisma, type Transaction } from "@/server/db.ts";

/** How many events one region has in one UTC day. */
export type RegionDayCount = {
  readonly region: string;
  /** UTC, YYYY-MM-DD. */
  readonly day: string;
  readonly count: number;
};

/** How many recorded events match, at one moment. */
export async function countEvents(scope: AccountScope, filter: EventFilter): Promise<number> {
  const counts = await countEventsByDay(prisma(), scope.accountId, filter);
  return counts.reduce((sum, { count }) => sum + count, 0);
}

/**
 * The matching events of an account by region and UTC day, by day, then region; only where there are any. Equal to
 * counting the events one by one, but taken from the rollup: a window costs as much as it has days and regions, and only
 * the hours that it cuts are counted by the primary key. In a transaction that holds the account's arrival lock
 * exclusively it is what `arrivalMax` means.
 */
export async function countEventsByDay(
  tx: Transaction,
  accountId: string,
  filter: EventFilter,
): Promise<RegionDayCount[]> {
  const { wholeDays, wholeHours, partialHours } = splitWindow(filter);
  const parts = [
    ...(wholeDays === null ? [] : [rollupPart(accountId, "day", filter, wholeDays)]),
    ...wholeHours.map((interval) => rollupPart(accountId, "hour", filter, interval)),
    ...partialHours.map((interval) => eventPart(accountId, filter, interval)),
  ];
  if (parts.length === 0) {
    return [];
  }
  const rows = await tx.$queryRaw<{ region: string; day: string; count: bigint }[]>`
    WITH "region" AS MATERIALIZED (${listRegions(accountId, filter)})
    SELECT "part"."region", to_char("part"."at" AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "day", sum("part"."count")::bigint AS "count"
    FROM (${Prisma.join(parts, " UNION ALL ")}) AS "part" ("region", "at", "count")
    GROUP BY 1, 2
    ORDER BY 2, 1`;
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/**
 * The regions to look at. Every index begins with account and region, so a search by time has to be one search per region:
 * all regions of the account are found in its few day rows.
 */
function listRegions(accountId: string, { regions, from, to }: EventFilter): Prisma.Sql {
  return regions === null
    ? Prisma.sql`
        SELECT DISTINCT "region" AS "name" FROM "event_count"
        WHERE "account_id" = ${accountId} AND "granularity" = 'day'
          AND "starts_at" > ${from.toISOString()}::timestamptz - interval '1 day' AND "starts_at" < ${to.toISOString()}::timestamptz`
    : Prisma.sql`SELECT DISTINCT unnest(${regions}::text[]) AS "name"`;
}

function rollupPart(
  accountId: string,
  granularity: "day" | "hour",
  filter: EventFilter,
  interval: Interval,
): Prisma.Sql {
  return Prisma.sql`
    SELECT "event_count"."region", "event_count"."starts_at", "event_count"."count"
    FROM "region" JOIN "event_count" ON "event_count"."region" = "region"."name"
    WHERE "event_count"."account_id" = ${accountId} AND "event_count"."granularity" = ${granularity}
      AND "event_count"."starts_at" >= ${interval.from.toISOString()}::timestamptz
      AND "event_count"."starts_at" < ${interval.to.toISOString()}::timestamptz
      ${filter.eventRW === "All" ? Prisma.empty : Prisma.sql`AND "event_count"."event_rw" = ${filter.eventRW}`}`;
}

/** An interval within one UTC hour. */
function eventPart(accountId: string, filter: EventFilter, interval: Interval): Prisma.Sql {
  const from = Prisma.sql`${interval.from.toISOString()}::timestamptz`;
  return Prisma.sql`
    SELECT "region"."name", ${from}, "found"."count"
    FROM "region", LATERAL (
      SELECT count(*) AS "count" FROM "event"
      WHERE "event"."account_id" = ${accountId} AND "event"."region" = "region"."name"
        AND "event"."event_time" >= ${from} AND "event"."event_time" < ${interval.to.toISOString()}::timestamptz
        ${filter.eventRW === "All" ? Prisma.empty : Prisma.sql`AND "event"."event_rw" = ${filter.eventRW}`}
    ) AS "found"
    WHERE "found"."count" > 0`;
}
