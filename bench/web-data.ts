import { pool } from "@/server/db.ts";
import { generateHistory } from "@/testing/generated-history.ts";
import { addTrail, createBuiltInAccount, type HistoryAccount } from "@/testing/history-account.ts";

export const TRAIL = "bench-trail";
const ENDED_JOBS = 10_000;
const REGIONS = 26;
const DAYS = 91;

/** Of the list of jobs, with the one that runs. */
export const JOBS = ENDED_JOBS + 1;

/** Of the running job's grid. */
export const CELLS = REGIONS * DAYS;

const EVENTS = 200_000;

export type WebData = {
  /** Its slot is taken. */
  readonly busy: HistoryAccount;
  /** Its slot is free, and it has history. */
  readonly free: HistoryAccount;
  /** A job that delivers, with a slice for each of 26 regions and 91 days in every state that there is. */
  readonly jobId: number;
};

/**
 * Two accounts whose lists are as long as the console promises to bear. Jobs are written straight into the tables, because nothing
 * of them has to be delivered.
 */
export async function createWebData(): Promise<WebData> {
  const free = await createBuiltInAccount();
  await addTrail(free, { name: TRAIL, logstore: true });
  await generateHistory(free, { events: EVENTS, days: 88, regions: ["cn-hangzhou", "cn-shanghai", "eu-central-1"] });
  const busy = await createBuiltInAccount();
  await addTrail(busy, { name: TRAIL, logstore: true, startLoggingTime: new Date(Date.now() - 40 * 86_400_000) });
  const columns = `account_id, trail_name, home_region, trail_region, event_rw, project_region, project_name, logstore_name, window_from,
    window_to, arrival_max, request, created_by, status, phase, expected, created_at, started_at, updated_at`;
  const values = `$1, $2, 'cn-hangzhou', 'All', 'All', 'cn-hangzhou', 'history-test', 'actiontrail_bench-trail',
    date_trunc('day', now()) - interval '90 days', date_trunc('day', now()) + interval '1 day', 0, '{"trailName": "bench-trail", "window": {"kind": "default"}}', 'bench'`;
  await pool().query(
    `INSERT INTO delivery_history_job (${columns}, delivered, new_at_sink, present_at_sink, undeliverable, gap, bytes, ended_at)
     SELECT ${values}, CASE WHEN n % 10 = 0 THEN 3 ELSE 2 END, CASE WHEN n % 10 = 0 THEN 'incomplete' ELSE 'complete' END, 1000 + n, at, at,
       at, 1000 + n - CASE WHEN n % 10 = 0 THEN 7 ELSE 0 END, 1000 + n - CASE WHEN n % 10 = 0 THEN 7 ELSE 0 END, 0,
       CASE WHEN n % 10 = 0 THEN 7 ELSE 0 END, 0, 1000000, at + interval '9 seconds'
     FROM generate_series(1, $3::int) AS n, LATERAL (SELECT now() - ($3::int - n) * interval '10 minutes' AS at) AS times`,
    [busy.accountId, TRAIL, ENDED_JOBS],
  );
  const { rows } = await pool().query<{ id: number }>(
    `INSERT INTO delivery_history_job (${columns})
     SELECT ${values}, 1, 'delivering', $3::int, now() - interval '1 minute', now() - interval '1 minute', now() RETURNING id`,
    [busy.accountId, TRAIL, CELLS * 400],
  );
  const jobId = rows[0]?.id ?? 0;
  await pool().query(
    `INSERT INTO delivery_slice (job_id, region, day, expected, delivered, new_at_sink, undeliverable, gap, bytes, batches, checksum, attempt, state)
     SELECT $1, 'region-' || lpad(r::text, 2, '0'), current_date - d, 400,
       CASE kind WHEN 0 THEN 0 WHEN 1 THEN 200 WHEN 2 THEN 390 WHEN 3 THEN 100 ELSE 400 END,
       CASE kind WHEN 0 THEN 0 WHEN 1 THEN 200 WHEN 2 THEN 390 WHEN 3 THEN 100 ELSE 400 END,
       CASE kind WHEN 2 THEN 10 ELSE 0 END, 0, 400000, 1, decode(repeat('00', 32), 'hex'), 1,
       CASE kind WHEN 0 THEN 'waiting' WHEN 1 THEN 'delivering' WHEN 2 THEN 'incomplete' WHEN 3 THEN 'failed' ELSE 'complete' END
     FROM generate_series(1, $2::int) AS r, generate_series(0, $3::int - 1) AS d, LATERAL (SELECT (r * 7 + d) % 9 AS kind) AS kinds`,
    [jobId, REGIONS, DAYS],
  );
  await pool().query("ANALYZE delivery_history_job; ANALYZE delivery_slice; ANALYZE event");
  return { busy, free, jobId };
}

/** One slice's next batch, so that an answer about the job is another one. */
export async function moveOn(jobId: number): Promise<void> {
  await pool().query(
    `UPDATE delivery_slice SET delivered = delivered + 1, new_at_sink = new_at_sink + 1, acknowledged_at = now()
     WHERE (job_id, day, region) = (SELECT job_id, day, region FROM delivery_slice
       WHERE job_id = $1 AND state = 'delivering' AND delivered < expected ORDER BY day, region LIMIT 1)`,
    [jobId],
  );
}
