import "server-only";
import { type AccountScope, mintAccountScope } from "@/domain/access/scope.ts";
import type { JobPhase, Ledger, SliceState } from "@/domain/history-job/history-job.ts";
import type { LogTime } from "@/domain/log-service/log-service.ts";
import { claimStatement, pool } from "@/server/db.ts";
import { entryHeldCondition, type HeldEntry } from "@/server/queue.ts";

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
  readonly logTime: LogTime;
  /** When the claim was asked for, on this process's own clock (performance.now): so old is what it says of the job's ceiling and its sink. */
  readonly askedAt: number;
  /** Whether the job had a ceiling in events per second at the claim. */
  readonly hasCeiling: boolean;
  /** Whether nothing was wrong, at the claim, with any sink whose project has the name of the job's. */
  readonly isSinkFree: boolean;
  /** Which run of the job this is; above 1 it is a retry, which also tries what earlier runs could not deliver. */
  readonly run: number;
  /** Since this run of the job began, at the claim. */
  readonly runningMs: number;
  readonly ledger: Ledger;
  /** The last acknowledged event; null at the start. */
  readonly cursor: EventKey | null;
  /** Sum of the delivered bodies' digests so far, 32 bytes. */
  readonly checksum: Uint8Array;
};

/** Position inside a slice. */
export type EventKey = { readonly eventTime: Date; readonly eventId: string };

/** An event that the sink will not take, and its code and words. */
export type RefusedEvent = EventKey & { readonly reason: string };

/** What the answer to one piece of a batch adds to its slice. */
export type SliceProgress = {
  readonly cursor: EventKey;
  readonly newAtSink: number;
  readonly presentAtSink: number;
  readonly undeliverable: readonly RefusedEvent[];
  readonly bytes: number;
  /** The slice's checksum with this piece in it. */
  readonly checksum: Uint8Array;
  /** Whether the sink took the piece; not so for a log that it refused alone. */
  readonly isAccepted: boolean;
  /** Of the delivered logs, those that carry the time of their delivery. */
  readonly deliveryTimed: number;
  /** Requests since the last progress that sent something once more. */
  readonly resent: number;
  /** How the slice ends with this piece, when nothing is left to be tried behind it; else null. */
  readonly endsAs: StateAtEnd | null;
};

/** The state of a slice that was read to its end. */
type StateAtEnd = Extract<SliceState, "complete" | "incomplete">;

/** The same for events that an earlier run could not deliver: the cursor has long passed them. */
export type RetriedProgress = Omit<SliceProgress, "cursor" | "endsAs"> & {
  /** Accepted now. */
  readonly delivered: readonly EventKey[];
  /** No longer in history. */
  readonly gone: readonly EventKey[];
};

/**
 * Lost: another worker holds the slice now, nothing was written. Stop: the job is ending, the slice is to be left. Paused: the
 * job is to go on later, the slice is handed back.
 */
export type Hold = "held" | "paused" | "stop" | "lost";

/**
 * Makes a queued job "delivering", for the handler that still has the entry: a late one would begin a run that is not its own. A statement
 * of its own, so that a claim never waits for a job's row with a slice locked.
 */
export async function beginDelivery({ id, jobId, retryCount }: Omit<HeldEntry, "signal">): Promise<void> {
  await pool().query(
    claimStatement(
      `UPDATE delivery_history_job SET phase = 'delivering', status = 1, started_at = now(), updated_at = now()
     WHERE id = $1 AND phase = 'queued' AND ${entryHeldCondition("$2", "$3")}`,
      [jobId, id, retryCount],
    ),
  );
}

/**
 * Claims the next slice that this queue entry may work on. Null when there is none: the entry's run is finished, was given
 * to another entry, or the job is ending; or the entry is in other hands, whose claims must not be disturbed. A slice that a
 * dead worker left behind is claimed again from its cursor. This is the worker's gate: the claim mints the account scope.
 */
export async function claimNextSlice(
  entry: Pick<HeldEntry, "id" | "retryCount">,
  workerName: string,
): Promise<SliceClaim | null> {
  const askedAt = performance.now();
  const { rows } = await pool().query<ClaimRow>(
    claimStatement(
      `WITH next AS (
       SELECT s.job_id, s.day, s.region
       FROM delivery_slice s JOIN delivery_history_job j ON j.id = s.job_id
       WHERE s.entry_id = $1 AND s.state IN ('waiting', 'delivering') AND j.phase = 'delivering'
         AND ${entryHeldCondition("$1", "$2")}
       ORDER BY s.day, s.region LIMIT 1
       FOR UPDATE OF s
     )
     ${CLAIM_OF_NEXT}`,
      [entry.id, entry.retryCount],
      "claim-slice",
    ),
  );
  const row = rows[0];
  return row === undefined ? null : claimOf(row, workerName, askedAt);
}

/** Claims the slice that is named by `next`. */
const CLAIM_OF_NEXT = `UPDATE delivery_slice s
     SET attempt = s.attempt + 1, state = 'delivering', started_at = coalesce(s.started_at, now())
     FROM next n JOIN delivery_history_job j ON j.id = n.job_id
     WHERE s.job_id = n.job_id AND s.day = n.day AND s.region = n.region
     RETURNING s.job_id, s.region, s.day, s.attempt, s.expected, s.delivered, s.undeliverable, s.gap, s.cursor_time,
       s.cursor_event_id, s.checksum, j.run, j.log_time, j.events_per_second_max IS NOT NULL AS has_ceiling,
       NOT EXISTS (SELECT FROM sink_circuit WHERE project = j.project_name) AS is_sink_free,
       (extract(epoch FROM now() - j.started_at) * 1000)::float8 AS running_ms, j.account_id, j.event_rw, j.arrival_max, j.project_region, j.project_name,
       j.logstore_name, greatest(j.window_from, s.day::timestamp AT TIME ZONE 'UTC') AS "from",
       least(j.window_to, (s.day + 1)::timestamp AT TIME ZONE 'UTC') AS "to"`;

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
  run: number;
  log_time: LogTime;
  has_ceiling: boolean;
  is_sink_free: boolean;
  running_ms: number | null;
  account_id: string;
  event_rw: "All" | "Read" | "Write";
  arrival_max: number;
  project_region: string;
  project_name: string;
  logstore_name: string;
  from: Date;
  to: Date;
};

function claimOf(row: ClaimRow, workerName: string, askedAt: number): SliceClaim {
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
    logTime: row.log_time,
    askedAt,
    hasCeiling: row.has_ceiling,
    isSinkFree: row.is_sink_free,
    run: row.run,
    runningMs: row.running_ms ?? 0,
    ledger: { expected: row.expected, delivered: row.delivered, undeliverable: row.undeliverable, gap: row.gap },
    cursor:
      row.cursor_time === null || row.cursor_event_id === null
        ? null
        : { eventTime: row.cursor_time, eventId: row.cursor_event_id },
    checksum: row.checksum,
  };
}

/** Only the claim's own attempt, and only while it has not ended. */
const FENCE = `s.job_id = $1 AND s.day = $2 AND s.region = $3 AND s.attempt = $4 AND s.state = 'delivering'`;

/** What both kinds of progress add; $5 to $7 are the undeliverable events. The parameters are those of addedCounts. */
const ADDED_COUNTS = `delivered = s.delivered + $8::bigint + $9::bigint, new_at_sink = s.new_at_sink + $8,
  present_at_sink = s.present_at_sink + $9, bytes = s.bytes + $10, checksum = $11,
  batches = s.batches + $12::int, resent = s.resent + $13, delivery_timed = s.delivery_timed + $14,
  acknowledged_at = CASE WHEN $12::int = 1 THEN now() ELSE s.acknowledged_at END`;

/**
 * Moves cursor, counts and checksum together, after the sink's answer, in one conditional statement. Undeliverable events are
 * listed by the same statement, and when the piece is the slice's last it ends the claim as endSlice does.
 */
export async function saveProgress(claim: SliceClaim, progress: SliceProgress): Promise<Hold> {
  const { rows } = await pool().query<{ phase: JobPhase }>(
    claimStatement(`WITH ${PROGRESS} SELECT phase FROM moved`, progressOf(claim, progress), "save-progress"),
  );
  return holdOf(rows[0]?.phase);
}

/**
 * The same for a slice's last piece, together with the claim on the next slice of the entry: a day with ten events is delivered in
 * less time than two statements take. It claims nothing unless the progress was saved, and waits for nobody with a slice locked:
 * whoever changes several slices of a job may lock them in another order.
 * @returns next: null also when what is left is locked just now, which claimNextSlice waits for
 */
export async function saveLastProgress(
  claim: SliceClaim,
  progress: SliceProgress,
  entry: Pick<HeldEntry, "id" | "retryCount">,
  workerName: string,
): Promise<{ readonly hold: Hold; readonly next: SliceClaim | null }> {
  const askedAt = performance.now();
  const { rows } = await pool().query<{ phase: JobPhase } & (ClaimRow | { job_id: null })>(
    claimStatement(
      `WITH ${PROGRESS}, next AS (
       SELECT s.job_id, s.day, s.region FROM delivery_slice s
       WHERE s.entry_id = $18 AND s.state IN ('waiting', 'delivering') AND (s.day <> $2 OR s.region <> $3)
         AND EXISTS (SELECT FROM moved WHERE phase = 'delivering') AND ${entryHeldCondition("$18", "$19")}
       ORDER BY s.day, s.region LIMIT 1
       FOR UPDATE OF s SKIP LOCKED
     ), claimed AS (
       ${CLAIM_OF_NEXT}
     )
     SELECT moved.phase, claimed.* FROM moved LEFT JOIN claimed ON true`,
      [...progressOf(claim, progress), entry.id, entry.retryCount],
      "save-last-progress",
    ),
  );
  const row = rows[0];
  return {
    hold: holdOf(row?.phase),
    next: row === undefined || row.job_id === null ? null : claimOf(row, workerName, askedAt),
  };
}

/** Saves one piece's progress, in what is to be the first of several parts of a statement. The parameters are those of progressOf. */
const PROGRESS = `moved AS (
       UPDATE delivery_slice s
       SET cursor_time = $15, cursor_event_id = $16, ${ADDED_COUNTS}, undeliverable = s.undeliverable + cardinality($5::text[]),
         state = coalesce($17, s.state), ended_at = CASE WHEN $17 IS NOT NULL THEN now() END,
         gap = CASE WHEN $17 IS NULL THEN s.gap
           ELSE s.expected - s.delivered - $8 - $9 - s.undeliverable - cardinality($5::text[]) END
       FROM delivery_history_job j
       WHERE ${FENCE} AND j.id = s.job_id
       RETURNING s.job_id, s.day, s.region, j.phase, j.run
     ), listed AS (
       INSERT INTO undeliverable (job_id, day, region, event_time, event_id, reason, run)
       SELECT m.job_id, m.day, m.region, u.event_time, u.event_id, u.reason, m.run
       FROM moved m, unnest($6::timestamptz[], $5::text[], $7::text[]) AS u (event_time, event_id, reason)
       ON CONFLICT DO NOTHING
     )`;

function progressOf(claim: SliceClaim, progress: SliceProgress) {
  return [
    ...fence(claim),
    ...addedCounts(progress),
    progress.cursor.eventTime,
    progress.cursor.eventId,
    progress.endsAs,
  ];
}

/**
 * The same for events of the slice that an earlier run could not deliver: their rows go with their acceptance, stay with the
 * new reason when the sink refuses them again, and become a gap when history no longer has them. Counts and checksum move
 * in the same conditional statement.
 */
export async function saveRetried(claim: SliceClaim, progress: RetriedProgress): Promise<Hold> {
  const { rows } = await pool().query<{ phase: JobPhase }>(
    claimStatement(
      `WITH moved AS (
       UPDATE delivery_slice s
       SET ${ADDED_COUNTS}, undeliverable = s.undeliverable - cardinality($16::text[]), gap = s.gap + $17
       FROM delivery_history_job j
       WHERE ${FENCE} AND j.id = s.job_id
       RETURNING s.job_id, s.day, s.region, j.phase, j.run
     ), settled AS (
       DELETE FROM undeliverable u USING moved m, unnest($15::timestamptz[], $16::text[]) AS done (event_time, event_id)
       WHERE u.job_id = m.job_id AND u.day = m.day AND u.region = m.region
         AND u.event_time = done.event_time AND u.event_id = done.event_id
     ), kept AS (
       UPDATE undeliverable u SET reason = again.reason, run = m.run
       FROM moved m, unnest($6::timestamptz[], $5::text[], $7::text[]) AS again (event_time, event_id, reason)
       WHERE u.job_id = m.job_id AND u.day = m.day AND u.region = m.region
         AND u.event_time = again.event_time AND u.event_id = again.event_id
     )
     SELECT phase FROM moved`,
      [
        ...fence(claim),
        ...addedCounts(progress),
        [...progress.delivered, ...progress.gone].map(({ eventTime }) => eventTime),
        [...progress.delivered, ...progress.gone].map(({ eventId }) => eventId),
        progress.gone.length,
      ],
    ),
  );
  return holdOf(rows[0]?.phase);
}

function addedCounts(progress: Omit<SliceProgress, "cursor" | "endsAs">) {
  return [
    progress.undeliverable.map(({ eventId }) => eventId),
    progress.undeliverable.map(({ eventTime }) => eventTime),
    progress.undeliverable.map(({ reason }) => reason),
    progress.newAtSink,
    progress.presentAtSink,
    progress.bytes,
    progress.checksum,
    progress.isAccepted ? 1 : 0,
    progress.resent,
    progress.deliveryTimed,
  ];
}

/** Adds requests that sent a batch once more, when the claim ends without progress behind them. */
export async function saveResent(claim: SliceClaim, resent: number): Promise<void> {
  await pool().query(
    claimStatement(`UPDATE delivery_slice s SET resent = s.resent + $5 WHERE ${FENCE}`, [...fence(claim), resent]),
  );
}

/** Whether the claim still holds and its job still wants to be delivered; asked every 2 s, whatever the claim waits for. */
export async function checkHold(claim: SliceClaim): Promise<Hold> {
  const { rows } = await pool().query<{ phase: JobPhase }>(
    claimStatement(
      `SELECT j.phase FROM delivery_slice s JOIN delivery_history_job j ON j.id = s.job_id
     WHERE ${FENCE}`,
      fence(claim),
    ),
  );
  return holdOf(rows[0]?.phase);
}

/** Ends the claim on a slice that was read to its end; what is still missing then becomes its gap. */
export async function endSlice(claim: SliceClaim, state: StateAtEnd): Promise<Hold> {
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
    claimStatement(
      `UPDATE delivery_slice s
     SET state = $5, ended_at = now(), failure_code = $6, failure_message = $7,
       gap = CASE WHEN $5 IN ('complete', 'incomplete') THEN s.expected - s.delivered - s.undeliverable ELSE s.gap END
     FROM delivery_history_job j
     WHERE ${FENCE} AND j.id = s.job_id
     RETURNING j.phase`,
      [...fence(claim), state, failure?.code ?? null, failure?.message ?? null],
      "end-slice",
    ),
  );
  return holdOf(rows[0]?.phase);
}

function fence(claim: SliceClaim): [jobId: number, day: string, region: string, attempt: number] {
  return [claim.jobId, claim.day, claim.region, claim.attempt];
}

function holdOf(phase: JobPhase | undefined): Hold {
  switch (phase) {
    case undefined:
      return "lost";
    case "delivering":
      return "held";
    case "paused":
    case "queued":
      return "paused";
    default:
      return "stop";
  }
}
