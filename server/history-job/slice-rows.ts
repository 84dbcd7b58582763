import "server-only";
import type { SliceState } from "@/domain/history-job/history-job.ts";
import { pool } from "@/server/db.ts";

/** A slice as its row says; days are UTC, instants ISO 8601. */
export type SliceRow = {
  readonly region: string;
  readonly day: string;
  readonly state: SliceState;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly expected: number;
  readonly delivered: number;
  readonly newAtSink: number;
  readonly presentAtSink: number;
  readonly undeliverable: number;
  readonly gap: number;
  readonly bytes: number;
  readonly batches: number;
  readonly resent: number;
  readonly deliveryTimed: number;
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Milliseconds since 1970. */
  readonly acknowledgedAt: number | null;
};

/**
 * The slices of a job, by day and region. There may be thousands, and the open page of a running job asks every second: they come through
 * `pg`, with their instants made by the server, so that this process makes no dates and large integers of what it only passes on.
 */
export async function readSliceRows(jobId: number): Promise<SliceRow[]> {
  const { rows } = await pool().query<SliceRow>({
    name: "read-slice-rows",
    text: `SELECT region, day, state, failure_code AS "failureCode", failure_message AS "failureMessage", expected, delivered,
       new_at_sink AS "newAtSink", present_at_sink AS "presentAtSink", undeliverable, gap, bytes, batches, resent,
       delivery_timed AS "deliveryTimed", attempt, ${instant("started_at")} AS "startedAt", ${instant("ended_at")} AS "endedAt",
       (extract(epoch FROM acknowledged_at) * 1000)::int8 AS "acknowledgedAt"
     FROM delivery_slice WHERE job_id = $1 ORDER BY day, region`,
    values: [jobId],
  });
  return rows;
}

function instant(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
