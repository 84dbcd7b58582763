import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { pool } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import type { HistoryAccount } from "./history-account.ts";
import { eventText, recordTexts } from "./history-account.ts";
import { waitUntil } from "./wait-until.ts";

const DAY_MS = 86_400_000;

/** A job, and the texts it has to deliver as they were in history when it was created. */
export type WatchedJob = {
  readonly account: HistoryAccount;
  readonly jobId: number;
  readonly logstoreName: string;
  readonly expected: readonly string[];
};

export type HistoryShape = {
  readonly days: number;
  /** The last day of them lies so many days back; by default yesterday. */
  readonly lastDaysAgo?: number;
  readonly regions?: readonly string[];
  readonly eventsPerSlice: number;
};

/** Records so many events in each of the last days' slices, yesterday's first, apart by a second each. */
export async function recordHistory(account: HistoryAccount, shape: HistoryShape): Promise<string[]> {
  const { days, lastDaysAgo = 1, regions = ["cn-hangzhou"], eventsPerSlice } = shape;
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const texts = Array.from({ length: days }, (_, day) => today - (day + lastDaysAgo) * DAY_MS).flatMap((start) =>
    regions.flatMap((region) =>
      Array.from({ length: eventsPerSlice }, (_, index) =>
        eventText({ region, eventTime: new Date(start + index * 1_000) }),
      ),
    ),
  );
  await recordTexts(account, texts);
  return texts;
}

/** Starts a job over the whole history for a trail of the account. */
export async function startWatchedJob(
  account: HistoryAccount,
  trailName: string,
  clientToken?: string,
): Promise<WatchedJob> {
  const scope = account.scope("actiontrail:CreateDeliveryHistoryJob");
  const { jobId } = await createHistoryJob(scope, createHistoryJobInputSchema.parse({ trailName, clientToken }));
  const { rows } = await pool().query<{ body: string }>(
    `SELECT e.body FROM delivery_history_job j JOIN event e ON e.account_id = j.account_id
     WHERE j.id = $1 AND e.event_time >= j.window_from AND e.event_time < j.window_to AND e.arrival <= j.arrival_max
       AND (j.trail_region = 'All' OR e.region = ANY (string_to_array(j.trail_region, ',')))
       AND (j.event_rw = 'All' OR e.event_rw = j.event_rw)`,
    [jobId],
  );
  return { account, jobId, logstoreName: `actiontrail_${trailName}`, expected: rows.map((row) => row.body) };
}

/** Waits until a job has ended, whatever as. @returns its phase */
export function waitForJob(jobId: number, timeoutMs: number): Promise<string> {
  return waitUntil(`job ${jobId} has ended`, timeoutMs, async () => {
    const { rows } = await pool().query<{ phase: string; ended_at: Date | null }>(
      "SELECT phase, ended_at FROM delivery_history_job WHERE id = $1",
      [jobId],
    );
    return rows[0]?.ended_at ? rows[0].phase : null;
  });
}

/** Waits until all of these jobs have ended, with one look at all of them at a time. */
export async function waitForJobs(jobs: readonly WatchedJob[], timeoutMs: number): Promise<void> {
  await waitUntil(`${jobs.length} jobs have ended`, timeoutMs, async () => {
    return (await findEnded(jobs.map(({ jobId }) => jobId))).size === jobs.length;
  });
}

/** Of these jobs, the ones that have ended. */
export async function findEnded(jobIds: readonly number[]): Promise<Set<number>> {
  const { rows } = await pool().query<{ id: number }>(
    "SELECT id FROM delivery_history_job WHERE id = ANY ($1) AND ended_at IS NOT NULL",
    [jobIds],
  );
  return new Set(rows.map((row) => row.id));
}
