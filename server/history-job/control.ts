import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import {
  type ControlDecision,
  type ControlFacts,
  decideCancel,
  decideDelete,
  decideLimit,
  decidePause,
  decideResume,
  decideRetry,
  type RetryFacts,
} from "@/domain/history-job/control.ts";
import { historyJobArn, type JobPhase, type Ledger } from "@/domain/history-job/history-job.ts";
import type { JobInput, LimitHistoryJobInput } from "@/domain/history-job/schema.ts";
import { auditRefusal, writeAuditEntry } from "@/server/access/audit.ts";
import { prisma, type Transaction } from "@/server/db.ts";
import { isUniqueViolation } from "@/server/unique-violation.ts";
import { beginEarlyEnd } from "./job-end.ts";
import { recordTurnSample } from "./samples.ts";
import { settleJob } from "./settle.ts";

// The commands that change a job's course. Each locks the job's row, decides, changes the row and settles the job, all in one
// transaction with its audit entry, so that no state is ever seen in which the job is to go on and nothing is there to do it.

/** Who loses the race for the slot looks again, and then finds who holds it; three losses in a row mean a flood. */
const TRIES_MAX = 3;

/** As in settle.ts: it reads what was written by those it waited for, and leaves time to wait for the job's row. */
const TRANSACTION_OPTIONS = { isolationLevel: "ReadCommitted", maxWait: 30_000, timeout: 30_000 } as const;

type LockedJob = ControlFacts & {
  readonly homeRegion: string;
  readonly projectRegion: string;
  readonly projectName: string;
};

type AuditDetails = Readonly<Record<string, number | null>>;

/**
 * Holds a job between batches: what is on the wire is still acknowledged and saved. It keeps the account's slot, and after 24
 * hours it is cancelled. Safe to repeat.
 * @throws DomainError DeliveryHistoryJobNotFound, IncorrectDeliveryHistoryJobStatus
 */
export function pauseHistoryJob(scope: AccountScope, { jobId }: JobInput): Promise<{ jobId: number }> {
  return control(scope, jobId, {}, async (tx, job) => {
    const decision = decidePause(job);
    if (decision.kind === "go") {
      await tx.$executeRaw`
        UPDATE delivery_history_job SET phase = 'paused', status = 1, paused_at = now(), updated_at = now()
        WHERE id = ${jobId}`;
      await recordTurnSample(tx, jobId, { isPause: true });
    }
    return decision;
  });
}

/**
 * Lets a paused job go on where it stands; one that no worker had begun is queued again. Safe to repeat.
 * @throws DomainError DeliveryHistoryJobNotFound, IncorrectDeliveryHistoryJobStatus
 */
export function resumeHistoryJob(scope: AccountScope, { jobId }: JobInput): Promise<{ jobId: number }> {
  return control(scope, jobId, {}, async (tx, job) => {
    const decision = decideResume(job);
    if (decision.kind === "go") {
      await tx.$executeRaw`
        UPDATE delivery_history_job
        SET phase = CASE WHEN started_at IS NULL THEN 'queued' ELSE 'delivering' END,
          status = CASE WHEN started_at IS NULL THEN 0 ELSE 1 END, paused_at = NULL, updated_at = now()
        WHERE id = ${jobId}`;
      await recordTurnSample(tx, jobId, { isPause: false });
    }
    return decision;
  });
}

/**
 * Ends a job early, for good: at once when no worker holds a slice of it, otherwise when the last has left it. Safe to repeat,
 * also after the end.
 * @throws DomainError DeliveryHistoryJobNotFound, IncorrectDeliveryHistoryJobStatus
 */
export function cancelHistoryJob(scope: AccountScope, { jobId }: JobInput): Promise<{ jobId: number }> {
  return control(scope, jobId, {}, async (tx, job) => {
    const decision = decideCancel(job);
    if (decision.kind === "go") {
      await beginEarlyEnd(tx, jobId, { endsAs: "cancelled", cancelledBy: scope.actor.name, failure: null });
    }
    return decision;
  });
}

/**
 * Deletes a job, in any phase and without waiting: from now on it is not there for clients of the API. A running one is
 * cancelled, and its slot is free when its last claim has ended. Report and token stay.
 * @throws DomainError DeliveryHistoryJobNotFound, also when it was deleted before
 */
export function deleteHistoryJob(scope: AccountScope, { jobId }: JobInput): Promise<{ jobId: number }> {
  return control(scope, jobId, {}, async (tx, job) => {
    const decision = decideDelete(job);
    if (decision.kind === "go") {
      await tx.$executeRaw`
        UPDATE delivery_history_job SET deleted_at = now(), updated_at = now() WHERE id = ${jobId}`;
      await beginEarlyEnd(tx, jobId, { endsAs: "cancelled", cancelledBy: scope.actor.name, failure: null });
    }
    return decision;
  });
}

/**
 * Sets a ceiling on a job's speed, or takes it away. It holds from the next batch on, and a job that waits under the old one
 * waits no longer. Safe to repeat.
 * @throws DomainError DeliveryHistoryJobNotFound, IncorrectDeliveryHistoryJobStatus
 */
export function limitHistoryJob(
  scope: AccountScope,
  { jobId, eventsPerSecondMax }: LimitHistoryJobInput,
): Promise<{ jobId: number }> {
  return control(scope, jobId, { eventsPerSecondMax }, async (tx, job) => {
    const decision = decideLimit(job);
    if (decision.kind === "go") {
      await tx.$executeRaw`
        UPDATE delivery_history_job
        SET events_per_second_max = ${eventsPerSecondMax}, paced_until = NULL, updated_at = now()
        WHERE id = ${jobId}`;
    }
    return decision;
  });
}

/**
 * Takes up again what remains of an incomplete or failed job: behind each cursor first, then each event that was refused. It
 * needs the account's slot, but not the trail: filter and destination are the job's own. One running job per account holds by
 * the unique index; who loses a race on it is told which job won.
 * @throws DomainError DeliveryHistoryJobNotFound, IncorrectDeliveryHistoryJobStatus, TrailNotValid (no-log-project),
 *   MaximumNumberOfDeliveryHistoryJobsExceededException, ServiceUnavailable
 */
export async function retryHistoryJob(scope: AccountScope, { jobId }: JobInput): Promise<{ jobId: number }> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    try {
      return await control(scope, jobId, {}, async (tx, job) => {
        const decision = decideRetry(job, await readRetryFacts(tx, scope, job));
        if (decision.kind === "go") {
          await beginRun(tx, jobId);
        }
        return decision;
      });
    } catch (error) {
      if (!isUniqueViolation(error, ["delivery_history_job_slot_key"])) {
        throw error;
      }
    }
  }
  throw await auditRefusal(scope, new DomainError("ServiceUnavailable"), { details: { jobId } });
}

async function readRetryFacts(tx: Transaction, { accountId }: AccountScope, job: LockedJob): Promise<RetryFacts> {
  const slices = await tx.$queryRaw<Ledger[]>`
    SELECT expected::float8 AS expected, delivered::float8 AS delivered, undeliverable::float8 AS undeliverable, gap::float8 AS gap
    FROM delivery_slice WHERE job_id = ${job.id}`;
  const projects = await tx.logProject.count({
    where: { accountId, region: job.projectRegion, name: job.projectName },
  });
  const slotJob = await tx.deliveryHistoryJob.findFirst({
    where: { accountId, status: { in: [0, 1] } },
    select: { id: true },
  });
  return { slices, hasLogProject: projects > 0, slotJobId: slotJob?.id ?? null };
}

/**
 * The next run of a job: slices that were not read to their end go on behind their cursors, those with refused events are
 * opened once more. Cursors, counts and checksums stay as they are. Raising `attempt` fences any worker of an earlier run.
 */
async function beginRun(tx: Transaction, jobId: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE delivery_history_job
    SET run = run + 1, phase = 'queued', status = 0, started_at = NULL, ended_at = NULL, updated_at = now(),
      failure_code = NULL, failure_message = NULL, paced_until = NULL, delivered_before = coalesce(delivered, 0),
      delivered = NULL, new_at_sink = NULL, present_at_sink = NULL, undeliverable = NULL, gap = NULL, bytes = NULL
    WHERE id = ${jobId}`;
  await tx.$executeRaw`
    UPDATE delivery_slice
    SET state = 'waiting', attempt = attempt + 1, entry_id = NULL, ended_at = NULL, failure_code = NULL, failure_message = NULL
    WHERE job_id = ${jobId} AND (state IN ('failed', 'stopped') OR undeliverable > 0)`;
}

/**
 * What all commands of this file have in common: the lock, the audit, the settling. `change` decides and, on "go", changes the
 * job's row. Locks are taken in the order of settle.ts, the job before its slices.
 */
async function control(
  scope: AccountScope,
  jobId: number,
  intention: AuditDetails,
  change: (tx: Transaction, job: LockedJob) => Promise<ControlDecision>,
): Promise<{ jobId: number }> {
  const { accountId } = scope;
  const details = { jobId, ...intention };
  const refused = await prisma().$transaction(async (tx) => {
    const job = await lockJob(tx, accountId, jobId);
    if (job === null) {
      return { error: new DomainError("DeliveryHistoryJobNotFound", { jobId }) };
    }
    const resource = historyJobArn(job.homeRegion, accountId, jobId);
    const decision = await change(tx, job);
    if (decision.kind === "refuse") {
      return { error: new DomainError(decision.code, decision.details), resource };
    }
    if (decision.kind === "go") {
      await settleJob(tx, jobId);
    }
    await writeAuditEntry(tx, scope, {
      resource,
      details: decision.kind === "done" ? { ...details, repeated: true } : details,
    });
    return null;
  }, TRANSACTION_OPTIONS);
  if (refused !== null) {
    const { error, resource } = refused;
    throw await auditRefusal(scope, error, { details, ...(resource === undefined ? {} : { resource }) });
  }
  return { jobId };
}

type JobRow = {
  id: number;
  phase: JobPhase;
  ends_as: "failed" | "cancelled" | null;
  is_deleted: boolean;
  home_region: string;
  project_region: string;
  project_name: string;
};

async function lockJob(tx: Transaction, accountId: string, jobId: number): Promise<LockedJob | null> {
  const [row] = await tx.$queryRaw<JobRow[]>`
    SELECT id, phase, ends_as, deleted_at IS NOT NULL AS is_deleted, home_region, project_region, project_name
    FROM delivery_history_job WHERE id = ${jobId} AND account_id = ${accountId} FOR UPDATE`;
  return row === undefined
    ? null
    : {
        id: row.id,
        phase: row.phase,
        endsAs: row.ends_as,
        isDeleted: row.is_deleted,
        homeRegion: row.home_region,
        projectRegion: row.project_region,
        projectName: row.project_name,
      };
}
