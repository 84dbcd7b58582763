import { Client } from "pg";
import { expect, onTestFinished } from "vitest";
import { createHistoryJobInputSchema } from "@/domain/history-job/schema.ts";
import { pool } from "@/server/db.ts";
import { createHistoryJob } from "@/server/history-job/commands.ts";
import { type GeneratedHistory, generateHistory } from "@/testing/generated-history.ts";
import { addTrail, createHistoryAccount, type HistoryAccount } from "@/testing/history-account.ts";
import { startProduct } from "@/testing/product-process.ts";
import { waitUntil } from "@/testing/wait-until.ts";
import type { JobAtSink, OwnSink } from "./own-sink.ts";

const TRAIL = "timed-trail";

/** Longer than any of these jobs takes on a machine that is busy otherwise. */
export const JOB_TIMEOUT_MS = 300_000;

/** An account with a generated history, whose trail delivers to the sink. */
export async function createTimedAccount(sink: OwnSink, history: GeneratedHistory): Promise<HistoryAccount> {
  const account = await createHistoryAccount(sink.endpoint);
  await addTrail(account, { name: TRAIL });
  await generateHistory(account, history);
  return account;
}

/**
 * Does now what PostgreSQL would do with new rows in the background: what is measured is how jobs share a machine, and not with that.
 * By the tables' owner, who alone may.
 */
export async function settleHistory(): Promise<void> {
  const owner = new Client({ connectionString: process.env.MIGRATION_DATABASE_URL ?? "" });
  await owner.connect();
  try {
    await owner.query("VACUUM (ANALYZE) event");
    await owner.query("CHECKPOINT").catch(() => undefined);
  } finally {
    await owner.end();
  }
}

export async function startTimedJob(account: HistoryAccount): Promise<number> {
  const scope = account.scope("actiontrail:CreateDeliveryHistoryJob");
  return (await createHistoryJob(scope, createHistoryJobInputSchema.parse({ trailName: TRAIL }))).jobId;
}

/** From its creation to its end, by the database's clock. Fails the test when a job ends otherwise than complete. */
export type TimedJob = { readonly jobId: number; readonly ms: number };

/** Waits for the ends of jobs, all with one look at a time. In the order of the ids. */
export async function timeJobs(jobIds: readonly number[], timeoutMs: number): Promise<TimedJob[]> {
  const rows = await waitUntil(`jobs ${jobIds} have ended`, timeoutMs, async () => {
    const ended = await pool().query<{ id: number; phase: string; ms: number }>({
      name: "ended-jobs",
      text: `SELECT id, phase, (extract(epoch FROM ended_at - created_at) * 1000)::float8 AS ms
        FROM delivery_history_job WHERE id = ANY ($1) AND ended_at IS NOT NULL`,
      values: [jobIds],
    });
    return ended.rows.length === jobIds.length && ended.rows;
  });
  return jobIds.map((jobId) => {
    const row = rows.find(({ id }) => id === jobId);
    if (row?.phase !== "complete") {
      throw new Error(`job ${jobId} ended ${row?.phase}`);
    }
    return { jobId, ms: row.ms };
  });
}

/** Starts a job and waits for its end. */
export async function timeJob(account: HistoryAccount): Promise<TimedJob> {
  const [job] = await timeJobs([await startTimedJob(account)], JOB_TIMEOUT_MS);
  if (job === undefined) {
    throw new Error("one job was to be timed");
  }
  return job;
}

/** The product's worker processes, until the test has ended. */
export async function startWorkers(count: number): Promise<void> {
  const workers = await Promise.all(Array.from({ length: count }, () => startProduct("worker/main.ts")));
  onTestFinished(() => Promise.all(workers.map((worker) => worker.stop())).then(() => undefined));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Every job has delivered what it expected, once, and its count and checksum are the sink's own. */
export async function expectAllDelivered(sink: OwnSink, jobIds: readonly number[]): Promise<void> {
  const { faults, jobs } = await sink.summarize();
  expect(faults).toEqual([]);
  expect(jobs.toSorted((one, other) => one.jobId - other.jobId)).toEqual(
    await Promise.all(jobIds.toSorted((one, other) => one - other).map(reportedOf)),
  );
}

/** What a job expects, and the sum of its slices' checksums. */
async function reportedOf(jobId: number): Promise<JobAtSink> {
  const { rows } = await pool().query<{ expected: number; checksum: Buffer }>(
    "SELECT expected, checksum FROM delivery_slice WHERE job_id = $1",
    [jobId],
  );
  const sum = rows.reduce((total, { checksum }) => total + BigInt(`0x${checksum.toString("hex")}`), 0n);
  return {
    jobId,
    logs: rows.reduce((total, { expected }) => total + expected, 0),
    checksum: BigInt.asUintN(256, sum).toString(16).padStart(64, "0"),
  };
}
