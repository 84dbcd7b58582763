import "server-only";
import { type AccountScope, mintAccountScope } from "@/domain/access/scope.ts";
import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import { regionsOf, type TrailEventRW } from "@/domain/trail/trail.ts";
import { pool, prisma } from "@/server/db.ts";
import { countEventsByDay } from "@/server/event/queries.ts";
import type { HeldVerificationEntry } from "@/server/queue.ts";
import type { ComparableSlice, Comparison } from "./comparison.ts";
import { giveToNewEntry, SUPERSEDED } from "./verification.ts";

/**
 * How often in a row a verification may be taken up without getting a slice further. A restart or an outage costs one or two;
 * what fails five times fails always, and people should learn of it.
 */
const TRIES_MAX = 5;

const FAULT = ENGINE_SENTENCES.comparisonFault();

/** A verification in the hands of a worker. */
export type VerificationClaim = {
  readonly id: number;
  readonly scope: AccountScope;
  readonly jobId: number;
  /** A logstore of ours, with its id (null when it is gone); or one that only answers to PutLogs. */
  readonly sink: { readonly kind: "built-in"; readonly logstoreId: number | null } | { readonly kind: "unreadable" };
  /** The slices that have no result yet, by day and region. */
  readonly slicesLeft: readonly ComparableSlice[];
};

type ClaimRow = {
  job_id: number;
  account_id: string;
  tries: number;
  is_built_in: boolean | null;
  logstore_id: number | null;
};

/**
 * Takes a verification up for the entry's handler, as the worker's gate: the claim mints the account scope. Null when there is
 * nothing to do: it has ended, another entry has it, its job runs again, or it was taken up too often, in which two cases it ends
 * here as failed. Safe to repeat; two handlers of one entry only do the same work twice.
 */
export async function claimVerification(
  entry: Pick<HeldVerificationEntry, "id" | "verificationId">,
  workerName: string,
): Promise<VerificationClaim | null> {
  const { rows } = await pool().query<ClaimRow & { is_stale: boolean }>(
    `WITH taken AS (
       UPDATE job_verification SET state = 'running', started_at = coalesce(started_at, now()), tries = tries + 1
       WHERE id = $1 AND entry_id = $2 AND state IN ('waiting', 'running')
       RETURNING job_id, tries, requested_at
     )
     SELECT taken.job_id, taken.tries, j.account_id, p.endpoint IS NULL AND p.id IS NOT NULL AS is_built_in,
       s.id AS logstore_id, j.status < 2 OR j.ended_at > taken.requested_at AS is_stale
     FROM taken JOIN delivery_history_job j ON j.id = taken.job_id
     LEFT JOIN log_project p
       ON p.account_id = j.account_id AND p.region = j.project_region AND p.name = j.project_name
     LEFT JOIN logstore s ON s.log_project_id = p.id AND s.name = j.logstore_name`,
    [entry.verificationId, entry.id],
  );
  const [row] = rows;
  if (row === undefined) {
    return null;
  }
  if (row.is_stale || row.tries > TRIES_MAX) {
    await failVerification(entry.verificationId, row.is_stale ? SUPERSEDED : FAULT);
    return null;
  }
  const actor = { type: "worker", id: workerName, name: workerName, from: null } as const;
  return {
    id: entry.verificationId,
    scope: mintAccountScope(row.account_id, actor, "backtrail:VerifyDeliveryHistoryJob"),
    jobId: row.job_id,
    sink: row.is_built_in ? { kind: "built-in", logstoreId: row.logstore_id } : { kind: "unreadable" },
    slicesLeft: await listSlicesLeft(entry.verificationId, row.job_id),
  };
}

type SliceRow = {
  region: string;
  day: string;
  event_rw: TrailEventRW;
  from: Date;
  to: Date;
  arrival_max: number;
  recorded: number;
  delivered: number;
  cursor_time: Date | null;
  cursor_event_id: string | null;
  checksum: Uint8Array;
};

async function listSlicesLeft(verificationId: number, jobId: number): Promise<ComparableSlice[]> {
  const { rows } = await pool().query<SliceRow>(
    `SELECT s.region, s.day, j.event_rw, greatest(j.window_from, s.day::timestamp AT TIME ZONE 'UTC') AS "from",
       least(j.window_to, (s.day + 1)::timestamp AT TIME ZONE 'UTC') AS "to", j.arrival_max,
       s.expected - s.gap AS recorded, s.delivered, s.cursor_time, s.cursor_event_id, s.checksum
     FROM delivery_slice s JOIN delivery_history_job j ON j.id = s.job_id
     WHERE s.job_id = $2 AND NOT EXISTS (
       SELECT FROM slice_verification v WHERE v.verification_id = $1 AND v.day = s.day AND v.region = s.region
     )
     ORDER BY s.day, s.region`,
    [verificationId, jobId],
  );
  return rows.map((row) => ({
    jobId,
    region: row.region,
    day: row.day,
    eventRW: row.event_rw,
    from: row.from,
    to: row.to,
    arrivalMax: row.arrival_max,
    recorded: row.recorded,
    delivered: row.delivered,
    cursor:
      row.cursor_time === null || row.cursor_event_id === null
        ? null
        : { eventTime: row.cursor_time, eventId: row.cursor_event_id },
    checksum: row.checksum,
  }));
}

/**
 * Keeps what was found of one slice, and that the verification got further. False when it is no longer wanted: it has ended, or
 * its job runs again, which ends it as failed. A second result of the same slice is dropped.
 */
export async function saveComparison(
  { id }: VerificationClaim,
  { region, day }: ComparableSlice,
  found: Comparison,
): Promise<boolean> {
  const { rowCount } = await pool().query(
    `WITH ${OPEN}, kept AS (
       INSERT INTO slice_verification (verification_id, region, day, method, in_history, in_sink, missing, conflicts,
         checksum_here, checksum_there)
       SELECT open.id, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM open
       ON CONFLICT DO NOTHING
     )
     SELECT FROM open`,
    [
      id,
      region,
      day,
      found.method,
      found.inHistory,
      found.inSink,
      found.missing,
      found.conflicts,
      found.checksumHere,
      found.checksumThere,
    ],
  );
  return isStillWanted(id, rowCount);
}

/**
 * The same for all slices that have no result yet, of a job whose sink cannot be read: of each, what the sink has acknowledged. One
 * statement, because nothing is looked up: hundreds of small ones would only keep the machine from deliveries.
 */
export async function saveAcknowledged({ id, jobId }: VerificationClaim): Promise<boolean> {
  const { rowCount } = await pool().query(
    `WITH ${OPEN}, kept AS (
       INSERT INTO slice_verification (verification_id, region, day, method, in_sink, checksum_here)
       SELECT open.id, s.region, s.day, 'acknowledged', s.delivered, s.checksum
       FROM open JOIN delivery_slice s ON s.job_id = $2
       ON CONFLICT DO NOTHING
     )
     SELECT FROM open`,
    [id, jobId],
  );
  return isStillWanted(id, rowCount);
}

/** The verification $1, which has got further, while it is wanted. */
const OPEN = `open AS (
  UPDATE job_verification v SET tries = 0
  FROM delivery_history_job j
  WHERE v.id = $1 AND v.state = 'running' AND j.id = v.job_id AND j.status >= 2 AND j.ended_at <= v.requested_at
  RETURNING v.id
)`;

async function isStillWanted(id: number, openRows: number | null): Promise<boolean> {
  if (openRows === 0) {
    await failVerification(id, SUPERSEDED);
  }
  return openRows !== 0;
}

/** Ends a verification whose slices all have their results. Does nothing when it has ended. */
export async function completeVerification(claim: VerificationClaim): Promise<void> {
  const arrivedLater = await countArrivedLater(claim);
  await pool().query(
    `UPDATE job_verification SET state = 'complete', ended_at = now(), arrived_later = $2
     WHERE id = $1 AND state = 'running'`,
    [claim.id, arrivedLater],
  );
}

async function failVerification(id: number, failure: string): Promise<void> {
  await pool().query(
    `UPDATE job_verification SET state = 'failed', ended_at = now(), failure = $2
     WHERE id = $1 AND state IN ('waiting', 'running')`,
    [id, failure],
  );
}

/**
 * Leaves the rest of a verification to another handler: at once when this process ends, in its turn when it has had its time.
 * Being handed back is no failure.
 */
export async function handBackVerification(entry: Pick<HeldVerificationEntry, "id" | "verificationId">): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const held = await tx.$executeRaw`
      UPDATE job_verification SET tries = 0
      WHERE id = ${entry.verificationId} AND entry_id = ${entry.id}::uuid AND state = 'running'`;
    if (held > 0) {
      await giveToNewEntry(tx, entry.verificationId);
    }
  });
}

/**
 * How many events of the job's window and filter were recorded since the job was created: what the rollup counts now beyond what
 * each slice expected. Recorded events never change and days go as a whole, so the difference is exact. Null when history keeps
 * nothing of the window; days that it no longer keeps count nothing.
 */
async function countArrivedLater({ scope, jobId }: VerificationClaim): Promise<number | null> {
  const job = await prisma().deliveryHistoryJob.findUniqueOrThrow({
    where: { id: jobId },
    include: { slices: { select: { region: true, day: true, expected: true } } },
  });
  const counts = await countEventsByDay(prisma(), scope.accountId, {
    regions: regionsOf(job.trailRegion),
    eventRW: job.eventRW as TrailEventRW,
    from: job.windowFrom,
    to: job.windowTo,
  });
  const keyOf = (region: string, day: string) => `${day} ${region}`;
  const expected = new Map(
    job.slices.map((slice) => [keyOf(slice.region, slice.day.toISOString().slice(0, 10)), Number(slice.expected)]),
  );
  // A job for what another's logstore misses has no say about days that it does not cover.
  const covered =
    job.missingOf === null ? counts : counts.filter(({ region, day }) => expected.has(keyOf(region, day)));
  if (covered.length === 0 && expected.size > 0) {
    return null;
  }
  return covered.reduce((sum, { region, day, count }) => {
    return sum + Math.max(0, count - (expected.get(keyOf(region, day)) ?? 0));
  }, 0);
}
