import { LIVE_ENTRIES_MAX, lengthOfNextRun } from "@/domain/history-job/rules.ts";
import { pool } from "@/server/db.ts";
import type { WatchedJob } from "@/testing/watched-job.ts";

/**
 * Batches of one entry on the wire, or acknowledged and not yet saved: an entry is worked on slice by slice, a slice two batches at a
 * time (pipeline.ts). As many may reach the sink once more when their handler dies, or loses the database.
 */
const PER_ENTRY = 2;

/** The same of a worker with all the entries that it may have at a time (queue.ts), for tests with as many jobs. */
export const BATCHES_IN_FLIGHT_PER_WORKER = PER_ENTRY * 12;

/** What a job may have in flight at a time, whoever works on it: as much for each of its entries. */
export async function batchesInFlightOf({ jobId, expected }: WatchedJob): Promise<number> {
  const { rows: slices } = await pool().query<{ expected: number }>(
    "SELECT expected::float8 AS expected FROM delivery_slice WHERE job_id = $1 ORDER BY day, region",
    [jobId],
  );
  let entries = 0;
  for (let left = slices; left.length > 0 && entries < LIVE_ENTRIES_MAX; entries++) {
    left = left.slice(lengthOfNextRun(left, expected.length));
  }
  return entries * PER_ENTRY;
}

/** How many claims there were on each job's slices. */
export async function readClaims(jobs: readonly WatchedJob[]): Promise<ReadonlyMap<number, number>> {
  const { rows } = await pool().query<{ job_id: number; claims: number }>(
    "SELECT job_id, sum(attempt)::int AS claims FROM delivery_slice WHERE job_id = ANY ($1) GROUP BY job_id",
    [jobs.map(({ jobId }) => jobId)],
  );
  return new Map(rows.map(({ job_id, claims }) => [job_id, claims]));
}

/**
 * What the only worker since `claimsBefore`, which does nothing more, may have in flight: the batches of the jobs that were claimed since
 * and have a slice in a worker's hands. Others have saved all that they sent.
 */
export async function batchesInFlightSince(
  jobs: readonly WatchedJob[],
  claimsBefore: ReadonlyMap<number, number>,
): Promise<number> {
  const claims = await readClaims(jobs);
  const { rows } = await pool().query<{ job_id: number }>(
    "SELECT DISTINCT job_id FROM delivery_slice WHERE job_id = ANY ($1) AND state = 'delivering'",
    [jobs.map(({ jobId }) => jobId)],
  );
  const held = new Set(rows.map(({ job_id }) => job_id));
  const isClaimed = ({ jobId }: WatchedJob) => (claims.get(jobId) ?? 0) > (claimsBefore.get(jobId) ?? 0);
  const batches = await Promise.all(jobs.filter((job) => held.has(job.jobId) && isClaimed(job)).map(batchesInFlightOf));
  return batches.reduce((total, count) => total + count, 0);
}
