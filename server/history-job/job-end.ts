import "server-only";
import type { JobPhase } from "@/domain/history-job/history-job.ts";
import type { Transaction } from "@/server/db.ts";
import { log } from "@/server/log.ts";
import { recordEndSample } from "./samples.ts";
import type { Failure } from "./slices.ts";
import { requestVerification } from "./verification.ts";

/** Who asks for the verification that follows a job's end. */
const ENGINE_NAME = "Backtrail";

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
 * Ends a job all of whose slices have ended: stores its counts, frees the account's slot, and asks for the comparison with the
 * logstore. A paused job ends, too, when what its workers had in hand was the last of it. A job that failed by its slices takes
 * the words of the first that failed; one that was ended early has its own. The caller holds the job's row.
 */
export async function endJob(
  tx: Transaction,
  jobId: number,
  phase: Extract<JobPhase, "complete" | "incomplete" | "failed" | "cancelled">,
): Promise<void> {
  const failure = phase === "failed" ? await findFirstFailure(tx, jobId) : null;
  const status = phase === "complete" ? 2 : 3;
  // Stopped behind its last event: nothing is left of it, so it was read to its end after all.
  await tx.$executeRaw`
    UPDATE delivery_slice SET state = CASE WHEN delivered = expected THEN 'complete' ELSE 'incomplete' END
    WHERE job_id = ${jobId} AND state = 'stopped' AND delivered + undeliverable + gap = expected`;
  await tx.$executeRaw`
    UPDATE delivery_history_job j
    SET phase = ${phase}, status = ${status}, ends_as = NULL, paused_at = NULL, ended_at = now(), updated_at = now(),
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
  await recordEndSample(tx, jobId);
  await requestVerification(tx, jobId, ENGINE_NAME);
  log.info({ jobId, phase }, "history job ended");
}

async function findFirstFailure(tx: Transaction, jobId: number): Promise<Failure | null> {
  const [failure] = await tx.$queryRaw<Failure[]>`
    SELECT failure_code AS code, failure_message AS message FROM delivery_slice
    WHERE job_id = ${jobId} AND failure_code IS NOT NULL ORDER BY ended_at, day, region LIMIT 1`;
  return failure ?? null;
}
