import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import type { DayCount } from "@/domain/event/day-count.ts";
import type { EventFilter } from "@/domain/event/rules.ts";
import { pool, type Transaction } from "@/server/db.ts";
import { countByDay, type RegionDayCount } from "@/server/rollup-counts.ts";

/**
 * The matching events of an account by region and UTC day, by day, then region; only where there are any. In a transaction
 * that holds the account's arrival lock exclusively it is what `arrivalMax` means.
 */
export function countEventsByDay(tx: Transaction, accountId: string, filter: EventFilter): Promise<RegionDayCount[]> {
  return countByDay(tx, { table: "event", accountId }, filter);
}

/** The account's recorded events of each of these UTC days, days without any included. From the rollup. */
export async function countEventsOfDays({ accountId }: AccountScope, days: readonly string[]): Promise<DayCount[]> {
  const { rows } = await pool().query<DayCount>(
    `SELECT d.day::text AS "day", COALESCE(sum(c."count"), 0)::int8 AS "count"
       FROM unnest($2::date[]) WITH ORDINALITY AS d (day, place)
       LEFT JOIN "event_count" c ON c."account_id" = $1 AND c."granularity" = 'day'
        AND c."starts_at" = d.day::timestamp AT TIME ZONE 'UTC'
      GROUP BY d.day, d.place ORDER BY d.place`,
    [accountId, days],
  );
  return rows;
}
