import "server-only";
import { type AccountScope, mintAccountScope } from "@/domain/access/scope.ts";
import type { JobPhase, Ledger, SliceState } from "@/domain/history-job/history-job.ts";
import { pool } from "@/server/db.ts";

/** A worker's hold on one slice. `attempt` is the only fence: a statement that names an older one touches no row. */
export type SliceClaim = {
  readonly scope: AccountScope;
  readonly jobId: number;
  readonly region: string;
  /** UTC day, YYYY-MM-DD. */
  readonly day: string;
  readonly attempt: number;
  readonly eventRW: "All" | "Read" | "Write";
  /** The part of the job's window that lies in the day, [from, to). */
  readonly from: Date;
  readonly to: Date;
  readonly arrivalMax: number;
  readonly projectRegion: string;
  readonly projectName: string;
  readonly logstoreName: string;
  readonly ledger: Ledger;
  /** The last acknowledged event; null at the start. */
  readonly cursor: EventKey | null;
  /** Sum of the delivered bodies' digests so far, 32 bytes. */
  readonly checksum: Uint8Array;
};

/** Position inside a slice. */
export type EventKey = { readonly eventTime: Date; readonly eventId: string };

/** What one acknowledged batch adds to its slice. */
export type SliceProgress = {
  readonly cursor: EventKey;
  readonly newAtSink: number;
  readonly presentAtSink: number;
  readonly undeliverable: readonly { readonly eventTime: Date; readonly eventId: string; readonly reason: string }[];
  readonly bytes: number;
  /** The slice's checksum with this batch in it. */
  readonly checksum: Uint8Array;
};

/** Lost: another worker holds the slice now, nothing was written. Stop: the job is ending, the slice is to be left. */
export type Hold = "held" | "stop" | "lost";

/** Makes a queued job "delivering". A statement of its own, so that a claim never waits for a job's row with a slice locked. */
export async function beginDelivery(jobId: number): Promise<void> {
  await pool().query(
    `UPDATE delivery_history_job SET phase = 'delivering', status = 1, started_at = now(), updated_at = now()
     WHERE id = $1 AND phase = 'queued'`,
    [jobId],
  );
}

/**
 * Claims the next slice that this queue entry may work on. Null when there is none: the entry's run is finished, was given
 * to another entry, or the job is ending. A slice that a dead worker left behind is claimed again from its cursor. This is
 * the worker's gate: the claim mints the account scope.
 */
export async function claimNextSlice(entryId: string, workerName: string): Promise<SliceClaim | null> {
  const { rows } = await pool().query<ClaimRow>(
    `WITH next AS (
       SELECT s.job_id, s.day, s.region
       FROM delivery_slice s JOIN delivery_history_job j ON j.id = s.job_id
       WHERE s.entry_id = $1 AND s.state IN ('waiting', 'delivering') AND j.phase = 'delivering'
       ORDER BY s.day, s.region LIMIT 1
       FOR UPDATE OF s
     )
     UPDATE delivery_slice s
     SET attempt = s.attempt + 1, state = 'delivering', started_at = coalesce(s.started_at, now())
     FROM next n JOIN delivery_history_job j ON j.id = n.job_id
     WHERE s.job_id = n.job_id AND s.day = n.day AND s.region = n.region
     RETURNING s.job_id, s.region, s.day, s.attempt, s.expected, s.delivered, s.undeliverable, s.gap, s.cursor_time,
       s.cursor_event_id, s.checksum, j.account_id, j.event_rw, j.arrival_max, j.project_region, j.project_name,
       j.logstore_name, greatest(j.window_from, s.day::timestamp AT TIME ZONE 'UTC') AS "from",
       least(j.window_to, (s.day + 1)::timestamp AT TIME ZONE 'UTC') AS "to"`,
    [entryId],
  );
  const row = rows[0];
  return row === undefined ? null : claimOf(row, workerName);
}

type ClaimRow = {
  job_id: number;
  region: string;
  day: string;
  attempt: number;
  expected: number;
  delivered: number;
  undeliverable: number;
  gap: number;
  cursor_time: Date | null;
  cursor_event_id: string | null;
  checksum: Uint8Array;
  account_id: string;
  event_rw: "All" | "Read" | "Write";
  arrival_max: number;
  project_region: string;
  project_name: string;
  logstore_name: string;
  from: Date;
  to: Date;
};

function claimOf(row: ClaimRow, workerName: string): SliceClaim {
  const actor = { type: "worker", id: workerName, name: workerName, from: null } as const;
  return {
    scope: mintAccountScope(row.account_id, actor, "log:PostLogStoreLogs"),
    jobId: row.job_id,
    region: row.region,
    day: row.day,
    attempt: row.attempt,
    eventRW: row.event_rw,
    from: row.from,
    to: row.to,
    arrivalMax: row.arrival_max,
    projectRegion: row.project_region,
    projectName: row.project_name,
    logstoreName: row.logstore_name,
    ledger: { expected: row.expected, delivered: row.delivered, undeliverable: row.undeliverable, gap: row.gap },
    cursor:
      row.cursor_time === null || row.cursor_event_id === null
        ? null
        : { eventTime: row.cursor_time, eventId: row.cursor_event_id },
    checksum: row.checksum,
  };
}

/**
 * Moves cursor, counts and checksum together, after the sink's acknowledgement, in one conditional statement. Undeliverable
 * events are listed by the same statement.
 */
export async function saveProgress(claim: SliceClaim, progress: SliceProgress): Promise<Hold> {
  const { rows } = await pool().query<{ phase: JobPhase }>(
    `WITH moved AS (
       UPDATE delivery_slice s
       SET cursor_time = $5, cursor_event_id = $6,
         delivered = s.delivered + $7::bigint + $8::bigint, new_at_sink = s.new_at_sink + $7, present_at_sink = s.present_at_sink + $8,
         undeliverable = s.undeliverable + cardinality($11::text[]), bytes = s.bytes + $9, checksum = $10,
         batches = s.batches + 1, acknowledged_at = now()
       FROM delivery_history_job j
       WHERE s.job_id = $1 AND s.day = $2 AND s.region = $3 AND s.attempt = $4 AND s.state = 'delivering' AND j.id = s.job_id
       RETURNING s.job_id, s.day, s.region, j.phase
     ), listed AS (
       INSERT INTO undeliverable (job_id, day, region, event_time, event_id, reason)
       SELECT m.job_id, m.day, m.region, u.event_time, u.event_id, u.reason
       FROM moved m, unnest($12::timestamptz[], $11::text[], $13::text[]) AS u (event_time, event_id, reason)
       ON CONFLICT DO NOTHING
     )
     SELECT phase FROM moved`,
    [
      ...fence(claim),
      progress.cursor.eventTime,
      progress.cursor.eventId,
      progress.newAtSink,
      progress.presentAtSink,
      progress.bytes,
      progress.checksum,
      progress.undeliverable.map((event) => event.eventId),
      progress.undeliverable.map((event) => event.eventTime),
      progress.undeliverable.map((event) => event.reason),
    ],
  );
  return holdOf(rows[0]?.phase);
}

/** Whether the claim still holds and its job still wants to be delivered; asked while a batch waits for its next try. */
export async function checkHold(claim: SliceClaim): Promise<Hold> {
  const { rows } = await pool().query<{ phase: JobPhase }>(
    `SELECT j.phase FROM delivery_slice s JOIN delivery_history_job j ON j.id = s.job_id
     WHERE s.job_id = $1 AND s.day = $2 AND s.region = $3 AND s.attempt = $4 AND s.state = 'delivering'`,
    fence(claim),
  );
  return holdOf(rows[0]?.phase);
}

/** Ends the claim on a slice that was read to its end; what is still missing then becomes its gap. */
export async function endSlice(
  claim: SliceClaim,
  state: Extract<SliceState, "complete" | "incomplete">,
): Promise<Hold> {
  return end(claim, state, null);
}

/** Ends the claim on a slice that the sink refuses for good. Other slices go on. */
export async function failSlice(claim: SliceClaim, failure: Failure): Promise<Hold> {
  return end(claim, "failed", failure);
}

/** Ends the claim on a slice whose job is ending early: it is left where its cursor stands. */
export async function stopSlice(claim: SliceClaim): Promise<Hold> {
  return end(claim, "stopped", null);
}

/** Why a slice or a job failed, in the sink's own words where it has spoken. */
export type Failure = { readonly code: string; readonly message: string };

async function end(claim: SliceClaim, state: SliceState, failure: Failure | null): Promise<Hold> {
  const { rows } = await pool().query<{ phase: JobPhase }>(
    `UPDATE delivery_slice s
     SET state = $5, ended_at = now(), failure_code = $6, failure_message = $7,
       gap = CASE WHEN $5 IN ('complete', 'incomplete') THEN s.expected - s.delivered - s.undeliverable ELSE s.gap END
     FROM delivery_history_job j
     WHERE s.job_id = $1 AND s.day = $2 AND s.region = $3 AND s.attempt = $4 AND s.state = 'delivering' AND j.id = s.job_id
     RETURNING j.phase`,
    [...fence(claim), state, failure?.code ?? null, failure?.message ?? null],
  );
  return holdOf(rows[0]?.phase);
}

function fence(claim: SliceClaim): [jobId: number, day: string, region: string, attempt: number] {
  return [claim.jobId, claim.day, claim.region, claim.attempt];
}

function holdOf(phase: JobPhase | undefined): Hold {
  if (phase === undefined) {
    return "lost";
  }
  return phase === "delivering" ? "held" : "stop";
}
