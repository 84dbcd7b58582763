import "server-only";
import { liveEntriesMaxOf, PAUSED_HOURS_MAX } from "@/domain/history-job/control.ts";
import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import type { JobPhase, SliceState } from "@/domain/history-job/history-job.ts";
import { isSmallJob, lengthOfNextRun, phaseAtEnd, slicesForRuns } from "@/domain/history-job/rules.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { log } from "@/server/log.ts";
import { findRetryAt } from "@/server/log-service/circuit.ts";
import { findSinkOfJob } from "@/server/log-service/queries.ts";
import { type EntryRank, findLiveEntries, type HeldEntry, insertEntry, isEntryHeld } from "@/server/queue.ts";
import { beginEarlyEnd, endJob } from "./job-end.ts";
import { recordSamples } from "./samples.ts";
import type { Failure, SliceClaim } from "./slices.ts";

/**
 * How long a transaction of this file may wait for its job's row and then run. READ COMMITTED whatever the server's default
 * is: it reads what was written by those it waited for.
 */
const TRANSACTION_OPTIONS = { isolationLevel: "ReadCommitted", maxWait: 30_000, timeout: 30_000 } as const;

/** Why a job was cancelled that nobody cancelled. */
const PAUSED_TOO_LONG: Failure = {
  code: "PausedTooLong",
  message: ENGINE_SENTENCES.pausedTooLong(String(PAUSED_HOURS_MAX)),
};

type JobRow = {
  id: number;
  phase: JobPhase;
  ends_as: "failed" | "cancelled" | null;
  expected: number;
  events_per_second_max: number | null;
  paused_too_long: boolean;
};

/** Those slices of a job that are in one state and, while they have not ended, with one entry. */
type SliceGroup = { state: SliceState; entry_id: string | null };

type WaitingSliceRow = { day: string; region: string; expected: number };

type NamedSliceRow = { day: string; region: string; attempt: number; entry_id: string };

/**
 * Brings a job on by whatever its slices say: takes slices from entries that no longer live, gives waiting slices to new
 * entries up to what the job has use for, and ends the job when all its slices have ended. A paused job gets no entries, and is
 * cancelled when it was paused for too long; in one that is cancelling, slices are stopped as soon as no worker has them.
 * Every change of a job's course runs through here under the job's row lock: its creation, the end of an entry's run, the
 * commands of control.ts, an early end, and the sweep. Safe to repeat at any time.
 *
 * Locks are taken in one order: the job's row, its slices, then the rows of a new verification. Claims and progress lock a
 * slice alone and never wait for a job's row with it, so nobody waits in a circle.
 *
 * @param finished the entry whose handler calls, which pg-boss still counts as active
 */
export async function settleJob(tx: Transaction, jobId: number, finished: HeldEntry | null = null): Promise<void> {
  const job = await lockOpenJob(tx, jobId);
  if (job === null) {
    return;
  }
  const retryAt = await findRetryAtOf(tx, job.id);
  const groups = await takeFromDeadEntries(tx, job, finished, retryAt);
  if (job.phase === "cancelling") {
    if (!groups.some(({ state }) => state === "delivering")) {
      await endJob(tx, job.id, job.ends_as ?? "failed");
    }
    return;
  }
  const phase = phaseAtEnd(groups);
  if (phase !== null) {
    await endJob(tx, job.id, phase);
  } else if (job.phase !== "paused") {
    await topUpEntries(tx, job, groups, retryAt);
  }
}

async function lockOpenJob(tx: Transaction, jobId: number): Promise<JobRow | null> {
  const [job] = await tx.$queryRaw<JobRow[]>`
    SELECT id, phase, ends_as, expected::float8 AS expected, events_per_second_max,
      phase = 'paused' AND paused_at <= now() - ${PAUSED_HOURS_MAX} * interval '1 hour' AS paused_too_long
    FROM delivery_history_job WHERE id = ${jobId} AND status IN (0, 1) FOR UPDATE`;
  if (job === undefined) {
    return null;
  }
  if (!job.paused_too_long) {
    return job;
  }
  await beginEarlyEnd(tx, jobId, { endsAs: "cancelled", cancelledBy: null, failure: PAUSED_TOO_LONG });
  return { ...job, phase: "cancelling", ends_as: "cancelled" };
}

/** When it makes sense to try the job's sink again; null while nothing is wrong with it. */
async function findRetryAtOf(tx: Transaction, jobId: number): Promise<Date | null> {
  const sink = await findSinkOfJob(tx, jobId);
  return sink === null ? null : findRetryAt(tx, sink);
}

/**
 * What the slices of a job are at, after those whose entry no longer lives have lost it. Raising `attempt` fences the worker that may
 * still be on one. An entry that is deferred for a sink which has recovered meanwhile counts as dead, too: its slices need not
 * wait with it. In a job that is ending early slices are stopped as soon as no worker has them, because nobody will claim them.
 *
 * The slices are read before it is asked which entries live, and keep their entry when they were claimed since: an entry may be
 * given out, or lost by a handler that was frozen here, at any moment, and a claim that begins now must neither be taken away nor
 * be left on its way in a job that ends.
 */
async function takeFromDeadEntries(
  tx: Transaction,
  job: JobRow,
  finished: HeldEntry | null,
  retryAt: Date | null,
): Promise<SliceGroup[]> {
  const named = await tx.$queryRaw<NamedSliceRow[]>`
    SELECT day::text, region, attempt, entry_id::text FROM delivery_slice
    WHERE job_id = ${job.id} AND entry_id IS NOT NULL AND state IN ('waiting', 'delivering')`;
  const live = await findLiveEntries(tx, [...new Set(named.map((slice) => slice.entry_id))]);
  const finishedId = finished !== null && (await isEntryHeld(finished, tx)) ? finished.id : null;
  const isEnding = job.phase === "cancelling";
  const isDead = ({ entry_id: id }: NamedSliceRow) => {
    const state = live.get(id);
    if (id === finishedId || state === undefined) {
      return true;
    }
    return isEnding ? state !== "active" : state === "deferred" && retryAt === null;
  };
  const taken = named.filter(isDead);
  const next = isEnding ? "stopped" : "waiting";
  if (taken.length > 0 || isEnding) {
    await tx.$executeRaw`
      UPDATE delivery_slice s
      SET entry_id = NULL, attempt = s.attempt + 1, state = ${next}, ended_at = CASE WHEN ${next} = 'stopped' THEN now() END
      WHERE s.job_id = ${job.id} AND s.state IN ('waiting', 'delivering') AND (
        (s.day, s.region, s.attempt) IN (
          SELECT * FROM unnest(
            ${taken.map((slice) => slice.day)}::date[], ${taken.map((slice) => slice.region)}::text[],
            ${taken.map((slice) => slice.attempt)}::int[]
          )
        ) OR (${next} = 'stopped' AND s.state = 'waiting')
      )`;
  }
  return tx.$queryRaw<SliceGroup[]>`
    SELECT DISTINCT state, CASE WHEN state IN ('waiting', 'delivering') THEN entry_id::text END AS entry_id
    FROM delivery_slice WHERE job_id = ${job.id}`;
}

async function topUpEntries(
  tx: Transaction,
  job: JobRow,
  groups: readonly SliceGroup[],
  retryAt: Date | null,
): Promise<void> {
  const live = new Set(groups.flatMap(({ entry_id }) => entry_id ?? [])).size;
  const liveMax = liveEntriesMaxOf({
    eventsPerSecondMax: job.events_per_second_max,
    isSinkSick: retryAt !== null,
  });
  const missing = liveMax - live;
  if (missing <= 0) {
    return;
  }
  let waiting = await tx.$queryRaw<WaitingSliceRow[]>`
    SELECT day::text, region, expected::float8 AS expected FROM delivery_slice
    WHERE job_id = ${job.id} AND entry_id IS NULL AND state IN ('waiting', 'delivering')
    ORDER BY day, region LIMIT ${slicesForRuns(missing, job.expected)}`;
  for (let added = 0; added < missing && waiting.length > 0; added++) {
    const run = waiting.slice(0, lengthOfNextRun(waiting, job.expected));
    waiting = waiting.slice(run.length);
    const entryId = await insertEntry(tx, { jobId: job.id }, { startAfter: retryAt, rank: rankOf(job) });
    await tx.$executeRaw`
      UPDATE delivery_slice s SET entry_id = ${entryId}::uuid
      FROM unnest(${run.map((slice) => slice.day)}::date[], ${run.map((slice) => slice.region)}::text[]) AS run (day, region)
      WHERE s.job_id = ${job.id} AND s.day = run.day AND s.region = run.region AND s.entry_id IS NULL`;
  }
}

function rankOf({ phase, expected }: JobRow): EntryRank {
  if (phase !== "queued") {
    return "later";
  }
  return isSmallJob(expected) ? "small" : "first";
}

/**
 * Ends the claim's job early because its sink refuses every batch alike. Fenced like progress: a late worker may have heard its
 * refusal long ago, and the one that took its slice over may be delivering.
 */
export async function failJob(claim: SliceClaim, failure: Failure): Promise<void> {
  await prisma().$transaction(async (tx) => {
    // The job before its slice, as everywhere.
    await tx.$queryRaw`SELECT id FROM delivery_history_job WHERE id = ${claim.jobId} FOR UPDATE`;
    const held = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM delivery_slice
      WHERE job_id = ${claim.jobId} AND day = ${claim.day}::date AND region = ${claim.region}
        AND attempt = ${claim.attempt} AND state = 'delivering'
      FOR UPDATE`;
    if (held.length > 0) {
      await beginEarlyEnd(tx, claim.jobId, { endsAs: "failed", cancelledBy: null, failure });
    }
    await settleJob(tx, claim.jobId);
  }, TRANSACTION_OPTIONS);
}

/**
 * Called by an entry's handler when it has nothing more to claim or hands back. A handler that has lost its entry settles
 * nothing: the slices are in other hands.
 */
export async function settleAfterEntry(entry: HeldEntry): Promise<void> {
  await prisma().$transaction(async (tx) => {
    if (await isEntryHeld(entry, tx)) {
      await settleJob(tx, entry.jobId, entry);
    }
  }, TRANSACTION_OPTIONS);
}

/** Settles a job now, unless somebody else has locked it: it is being settled there. */
export async function settleIfFree(jobId: number): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const free = await tx.$queryRaw<unknown[]>`
      SELECT id FROM delivery_history_job WHERE id = ${jobId} FOR UPDATE SKIP LOCKED`;
    if (free.length > 0) {
      await settleJob(tx, jobId);
    }
  }, TRANSACTION_OPTIONS);
}

/**
 * Settles every job that has not ended: what no handler lives to do, this does; and notes how far each is. Run every 10 s by each worker. One that cannot be
 * settled now is logged and left to the next sweep; it must not keep the others from theirs.
 */
export async function sweepJobs(): Promise<void> {
  const open = await prisma().deliveryHistoryJob.findMany({ where: { status: { in: [0, 1] } }, select: { id: true } });
  for (const { id } of open) {
    try {
      await settleIfFree(id);
    } catch (error) {
      log.error({ err: error, jobId: id }, "job could not be settled; the next sweep tries again");
    }
  }
  await recordSamples();
}
