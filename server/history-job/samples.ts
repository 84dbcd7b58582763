import "server-only";
import type { AccountScope } from "@/domain/access/scope.ts";
import { DomainError } from "@/domain/errors.ts";
import type { JobRateDto } from "@/domain/history-job/schema.ts";
import { pool, type Transaction } from "@/server/db.ts";

/** Length of a slot in which a job has one sample: as long as a sweep's interval, so that any number of workers adds no more. */
const SLOT_SECONDS = 10;

/** The slot of a run's start, which is before any other of it. */
const START_SLOT = -1;

/** More points than a screen has room for cannot be told apart; fewer would hide a short outage of a long job. */
const SAMPLES_MAX = 500;

/**
 * Notes how far each job is that has begun and is not paused. At most one row for each job and ten seconds, whoever
 * calls. It reads the slices and writes to a table of its own: no row that progress needs is touched. Safe to repeat.
 */
export async function recordSamples(): Promise<void> {
  await pool().query(
    `INSERT INTO job_sample (job_id, run, slot, at, delivered)
     SELECT j.id, j.run, floor(extract(epoch FROM now()) / $1), now(), coalesce(sum(s.delivered), 0)
     FROM delivery_history_job j JOIN delivery_slice s ON s.job_id = j.id
     WHERE j.status IN (0, 1) AND j.started_at IS NOT NULL AND j.phase <> 'paused' AND NOT EXISTS (
       SELECT FROM job_sample WHERE job_id = j.id AND run = j.run AND slot = floor(extract(epoch FROM now()) / $1)
     )
     GROUP BY j.id
     ON CONFLICT DO NOTHING`,
    [SLOT_SECONDS],
  );
}

/** Notes how far a job is at the moment when it is paused or resumed. Nothing is noted of one that has not begun. */
export async function recordTurnSample(
  tx: Transaction,
  jobId: number,
  { isPause }: { readonly isPause: boolean },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO job_sample (job_id, run, slot, at, delivered, is_pause)
    SELECT j.id, j.run, floor(extract(epoch FROM clock_timestamp()) / ${SLOT_SECONDS}::int), clock_timestamp(),
      (SELECT coalesce(sum(delivered), 0) FROM delivery_slice WHERE job_id = j.id), ${isPause}
    FROM delivery_history_job j WHERE j.id = ${jobId} AND j.started_at IS NOT NULL
    ON CONFLICT (job_id, run, slot) DO UPDATE
    SET at = excluded.at, delivered = excluded.delivered, is_pause = excluded.is_pause`;
}

/** Keeps where the run of a job that has just ended began and ended, because the next run overwrites that in the job's row. */
export async function recordEndSample(tx: Transaction, jobId: number): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO job_sample (job_id, run, slot, at, delivered)
    SELECT id, run, ${START_SLOT}::int, started_at, delivered_before
    FROM delivery_history_job WHERE id = ${jobId} AND started_at IS NOT NULL
    ON CONFLICT DO NOTHING`;
  await recordTurnSample(tx, jobId, { isPause: false });
}

type SampleRow = { run: number; at: Date; delivered: number; is_pause: boolean };

type JobRow = {
  run: number;
  started_at: Date | null;
  ended_at: Date | null;
  delivered_before: number;
  delivered: number;
  is_paused: boolean;
  now: Date;
};

/**
 * How far each run of a job was over its time, at SAMPLES_MAX moments or few more however long it ran: of moments that lie
 * closer the last is kept, and of each pause its beginning. A running job's last moment is now.
 * @throws DomainError DeliveryHistoryJobNotFound, also for another account's
 */
export async function getJobRate(scope: AccountScope, jobId: number): Promise<JobRateDto> {
  const [job, samples] = await Promise.all([findJob(scope, jobId), listSamples(jobId)]);
  if (job === undefined) {
    throw new DomainError("DeliveryHistoryJobNotFound", { jobId });
  }
  const run = samples.filter((sample) => sample.run === job.run);
  // A run that ended before samples were taken still has its two ends.
  const ends: SampleRow[] = [
    ...endOf(job, job.started_at, job.delivered_before, run.at(0)?.at),
    ...endOf(job, job.ended_at ?? (job.is_paused ? null : job.now), job.delivered, run.at(-1)?.at, true),
  ];
  const all = [...samples, ...ends].toSorted((a, b) => a.run - b.run || a.at.getTime() - b.at.getTime());
  return {
    now: job.now.toISOString(),
    samples: all.map(({ run, at, delivered, is_pause: isPause }) => ({
      run,
      at: at.toISOString(),
      delivered,
      isPause,
    })),
  };
}

/** An end of the present run, unless a sample at or beyond it is known. */
function endOf(
  { run, started_at }: JobRow,
  at: Date | null,
  delivered: number,
  known: Date | undefined,
  isLast = false,
): SampleRow[] {
  const isKnown = at !== null && known !== undefined && (isLast ? known >= at : known <= at);
  return started_at === null || at === null || isKnown ? [] : [{ run, at, delivered, is_pause: false }];
}

async function findJob(scope: AccountScope, jobId: number): Promise<JobRow | undefined> {
  const { rows } = await pool().query<JobRow>(
    `SELECT run, started_at, ended_at, delivered_before::float8 AS delivered_before, phase = 'paused' AS is_paused, now() AS now,
       coalesce(delivered, (SELECT sum(delivered) FROM delivery_slice WHERE job_id = $2), 0)::float8 AS delivered
     FROM delivery_history_job WHERE account_id = $1 AND id = $2`,
    [scope.accountId, jobId],
  );
  return rows[0];
}

async function listSamples(jobId: number): Promise<SampleRow[]> {
  const { rows } = await pool().query<SampleRow>(
    `WITH width AS (
       SELECT greatest($2, extract(epoch FROM max(at) - min(at)) / $3) AS seconds FROM job_sample WHERE job_id = $1
     ), thinned AS (
       SELECT DISTINCT ON (run, slot = $4, is_pause, floor(extract(epoch FROM at) / seconds))
         run, at, delivered::float8 AS delivered, is_pause
       FROM job_sample, width WHERE job_id = $1
       ORDER BY run, slot = $4, is_pause, floor(extract(epoch FROM at) / seconds), at DESC
     )
     SELECT run, at, delivered, is_pause FROM thinned ORDER BY run, at`,
    [jobId, SLOT_SECONDS, SAMPLES_MAX, START_SLOT],
  );
  return rows;
}
