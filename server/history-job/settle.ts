import "server-only";
import type { SliceState } from "@/domain/history-job/history-job.ts";
import { LIVE_ENTRIES_MAX, lengthOfNextRun, phaseAtEnd } from "@/domain/history-job/rules.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { log } from "@/server/log.ts";
import { findLiveEntries, type HeldEntry, insertEntry, isEntryHeld } from "@/server/queue.ts";
import type { Failure, SliceClaim } from "./slices.ts";

/**
 * How long a transaction of this file may wait for its job's row and then run. READ COMMITTED whatever the server's default
 * is: it reads what was written by those it waited for.
 */
const TRANSACTION_OPTIONS = { isolationLevel: "ReadCommitted", maxWait: 30_000, timeout: 30_000 } as const;

type JobRow = { id: number; phase: string; ends_as: "failed" | "cancelled" | null; expected: number };
type SliceRow = { day: string; region: string; expected: number; state: SliceState; entry_id: string | null };

/**
 * Brings a job on by whatever its slices say: takes slices from entries that no longer live, gives waiting slices to new
 * entries up to LIVE_ENTRIES_MAX, and ends the job when all its slices have ended. Every change of a job's course runs
 * through here under the job's row lock: its creation, the end of an entry's run, an early end, and the sweep. Safe to
 * repeat at any time.
 *
 * @param finishedEntryId the entry whose handler calls, which pg-boss still counts as active
 */
export async function settleJob(tx: Transaction, jobId: number, finishedEntryId: string | null = null): Promise<void> {
  const [job] = await tx.$queryRaw<JobRow[]>`
    SELECT id, phase, ends_as, expected::float8 AS expected FROM delivery_history_job
    WHERE id = ${jobId} AND status IN (0, 1) FOR UPDATE`;
  if (job === undefined) {
    return;
  }
  const slices = await takeFromDeadEntries(tx, job, finishedEntryId);
  if (job.phase === "cancelling") {
    if (!slices.some((slice) => slice.state === "delivering")) {
      await endJob(tx, job.id, job.ends_as ?? "failed", null);
    }
    return;
  }
  const phase = phaseAtEnd(slices);
  if (phase !== null) {
    await endJob(tx, job.id, phase, phase === "failed" ? await findFirstFailure(tx, job.id) : null);
  } else if (job.phase !== "paused") {
    await topUpEntries(tx, job, slices, finishedEntryId);
  }
}

/**
 * The slices of a job, after those whose entry no longer lives have lost it. Raising `attempt` fences the worker that may
 * still be on one. In a job that is ending early they are stopped at once, nobody will claim them.
 */
async function takeFromDeadEntries(tx: Transaction, job: JobRow, finishedEntryId: string | null): Promise<SliceRow[]> {
  const named = await tx.$queryRaw<{ entry_id: string }[]>`
    SELECT DISTINCT entry_id::text FROM delivery_slice
    WHERE job_id = ${job.id} AND entry_id IS NOT NULL AND state IN ('waiting', 'delivering')`;
  const ids = named.map((row) => row.entry_id);
  const live = await findLiveEntries(tx, ids);
  const dead = ids.filter((id) => id === finishedEntryId || !live.has(id));
  const next = job.phase === "cancelling" ? "stopped" : "waiting";
  await tx.$executeRaw`
    UPDATE delivery_slice
    SET entry_id = NULL, attempt = attempt + 1, state = ${next}, ended_at = CASE WHEN ${next} = 'stopped' THEN now() END
    WHERE job_id = ${job.id} AND state IN ('waiting', 'delivering')
      AND (entry_id = ANY (${dead}::uuid[]) OR (${next} = 'stopped' AND state = 'waiting'))`;
  return tx.$queryRaw<SliceRow[]>`
    SELECT day::text, region, expected::float8 AS expected, state, entry_id::text FROM delivery_slice
    WHERE job_id = ${job.id} ORDER BY day, region`;
}

async function topUpEntries(
  tx: Transaction,
  job: JobRow,
  slices: readonly SliceRow[],
  finishedEntryId: string | null,
): Promise<void> {
  const working = slices.filter((slice) => slice.state === "waiting" || slice.state === "delivering");
  const entryIds = new Set(working.flatMap((slice) => slice.entry_id ?? []));
  entryIds.delete(finishedEntryId ?? "");
  let waiting = working.filter((slice) => slice.entry_id === null);
  for (let live = entryIds.size; live < LIVE_ENTRIES_MAX && waiting.length > 0; live++) {
    const run = waiting.slice(0, lengthOfNextRun(waiting, job.expected));
    waiting = waiting.slice(run.length);
    const entryId = await insertEntry(tx, { jobId: job.id });
    await tx.$executeRaw`
      UPDATE delivery_slice s SET entry_id = ${entryId}::uuid
      FROM unnest(${run.map((slice) => slice.day)}::date[], ${run.map((slice) => slice.region)}::text[]) AS run (day, region)
      WHERE s.job_id = ${job.id} AND s.day = run.day AND s.region = run.region AND s.entry_id IS NULL`;
  }
}

async function endJob(
  tx: Transaction,
  jobId: number,
  phase: "complete" | "incomplete" | "failed" | "cancelled",
  failure: Failure | null,
): Promise<void> {
  const status = phase === "complete" ? 2 : 3;
  await tx.$executeRaw`
    UPDATE delivery_history_job j
    SET phase = ${phase}, status = ${status}, ends_as = NULL, ended_at = now(), updated_at = now(),
      failure_code = coalesce(j.failure_code, ${failure?.code ?? null}),
      failure_message = coalesce(j.failure_message, ${failure?.message ?? null}),
      delivered = sums.delivered, new_at_sink = sums.new_at_sink, present_at_sink = sums.present_at_sink,
      undeliverable = sums.undeliverable, gap = sums.gap, bytes = sums.bytes
    FROM (
      SELECT coalesce(sum(delivered), 0)::bigint AS delivered, coalesce(sum(new_at_sink), 0)::bigint AS new_at_sink,
        coalesce(sum(present_at_sink), 0)::bigint AS present_at_sink, coalesce(sum(undeliverable), 0)::bigint AS undeliverable,
        coalesce(sum(gap), 0)::bigint AS gap, coalesce(sum(bytes), 0)::bigint AS bytes
      FROM delivery_slice WHERE job_id = ${jobId}
    ) sums
    WHERE j.id = ${jobId}`;
  log.info({ jobId, phase }, "history job ended");
}

async function findFirstFailure(tx: Transaction, jobId: number): Promise<Failure | null> {
  const [failure] = await tx.$queryRaw<Failure[]>`
    SELECT failure_code AS code, failure_message AS message FROM delivery_slice
    WHERE job_id = ${jobId} AND failure_code IS NOT NULL ORDER BY ended_at, day, region LIMIT 1`;
  return failure ?? null;
}

/** Why and how a job ends before its slices are read to their ends. */
type EarlyEnd = {
  readonly endsAs: "failed" | "cancelled";
  /** Who cancelled it; null when nobody did. */
  readonly cancelledBy: string | null;
  readonly failure: Failure | null;
};

/**
 * Lets a job end early: it is "cancelling" until its last claim has ended, so that no batch is on its way when the account's
 * slot is free. The caller holds the job's row and settles it afterwards. A job that is ending or has ended is left as it is.
 */
export async function beginEarlyEnd(
  tx: Transaction,
  jobId: number,
  { endsAs, cancelledBy, failure }: EarlyEnd,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE delivery_history_job
    SET phase = 'cancelling', status = 1, ends_as = ${endsAs}, paused_at = NULL, cancelled_by = ${cancelledBy},
      failure_code = ${failure?.code ?? null}, failure_message = ${failure?.message ?? null}, updated_at = now()
    WHERE id = ${jobId} AND phase IN ('queued', 'delivering', 'paused')`;
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
      await settleJob(tx, entry.jobId, entry.id);
    }
  }, TRANSACTION_OPTIONS);
}

/**
 * Settles every job that has not ended: what no handler lives to do, this does. Run every 10 s by each worker. A job that
 * cannot be settled now is logged and left to the next sweep; it must not keep the others from theirs.
 */
export async function sweepJobs(): Promise<void> {
  const open = await prisma().deliveryHistoryJob.findMany({ where: { status: { in: [0, 1] } }, select: { id: true } });
  for (const { id } of open) {
    try {
      await prisma().$transaction((tx) => settleJob(tx, id), TRANSACTION_OPTIONS);
    } catch (error) {
      log.error({ err: error, jobId: id }, "job could not be settled; the next sweep tries again");
    }
  }
}
