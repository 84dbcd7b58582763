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

/** What the database makes each value of, in the order in which they come. */
const VALUES = {
  region: "region",
  day: "day",
  state: "state",
  failureCode: "failure_code",
  failureMessage: "failure_message",
  expected: "expected",
  delivered: "delivered",
  newAtSink: "new_at_sink",
  presentAtSink: "present_at_sink",
  undeliverable: "undeliverable",
  gap: "gap",
  bytes: "bytes",
  batches: "batches",
  resent: "resent",
  deliveryTimed: "delivery_timed",
  attempt: "attempt",
  startedAt: instant("started_at"),
  endedAt: instant("ended_at"),
  acknowledgedAt: "(extract(epoch FROM acknowledged_at) * 1000)::int8",
} as const satisfies Record<keyof SliceRow, string>;

const NAMES = Object.keys(VALUES);

/**
 * The slices of a job, by day and region. There may be thousands, and the open page of a running job asks every second: they come through
 * `pg` as one JSON text, which the runtime reads at once, where tens of thousands of values would each be taken out of the answer by itself; and
 * with their instants made by the server, so that this process makes no dates and large integers of what it only passes on.
 */
export async function readSliceRows(jobId: number): Promise<SliceRow[]> {
  const { rows } = await pool().query<{ slices: readonly (readonly unknown[])[] }>({
    name: "read-slice-rows",
    text: `SELECT coalesce(json_agg(json_build_array(${Object.values(VALUES).join(", ")}) ORDER BY day, region), '[]') AS slices
     FROM delivery_slice WHERE job_id = $1`,
    values: [jobId],
  });
  return (rows[0]?.slices ?? []).map(toSliceRow);
}

function toSliceRow(values: readonly unknown[]): SliceRow {
  // Object.fromEntries takes three times as long.
  const row: Record<string, unknown> = {};
  NAMES.forEach((name, index) => {
    row[name] = values[index];
  });
  return row as SliceRow;
}

function instant(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
