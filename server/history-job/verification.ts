import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import { ENGINE_SENTENCES } from "@/domain/history-job/engine-sentences.ts";
import { historyJobArn } from "@/domain/history-job/history-job.ts";
import type { JobVerificationDto } from "@/domain/history-job/schema.ts";
import { auditRefusal, writeAuditEntry } from "@/server/access/audit.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { log } from "@/server/log.ts";
import { findLiveEntries, insertVerificationEntry } from "@/server/queue.ts";
import { toJobVerificationDto } from "./mapping.ts";

/** Time to wait for the job's row, which settling holds for moments. */
const TRANSACTION_OPTIONS = { isolationLevel: "ReadCommitted", maxWait: 30_000, timeout: 30_000 } as const;

/** What became of a comparison whose job went on meanwhile; people read it. */
export const SUPERSEDED = ENGINE_SENTENCES.superseded();

/**
 * Asks for a comparison of an ended job with its logstore, in the caller's transaction: the row, and the queue entry that
 * wakes a worker for it. One that is waiting or running already is left to do it, unless the job has ended once more since
 * that was asked for: what it has seen by then is of no use, so it gives way. The caller holds the job's row lock. Safe to
 * repeat.
 */
export async function requestVerification(tx: Transaction, jobId: number, requestedBy: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE job_verification v SET state = 'failed', ended_at = now(), failure = ${SUPERSEDED}
    FROM delivery_history_job j
    WHERE j.id = ${jobId} AND v.job_id = j.id AND v.state IN ('waiting', 'running') AND v.requested_at < j.ended_at`;
  // By the clock: a transaction that waited for the one that ended the job may have begun before it.
  const [row] = await tx.$queryRaw<{ id: number }[]>`
    INSERT INTO job_verification (job_id, requested_by, requested_at) VALUES (${jobId}, ${requestedBy}, clock_timestamp())
    ON CONFLICT (job_id) WHERE state IN ('waiting', 'running') DO NOTHING
    RETURNING id`;
  if (row !== undefined) {
    await giveToNewEntry(tx, row.id);
  }
}

/** Gives an open verification to a new queue entry, in the caller's transaction. */
export async function giveToNewEntry(tx: Transaction, verificationId: number): Promise<void> {
  const entryId = await insertVerificationEntry(tx, { verificationId });
  await tx.$executeRaw`UPDATE job_verification SET entry_id = ${entryId}::uuid WHERE id = ${verificationId}`;
}

/**
 * "Verify again": compares the job with its logstore once more, as long after its end as anybody likes, deleted jobs too. One
 * that is waiting or running already is the answer to a second request. Written to the audit; safe to repeat.
 *
 * @throws DomainError DeliveryHistoryJobNotFound, IncorrectDeliveryHistoryJobStatus (job-running)
 */
export async function requestHistoryJobVerification(
  scope: AccountScope,
  { jobId }: { readonly jobId: number },
): Promise<{ jobId: number }> {
  const details = { jobId };
  const refused = await prisma().$transaction(async (tx) => {
    const [job] = await tx.$queryRaw<{ status: number; home_region: string }[]>`
        SELECT status, home_region FROM delivery_history_job
        WHERE id = ${jobId} AND account_id = ${scope.accountId} FOR UPDATE`;
    if (job === undefined) {
      return { error: new DomainError("DeliveryHistoryJobNotFound", { jobId }) };
    }
    const resource = historyJobArn(job.home_region, scope.accountId, jobId);
    if (job.status < 2) {
      return { error: new DomainError("IncorrectDeliveryHistoryJobStatus", { jobId, why: "job-running" }), resource };
    }
    await requestVerification(tx, jobId, scope.actor.name);
    await writeAuditEntry(tx, scope, { resource, details });
    return null;
  }, TRANSACTION_OPTIONS);
  if (refused !== null) {
    const { error, resource } = refused;
    throw await auditRefusal(scope, error, { details, ...(resource === undefined ? {} : { resource }) });
  }
  return { jobId };
}

/**
 * Gives every verification that is open, and whose queue entry no longer lives, to a new entry: what no handler lives to do, this
 * does. Run every 10 s by each worker.
 */
export async function sweepVerifications(): Promise<void> {
  await prisma().$transaction(async (tx) => {
    const open = await tx.$queryRaw<{ id: number; entry_id: string | null }[]>`
      SELECT id, entry_id::text FROM job_verification WHERE state IN ('waiting', 'running') FOR UPDATE SKIP LOCKED`;
    const live = await findLiveEntries(
      tx,
      open.flatMap(({ entry_id }) => entry_id ?? []),
    );
    for (const { id, entry_id } of open) {
      if (entry_id === null || !live.has(entry_id)) {
        await giveToNewEntry(tx, id);
        log.warn({ verificationId: id }, "a verification that nobody worked on was taken up");
      }
    }
  }, TRANSACTION_OPTIONS);
}

/** The newest verification of a job; null when there was none. */
export async function findLatestVerification(jobId: number, slicesTotal: number): Promise<JobVerificationDto | null> {
  const row = await prisma().jobVerification.findFirst({
    where: { jobId },
    orderBy: { id: "desc" },
    include: { slices: true },
  });
  return row && toJobVerificationDto(row, slicesTotal);
}
