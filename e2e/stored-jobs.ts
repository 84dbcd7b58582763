import { pool } from "@/server/db.ts";

/**
 * Ended jobs as if they had been run long ago, an hour apart: every 10th failed, of two trails, by two people, with up to 99
 * events each.
 */
export async function storeEndedJobs(accountId: string, count: number): Promise<void> {
  await pool().query(
    `INSERT INTO delivery_history_job (account_id, trail_name, home_region, trail_region, event_rw, project_region, project_name,
       logstore_name, window_from, window_to, arrival_max, request, created_by, status, phase, expected, delivered, new_at_sink,
       present_at_sink, undeliverable, gap, bytes, created_at, started_at, ended_at)
     SELECT $1, CASE WHEN n % 4 = 0 THEN 'old-trail' ELSE 'all-regions' END, 'cn-hangzhou', 'All', 'All', 'cn-hangzhou',
       'history-test', 'actiontrail_all-regions', '2026-01-01', '2026-01-02', 0,
       '{"trailName": "all-regions", "window": {"kind": "default"}}',
       CASE WHEN n % 2 = 0 THEN 'ann@example.com' ELSE 'bob@example.com' END,
       CASE WHEN n % 10 = 0 THEN 3 ELSE 2 END, CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'complete' END,
       n % 100, n % 100, n % 100, 0, 0, 0, 0, at, at, at
     FROM generate_series(1, $2::int) AS n, LATERAL (SELECT now() - ($2 - n + 1) * interval '1 hour' AS at) times`,
    [accountId, count],
  );
}

/** An ended job of as many regions and days as there are at most, in every state that a slice ends in. Answers with its id. */
export async function storeWideJob(accountId: string): Promise<number> {
  const { rows } = await pool().query<{ id: number }>(
    `WITH job AS (
       INSERT INTO delivery_history_job (account_id, trail_name, home_region, trail_region, event_rw, project_region, project_name,
         logstore_name, window_from, window_to, arrival_max, request, created_by, status, phase, expected, delivered,
         new_at_sink, present_at_sink, undeliverable, gap, bytes, created_at, started_at, ended_at)
       SELECT $1, 'all-regions', 'cn-hangzhou', 'All', 'All', 'cn-hangzhou', 'history-test', 'actiontrail_all-regions',
         date_trunc('day', now()) - interval '90 days', date_trunc('day', now()) + interval '1 day', 0,
         '{"trailName": "all-regions", "window": {"kind": "default"}}', 'ann@example.com', 3, 'failed', 236600, 0, 0, 0, 0, 0, 0,
         now() - interval '1 hour', now() - interval '1 hour', now()
       RETURNING id
     ), slices AS (
       INSERT INTO delivery_slice (job_id, region, day, expected, delivered, new_at_sink, gap, checksum, state, ended_at)
       SELECT job.id, 'region-' || to_char(region, 'FM00'), (now() AT TIME ZONE 'UTC')::date - day, 100,
         CASE state WHEN 'complete' THEN 100 WHEN 'incomplete' THEN 90 ELSE 0 END,
         CASE state WHEN 'complete' THEN 100 WHEN 'incomplete' THEN 90 ELSE 0 END,
         CASE state WHEN 'incomplete' THEN 10 ELSE 0 END, decode(repeat('00', 32), 'hex'), state, now()
       FROM job, generate_series(1, 26) AS region, generate_series(0, 90) AS day,
         LATERAL (SELECT (ARRAY['failed', 'incomplete', 'stopped', 'complete'])[least(4, 1 + (region * 7 + day) % 12)] AS state) states
     )
     SELECT id FROM job`,
    [accountId],
  );
  return rows[0]?.id ?? 0;
}

/** A paused job, which holds the account's slot. Answers with its id; rejects where another job holds the slot. */
export async function storePausedJob(accountId: string): Promise<number> {
  const { rows } = await pool().query<{ id: number }>(
    `WITH job AS (
       INSERT INTO delivery_history_job (account_id, trail_name, home_region, trail_region, event_rw, project_region, project_name,
         logstore_name, window_from, window_to, arrival_max, request, created_by, status, phase, expected, paused_at)
       VALUES ($1, 'all-regions', 'cn-hangzhou', 'All', 'All', 'cn-hangzhou', 'history-test', 'actiontrail_all-regions',
         '2026-01-01', '2026-01-02', 0, '{"trailName": "all-regions", "window": {"kind": "default"}}', 'ann@example.com', 1, 'paused',
         1, now())
       RETURNING id
     ), slices AS (
       INSERT INTO delivery_slice (job_id, region, day, expected, checksum)
       SELECT id, 'cn-hangzhou', '2026-01-01', 1, decode(repeat('00', 32), 'hex') FROM job
     )
     SELECT id FROM job`,
    [accountId],
  );
  return rows[0]?.id ?? 0;
}
