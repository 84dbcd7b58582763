import "server-only";
import { type EventFilter, type Interval, splitWindow } from "@/domain/event/rules.ts";
import { Prisma } from "@/prisma/generated/client.ts";
import type { Transaction } from "./db.ts";

/** How many events or logs one region has in one UTC day. */
export type RegionDayCount = {
  readonly region: string;
  /** UTC, YYYY-MM-DD. */
  readonly day: string;
  readonly count: number;
};

/** Whose rows are counted: an account's recorded events, or the logs of a logstore. */
export type CountedRows =
  | { readonly table: "event"; readonly accountId: string }
  | { readonly table: "log"; readonly logstoreId: number };

/**
 * The matching rows by region and UTC day, by day, then region; only where there are any. Equal to counting the rows one by
 * one, but taken from the rollup: a window costs as much as it has days and regions, and only the hours that it cuts are
 * counted by the primary key.
 */
export async function countByDay(tx: Transaction, rows: CountedRows, filter: EventFilter): Promise<RegionDayCount[]> {
  const statement = countByDayStatement(rows, filter);
  if (statement === null) {
    return [];
  }
  const counts = await tx.$queryRaw<{ region: string; day: string; count: bigint }[]>(statement);
  return counts.map((row) => ({ ...row, count: Number(row.count) }));
}

/** The statement behind countByDay; null for an empty window. */
export function countByDayStatement(rows: CountedRows, filter: EventFilter): Prisma.Sql | null {
  const { wholeDays, wholeHours, partialHours } = splitWindow(filter);
  const parts = [
    ...(wholeDays === null ? [] : [rollupPart(rows, "day", filter, wholeDays)]),
    ...wholeHours.map((interval) => rollupPart(rows, "hour", filter, interval)),
    ...partialHours.map((interval) => rowsPart(rows, filter, interval)),
  ];
  if (parts.length === 0) {
    return null;
  }
  return Prisma.sql`
    WITH "region" AS MATERIALIZED (${listRegions(rows, filter)})
    SELECT "part"."region", to_char("part"."at" AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "day", sum("part"."count")::bigint AS "count"
    FROM (${Prisma.join(parts, " UNION ALL ")}) AS "part" ("region", "at", "count")
    GROUP BY 1, 2
    ORDER BY 2, 1`;
}

/**
 * The regions to look at. Every index begins with owner and region, so a search by time has to be one search per region:
 * all regions of the owner are found in its few day rows.
 */
function listRegions(rows: CountedRows, { regions, from, to }: EventFilter): Prisma.Sql {
  return regions === null
    ? Prisma.sql`
        SELECT DISTINCT "region" AS "name" FROM ${rollupOf(rows)} AS "rollup"
        WHERE ${isOwner(rows, "rollup")} AND "granularity" = 'day'
          AND "starts_at" > ${instant(from)} - interval '1 day' AND "starts_at" < ${instant(to)}`
    : Prisma.sql`SELECT DISTINCT unnest(${regions}::text[]) AS "name"`;
}

function rollupPart(
  rows: CountedRows,
  granularity: "day" | "hour",
  filter: EventFilter,
  interval: Interval,
): Prisma.Sql {
  return Prisma.sql`
    SELECT "rollup"."region", "rollup"."starts_at", "rollup"."count"
    FROM "region" JOIN ${rollupOf(rows)} AS "rollup" ON "rollup"."region" = "region"."name"
    WHERE ${isOwner(rows, "rollup")} AND "rollup"."granularity" = ${granularity}
      AND "rollup"."starts_at" >= ${instant(interval.from)} AND "rollup"."starts_at" < ${instant(interval.to)}
      ${isEventRW(filter, "rollup")}`;
}

/** An interval within one UTC hour, row by row. */
function rowsPart(rows: CountedRows, filter: EventFilter, interval: Interval): Prisma.Sql {
  return Prisma.sql`
    SELECT "region"."name", ${instant(interval.from)}, "found"."count"
    FROM "region", LATERAL (
      SELECT count(*) AS "count" FROM ${tableOf(rows)} AS "row"
      WHERE ${isOwner(rows, "row")} AND "row"."region" = "region"."name"
        AND "row"."event_time" >= ${instant(interval.from)} AND "row"."event_time" < ${instant(interval.to)}
        ${isEventRW(filter, "row")}
    ) AS "found"
    WHERE "found"."count" > 0`;
}

function rollupOf({ table }: CountedRows): Prisma.Sql {
  return table === "event" ? Prisma.sql`"event_count"` : Prisma.sql`"log_count"`;
}

function tableOf({ table }: CountedRows): Prisma.Sql {
  return table === "event" ? Prisma.sql`"event"` : Prisma.sql`"log"`;
}

function isOwner(rows: CountedRows, alias: "rollup" | "row"): Prisma.Sql {
  const from = Prisma.raw(`"${alias}"`);
  return rows.table === "event"
    ? Prisma.sql`${from}."account_id" = ${rows.accountId}`
    : Prisma.sql`${from}."logstore_id" = ${rows.logstoreId}`;
}

function isEventRW({ eventRW }: EventFilter, alias: "rollup" | "row"): Prisma.Sql {
  return eventRW === "All" ? Prisma.empty : Prisma.sql`AND ${Prisma.raw(`"${alias}"`)}."event_rw" = ${eventRW}`;
}

function instant(at: Date): Prisma.Sql {
  return Prisma.sql`${at.toISOString()}::timestamptz`;
}
