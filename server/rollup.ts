import "server-only";
import type { PoolClient } from "pg";
import { textArray, timestamptzArray } from "./binary-array.ts";

/** A rollup, and the column that says whose rows it counts. */
const OWNER_COLUMNS = { event_count: "account_id", log_count: "logstore_id" } as const;

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

type CountedRow = { readonly region: string; readonly eventTime: Date; readonly eventRW: string | null };

/**
 * Adds rows to a rollup in the caller's transaction: one count per region, Read, Write or neither, and UTC hour, and one per
 * UTC day. The counts are taken in the order of their keys, so that two writers wait for each other instead of deadlocking.
 */
export async function addToRollup(
  client: PoolClient,
  rollup: keyof typeof OWNER_COLUMNS,
  ownerId: string | number,
  rows: readonly CountedRow[],
): Promise<void> {
  if (rows.length === 0) {
    return;
  }
  const owner = OWNER_COLUMNS[rollup];
  await client.query(
    `INSERT INTO "${rollup}" ("${owner}", "granularity", "region", "starts_at", "event_rw", "count")
     SELECT $1, "granularity", "region", "starts_at", "event_rw", count(*)
     FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) AS "new" ("region", "event_rw", "hour", "day"),
       LATERAL (VALUES ('day', "day"), ('hour', "hour")) AS "unit" ("granularity", "starts_at")
     GROUP BY "granularity", "region", "starts_at", "event_rw"
     ORDER BY "granularity" COLLATE "C", "region" COLLATE "C", "starts_at", "event_rw" COLLATE "C"
     ON CONFLICT ("${owner}", "granularity", "region", "starts_at", "event_rw")
     DO UPDATE SET "count" = "${rollup}"."count" + excluded."count"`,
    [
      ownerId,
      textArray(rows.map(({ region }) => region)),
      textArray(rows.map(({ eventRW }) => eventRW ?? "")),
      timestamptzArray(rows.map(({ eventTime }) => startOf(eventTime, HOUR_MS))),
      timestamptzArray(rows.map(({ eventTime }) => startOf(eventTime, DAY_MS))),
    ],
  );
}

function startOf(instant: Date, unitMs: number): Date {
  return new Date(Math.floor(instant.getTime() / unitMs) * unitMs);
}
