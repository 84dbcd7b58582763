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

/** A slice as it comes from the database, in the order of SliceRow. */
type SliceValues = readonly [
  region: string,
  day: string,
  state: SliceState,
  failureCode: string | null,
  failureMessage: string | null,
  expected: number,
  delivered: number,
  newAtSink: number,
  presentAtSink: number,
  undeliverable: number,
  gap: number,
  bytes: number,
  batches: number,
  resent: number,
  deliveryTimed: number,
  attempt: number,
  startedAt: string | null,
  endedAt: string | null,
  acknowledgedAt: number | null,
];

/**
 * The slices of a job, by day and region. There may be thousands, and the open page of a running job asks every second: they come through
 * `pg` as one JSON text, which the runtime reads at once, where tens of thousands of values would each be taken out of the answer by itself; and
 * with their instants made by the server, so that this process makes no dates and large integers of what it only passes on.
 */
export async function readSliceRows(jobId: number): Promise<SliceRow[]> {
  const { rows } = await pool().query<{ slices: readonly SliceValues[] }>({
    name: "read-slice-rows",
    text: `SELECT coalesce(json_agg(json_build_array(
         region, day, state, failure_code, failure_message, expected, delivered, new_at_sink, present_at_sink, undeliverable, gap, bytes,
         batches, resent, delivery_timed, attempt, ${instant("started_at")}, ${instant("ended_at")},
         (extract(epoch FROM acknowledged_at) * 1000)::int8
       ) ORDER BY day, region), '[]') AS slices
     FROM delivery_slice WHERE job_id = $1`,
    values: [jobId],
  });
  return (rows[0]?.slices ?? []).map(toSliceRow);
}

function toSliceRow([
  region,
  day,
  state,
  failureCode,
  failureMessage,
  expected,
  delivered,
  newAtSink,
  presentAtSink,
  undeliverable,
  gap,
  bytes,
  batches,
  resent,
  deliveryTimed,
  attempt,
  startedAt,
  endedAt,
  acknowledgedAt,
]: SliceValues): SliceRow {
  return {
    region,
    day,
    state,
    failureCode,
    failureMessage,
    expected,
    delivered,
    newAtSink,
    presentAtSink,
    undeliverable,
    gap,
    bytes,
    batches,
    resent,
    deliveryTimed,
    attempt,
    startedAt,
    endedAt,
    acknowledgedAt,
  };
}

function instant(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
